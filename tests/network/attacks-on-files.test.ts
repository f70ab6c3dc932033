import { describe } from 'vitest';
import { addLines } from '../support/log-lines.js';
import type { TestDesk } from '../support/test-desk.js';
import { describeLong } from '../support/tools.js';
import { ON_A_DAY_BEHIND, ON_A_STRANGER, ON_ENTRIES, ON_FILES, ON_PACKS } from './attacks/on-files.js';
import { attacks } from './attacks/suffer.js';

/** A whole page of the log, and all of it texts, which are asked for; but only a few pages to render. */
const corrections = (desk: TestDesk): void => {
  for (let rev = 2; rev <= 256; rev += 1)
    desk.add('u', desk.articleBlob('a1', { rev, title: `The lamp, written down ${rev} times` }));
};

describeLong('what bad files get', () => {
  describe('from whoever knows what was before', () => {
    attacks(ON_FILES, { articles: 6, known: () => {}, fresh: 4 });
  });
  describe('from whoever comes for the first time', () => {
    attacks(ON_A_STRANGER, { articles: 3, known: null, fresh: 0 });
  });
  describe('from whoever reads a longer log', () => {
    attacks(ON_ENTRIES, { articles: 6, known: () => {}, fresh: 1, freshLines: 20 });
  });
  describe('from whoever takes texts by the pack', () => {
    attacks(ON_PACKS, { articles: 3, more: corrections, known: null, fresh: 0 });
  });
  describe('from whoever is a day behind', () => {
    attacks(ON_A_DAY_BEHIND, {
      articles: 3,
      more: (desk) => addLines(desk, 200),
      known: () => {},
      fresh: 1,
      freshLines: 100,
    });
  });
});
