import { describe, expect, it } from 'vitest';
import {
  dailyAllowance,
  emptyDay,
  mergeDays,
  nextUtcDay,
  type TrafficDay,
} from '../../src/domain/traffic.js';

const GB = 1e9;
const day = (name: string, bytes: number): TrafficDay => ({ ...emptyDay(name), bytes });
const noonOf = (name: string) => Date.parse(`${name}T12:00:00Z`);

describe('the allowance of a day', () => {
  it('is what the month has left, in equal parts over the days that are left', () => {
    expect(dailyAllowance(30 * GB, [], noonOf('2026-11-01'))).toBe(GB);
    expect(dailyAllowance(30 * GB, [day('2026-11-01', 16 * GB)], noonOf('2026-11-02'))).toBe(
      Math.floor((14 * GB) / 29),
    );
    expect(dailyAllowance(30 * GB, [], noonOf('2026-11-30'))).toBe(30 * GB);
  });

  it('does not count the day itself, nor another month', () => {
    const days = [day('2026-10-31', 90 * GB), day('2026-11-10', 7 * GB)];
    expect(dailyAllowance(21 * GB, days, noonOf('2026-11-10'))).toBe(GB);
  });

  it('is nothing where the month is used up, never less', () => {
    expect(dailyAllowance(GB, [day('2026-11-01', 5 * GB)], noonOf('2026-11-02'))).toBe(0);
  });

  it('begins anew at midnight UTC', () => {
    expect(nextUtcDay(noonOf('2026-12-31'))).toBe(Date.UTC(2027, 0, 1));
    expect(nextUtcDay(Date.UTC(2027, 0, 1))).toBe(Date.UTC(2027, 0, 2));
  });
});

describe('two records of days', () => {
  it('become one, oldest first, with the larger numbers of each day', () => {
    const early: TrafficDay = {
      day: '2026-11-02',
      bytes: 10,
      answers: { '2xx': 1, '3xx': 5, '4xx': 0, '5xx': 0 },
    };
    const late: TrafficDay = {
      day: '2026-11-02',
      bytes: 30,
      answers: { '2xx': 3, '3xx': 2, '4xx': 0, '5xx': 0 },
    };
    expect(mergeDays([early], [late, day('2026-11-01', 7)])).toEqual([
      day('2026-11-01', 7),
      { day: '2026-11-02', bytes: 30, answers: { '2xx': 3, '3xx': 5, '4xx': 0, '5xx': 0 } },
    ]);
  });
});
