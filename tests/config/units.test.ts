import { describe, expect, it } from 'vitest';
import { parseDurationMs, parseSizeBytes } from '../../src/config/units.js';

describe('units', () => {
  it.each([
    ['250ms', 250],
    ['15s', 15_000],
    ['10m', 600_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['0s', 0],
  ])('reads the duration %s', (text, ms) => expect(parseDurationMs(text)).toBe(ms));

  it.each(['', '10', 's', '10 min', '-1s', '1e3s', '1.0001ms', '5B', '10 m m', '1constructor'])(
    'refuses the duration %j',
    (text) => expect(parseDurationMs(text)).toBeNull(),
  );

  it.each([
    ['8192B', 8192],
    ['64KiB', 65_536],
    ['20MB', 20_000_000],
    ['1.5 kB', 1_500],
  ])('reads the size %s', (text, bytes) => expect(parseSizeBytes(text)).toBe(bytes));

  it.each(['8192', '8k', '1.5B', '3s', '99999999999GB'])('refuses the size %j', (text) =>
    expect(parseSizeBytes(text)).toBeNull(),
  );
});
