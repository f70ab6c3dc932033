import { expect, it } from 'vitest';
import { parseInTime } from '../../src/sync/parse-in-time.js';

it('hands on what a parser says, and says so where it does not come to an end', () => {
  expect(parseInTime(() => ({ kind: 'index', sitemaps: [] }))).toEqual({ kind: 'index', sitemaps: [] });
  const endless = (): never => {
    for (;;);
  };
  expect(parseInTime(endless, 50)).toEqual({ kind: 'no-feed', reason: 'took longer than 0.05 s to read' });
});
