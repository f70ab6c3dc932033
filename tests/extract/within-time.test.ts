import { describe, expect, it } from 'vitest';
import { withinTime } from '../../src/extract/within-time.js';

describe('withinTime', () => {
  it('gives what the work gives', () => {
    expect(withinTime(() => 7)).toEqual({ kind: 'done', value: 7 });
  });

  it.each([
    [
      'a loop',
      () => {
        for (;;);
      },
    ],
    ['a pattern that tries for ever', () => /^(?:a+)+$/.test(`${'a'.repeat(60)}b`)],
    [
      'a sort',
      () =>
        Array.from({ length: 3 }, () => 1).sort(() => {
          for (;;);
        }),
    ],
  ])('ends %s that does not end, and says so', (_, work) => {
    expect(withinTime<unknown>(work, 100)).toEqual({
      kind: 'too-long',
      reason: 'took longer than 0.1 s to read',
    });
  });

  it('goes on with the next work after one that was ended, also within another', () => {
    const inner = withinTime(() => withinTime(() => 'inner'), 1_000);
    expect(inner).toEqual({ kind: 'done', value: { kind: 'done', value: 'inner' } });
  });

  it('lets an error through as it is', () => {
    expect(() =>
      withinTime(() => {
        throw new RangeError('odd');
      }),
    ).toThrow(RangeError);
  });
});
