import { describe, expect, it } from 'vitest';
import { MESSAGES } from '../../src/render/messages.js';
import { createTimes } from '../../src/render/times.js';
import type { UiLanguage } from '../../src/render/views.js';

const MONDAY = Date.UTC(2026, 10, 23, 8, 2);
const times = (ui: UiLanguage, zone = 'Europe/Moscow') => createTimes(MESSAGES[ui], zone);

describe('times', () => {
  it.each([
    ['en', '23 November 2026, 11:02 Moscow time'],
    ['ru', '23 ноября 2026, 11:02 мск'],
    ['uk', '23 листопада 2026, 11:02 за Москвою'],
    ['fa', '۲ آذر ۱۴۰۵ (۲۳ نوامبر ۲۰۲۶)، ۱۱:۰۲ به وقت مسکو'],
    ['zh', '2026年11月23日 11:02（莫斯科时间）'],
  ] as const)('are absolute and name their zone in %s', (ui, expected) => {
    expect(times(ui).dateTime(MONDAY)).toBe(expected);
  });

  it('give the offset where the zone has no name of ours', () => {
    expect(times('en', 'America/New_York').dateTime(MONDAY)).toBe('23 November 2026, 03:02 UTC-5');
    expect(times('en', 'Asia/Kolkata').zone(MONDAY)).toBe('UTC+5:30');
    expect(times('en', 'UTC').zone(MONDAY)).toBe('UTC');
  });

  it('turn the day in the zone of the page, not in UTC', () => {
    const lateSunday = Date.UTC(2026, 10, 22, 22, 30);
    expect(times('en', 'UTC').day(lateSunday)).toBe('Sunday, 22\u00a0November');
    expect(times('en').day(lateSunday)).toBe('Monday, 23\u00a0November');
    expect(times('en').clock(lateSunday)).toBe('01:30');
  });

  it('write midnight as 00, not 24', () => {
    expect(times('en', 'UTC').clock(Date.UTC(2026, 0, 1))).toBe('00:00');
  });

  it('put the Persian calendar first and the Gregorian beside it', () => {
    expect(times('fa').day(MONDAY)).toBe('دوشنبه ۲\u00a0آذر (۲۳\u00a0نوامبر)');
    expect(times('fa').month(MONDAY)).toBe('نوامبر ۲۰۲۶ (آبان و آذر ۱۴۰۵)');
  });

  it('name months alone in the nominative', () => {
    expect(times('ru').month(MONDAY)).toBe('Ноябрь 2026');
    expect(times('uk').month(MONDAY)).toBe('Листопад 2026');
    expect(times('zh').month(MONDAY)).toBe('2026年11月');
  });

  it('say since which weekday a list holds everything, and the date beyond a week', () => {
    const hours = (n: number) => MONDAY - n * 3_600_000;
    expect(times('en').everythingSince(hours(5 * 24), MONDAY)).toBe('That is everything since Wednesday.');
    expect(times('ru').everythingSince(hours(6 * 24 - 1), MONDAY)).toBe('Это всё со вторника.');
    expect(times('en').everythingSince(hours(7 * 24), MONDAY)).toBe(
      'That is everything since 16 November 2026.',
    );
  });
});
