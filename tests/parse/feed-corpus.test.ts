import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ours } from '../../scripts/bench/feed-readers.js';
import { emptyTally, FIELDS, feedCases, scoreFeed } from '../../scripts/bench/feed-score.js';
import { corpusDir } from '../support/corpus.js';

const corpus = corpusDir();

describe.skipIf(corpus === null)(
  'parseFeed on the feed corpus (skipped where ../shared/corpus is absent)',
  () => {
    async function score(suites: (suite: string) => boolean) {
      const tally = emptyTally();
      for (const feed of feedCases(corpus ?? '').filter(({ suite }) => suites(suite))) {
        const bytes = readFileSync(join(corpus ?? '', 'feeds', feed.path));
        scoreFeed(tally, feed, await ours.read(bytes, feed.headers));
      }
      return tally;
    }

    it('agrees with an independent parser as far as the goals ask', async () => {
      const tally = await score(() => true);
      const share = (field: (typeof FIELDS)[number]) => tally.fields[field].right / tally.fields[field].of;
      expect(tally.files).toBe(1985);
      expect(tally.failed).toBe(0);
      expect(tally.countRight / tally.withEntries).toBeGreaterThanOrEqual(0.99);
      expect(share('link')).toBeGreaterThanOrEqual(0.97);
      expect(share('id')).toBeGreaterThanOrEqual(0.97);
      expect(share('title')).toBeGreaterThanOrEqual(0.96);
      expect(share('date')).toBeGreaterThanOrEqual(0.985);
    });

    it('agrees on every entry of the 51 real feeds', async () => {
      const tally = await score((suite) => suite === 'real');
      expect(tally).toMatchObject({ withEntries: 51, failed: 0, countRight: 51 });
      for (const field of FIELDS) expect(tally.fields[field].right).toBe(tally.fields[field].of);
    });
  },
);
