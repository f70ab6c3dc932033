import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ours } from '../../scripts/bench/feed-readers.js';
import { emptyTally, FIELDS, feedCases, scoreFeed } from '../../scripts/bench/feed-score.js';
import { corpusDir } from '../support/corpus.js';

const corpus = corpusDir();

describe.skipIf(corpus === null)(
  'parseFeed on the feed corpus (skipped where ../shared/corpus is absent)',
  () => {
    const all = emptyTally();
    const real = emptyTally();

    beforeAll(async () => {
      for (const feed of feedCases(corpus ?? '')) {
        const readings = await ours.read(readFileSync(join(corpus ?? '', 'feeds', feed.path)), feed.headers);
        scoreFeed(all, feed, readings);
        if (feed.suite === 'real') scoreFeed(real, feed, readings);
      }
    });

    it('takes entries from every file that has any, the right number in 99 %', () => {
      expect(all.files).toBe(1985);
      expect(all.failed).toBe(0);
      expect(all.countRight / all.withEntries).toBeGreaterThanOrEqual(0.99);
    });

    it.each([
      ['link', 0.97],
      ['id', 0.97],
      ['title', 0.96],
      ['date', 0.985],
    ] as const)('agrees with an independent parser on the %s of %d of the entries', (field, goal) => {
      const { right, of } = all.fields[field];
      expect(right / of).toBeGreaterThanOrEqual(goal);
    });

    it('agrees on every entry of the 51 real feeds', () => {
      expect(real).toMatchObject({ withEntries: 51, failed: 0, countRight: 51 });
      for (const field of FIELDS) expect(real.fields[field].right).toBe(real.fields[field].of);
    });
  },
);
