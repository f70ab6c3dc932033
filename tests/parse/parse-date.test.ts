import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDate } from '../../src/parse/parse-date.js';

const read = (text: string, zone?: string) => {
  const at = parseDate(text, zone);
  return at === null ? null : new Date(at).toISOString().replace('.000Z', 'Z');
};

describe('parseDate', () => {
  it.each([
    ['Fri, 13 Nov 2026 09:30:00 GMT', '2026-11-13T09:30:00Z'],
    ['Fri, 13 Nov 2026 09:30:00 +0300', '2026-11-13T06:30:00Z'],
    ['Fri, 13 Nov 2026 09:30 +0300', '2026-11-13T06:30:00Z'],
    ['13 Nov 26 09:30:00 EST', '2026-11-13T14:30:00Z'],
    ['13 Nov 97 09:30:00 PDT', '1997-11-13T16:30:00Z'],
    ['Fri, 13 Nov 2026 09:30:00 MSK', '2026-11-13T06:30:00Z'],
    ['Fri, 13 Nov 2026 09:30:00 CEST', '2026-11-13T07:30:00Z'],
    ['Fri, 13 Nov 2026 09:30:00 GMT+3', '2026-11-13T06:30:00Z'],
    ['Fri, 13 Nov 2026 09:30:00 Etc/GMT', '2026-11-13T09:30:00Z'],
    ['Fri, 13 Nov 2026 09:30:00 Z', '2026-11-13T09:30:00Z'],
    ['fRI , 13  nOV\t2026\r\n 09:30:00  -0430', '2026-11-13T14:00:00Z'],
    ['Fri (so they (all) say), 13(th) Nov(ember) 2026 09:30:00 +0000 (GMT)', '2026-11-13T09:30:00Z'],
    ['Fri Nov 13 09:30:00 2026', '2026-11-13T09:30:00Z'],
    ['Fri Nov 13 09:30:00 UTC 2026', '2026-11-13T09:30:00Z'],
    ['November 13, 2026 9:30 PM', '2026-11-13T21:30:00Z'],
    ['Friday, 13-Nov-26 09:30:00 GMT', '2026-11-13T09:30:00Z'],
    ['13 Nov 2026', '2026-11-13T00:00:00Z'],
  ])('reads the RFC 822 family: %s', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    ['2026-11-13T09:30:00Z', '2026-11-13T09:30:00Z'],
    ['2026-11-13t09:30:00.25z', '2026-11-13T09:30:00.250Z'],
    ['2026-11-13T09:30:00+03:00', '2026-11-13T06:30:00Z'],
    ['2026-11-13 T 09:30:00 +0300', '2026-11-13T06:30:00Z'],
    ['2026-11-13 09:30', '2026-11-13T09:30:00Z'],
    ['20261113T093000Z', '2026-11-13T09:30:00Z'],
    ['2026-11-13T093000+03', '2026-11-13T06:30:00Z'],
    ['2026-11-13', '2026-11-13T00:00:00Z'],
    ['2026/11/13 09:30:00', '2026-11-13T09:30:00Z'],
    ['2026-11', '2026-11-01T00:00:00Z'],
    ['2026', '2026-01-01T00:00:00Z'],
    ['2026-11-13T24:00:00Z', '2026-11-14T00:00:00Z'],
    ['2026-12-31T23:59:60Z', '2027-01-01T00:00:00Z'],
  ])('reads ISO 8601 and W3CDTF: %s', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    ['13 ноября 2026 г., 09:30', '2026-11-13T09:30:00Z'],
    ['Пт, 13 мая 2026 09:30:00 МСК', '2026-05-13T06:30:00Z'],
    ['13 листопада 2026 09:30', '2026-11-13T09:30:00Z'],
    ['13 лістапада 2026 09:30', '2026-11-13T09:30:00Z'],
    ['Παρ, 13 Νοέ 2026 09:30:00 EET', '2026-11-13T07:30:00Z'],
    ['2026-november-13T9:30-05:00', '2026-11-13T14:30:00Z'],
    ['2026-július-13T9:30+02:00', '2026-07-13T07:30:00Z'],
    ['2026년 11월 13일 오후 01:30:15', '2026-11-13T04:30:15Z'],
    ['mar. 13 juil. 2026 09:30', '2026-07-13T09:30:00Z'],
    ['13 Ağustos 2026 09:30', '2026-08-13T09:30:00Z'],
    ['13.11.2026 09:30', '2026-11-13T09:30:00Z'],
    ['11/13/2026 09:30', '2026-11-13T09:30:00Z'],
    ['13/11/2026 09:30', '2026-11-13T09:30:00Z'],
  ])('reads other languages and orders: %s', (text, expected) => expect(read(text)).toBe(expected));

  it('takes the publisher’s zone, summer time included, only where the text names none', () => {
    expect(read('13 Nov 2026 09:30:00', 'Europe/Berlin')).toBe('2026-11-13T08:30:00Z');
    expect(read('2026-07-13 09:30:00', 'Europe/Berlin')).toBe('2026-07-13T07:30:00Z');
    expect(read('2026-07-13 09:30:00 +0000', 'Europe/Berlin')).toBe('2026-07-13T09:30:00Z');
  });

  it.each(['', 'soon', '2026-13-01', '32 Nov 2026', '2026-11-13T25:00:00Z', '11-13T09:30:00Z', '12:30'])(
    'says of «%s» that it is no date',
    (text) => expect(parseDate(text)).toBeNull(),
  );

  it('answers any text with a valid time or null', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const at = parseDate(text);
        expect(at === null || !Number.isNaN(new Date(at).getTime())).toBe(true);
      }),
    );
  });

  it('reads back every time written in ISO 8601 or RFC 822', () => {
    const dates = fc.date({ min: new Date('1950-01-01'), max: new Date('2049-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseDate(date.toISOString())).toBe(date.getTime());
        expect(parseDate(date.toUTCString())).toBe(Math.floor(date.getTime() / 1000) * 1000);
      }),
    );
  });
});
