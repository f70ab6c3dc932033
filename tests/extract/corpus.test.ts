import { expect, it } from 'vitest';
import { describeLong } from '../support/tools.js';
import { corpusPages } from './corpus-pages.js';
import { heldOut, metadataShares, scorePages, summarize } from './measure-extractor.js';
import { syntheticPages } from './synthetic-pages.js';

const aeb = corpusPages(['aeb']);
const fundus = corpusPages(['fundus']);
const invented = corpusPages(['synthetic-ru']);

/** Two minutes: beside other suites on two slow cores. */
const TIMEOUT_MS = 120_000;

describeLong(
  'extraction, on pages of domains the weights never saw',
  () => {
    it(
      'reaches F1 0.962 on the article extraction benchmark',
      () => {
        expect(summarize(scorePages(aeb ?? [], heldOut)).f1).toBeGreaterThanOrEqual(0.962);
      },
      TIMEOUT_MS,
    );

    it(
      'reaches token F1 0.960 on fundus, with at most one page in twenty below 0.8, and reads who and when',
      () => {
        const scored = scorePages(fundus ?? [], heldOut);
        const { meanF1, below } = summarize(scored);
        expect(meanF1).toBeGreaterThanOrEqual(0.96);
        expect(below).toBeLessThanOrEqual(0.05);
        const { title, titleWords, date, authors } = metadataShares(scored);
        // docs/extraction.md says why it is not the 0.95 of the goal.
        expect(title).toBeGreaterThanOrEqual(0.85);
        expect(titleWords).toBeGreaterThanOrEqual(0.9);
        expect(date).toBeGreaterThanOrEqual(0.95);
        expect(authors).toBeGreaterThanOrEqual(0.88);
      },
      TIMEOUT_MS,
    );

    it('gives an invented Russian outlet’s texts whole, and nothing of its frame', () => {
      for (const { page, text } of syntheticPages(invented ?? [])) {
        expect(text.split('\n')).toEqual(page.body.split('\n'));
        expect(page.mustNotContain.filter((phrase) => text.includes(phrase))).toEqual([]);
      }
    });
  },
  aeb === null ? 'the corpus is not here' : null,
);
