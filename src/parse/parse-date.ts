import { wallClockAt } from '../domain/zoned-time.js';
import { monthOf, ZONE_HOURS } from './date-names.js';

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
  zone: string;
}

/**
 * Milliseconds since the epoch for a date as feeds write it (RFC 822/2822, RFC 3339, W3CDTF, asctime and their usual
 * misspellings); null for what is no date. `timeZone` (IANA) counts where the text names no zone; without it, UTC.
 */
export function parseDate(text: string, timeZone?: string): number | null {
  const clean = stripComments(text.slice(0, 200)).normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
  if (clean === '') return null;
  const parts = iso(clean) ?? korean(clean) ?? worded(clean);
  return parts === null ? null : toEpoch(parts, timeZone);
}

const ISO_DATE = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?|(\d{2})(\d{2}))?(?=$|[\st])/;
const TIME = /^(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,:](\d{1,9}))?)?\s*([ap]\.?m\b\.?)?/;

/** RFC 3339 and W3CDTF, with the separators people forget. */
function iso(text: string): Parts | null {
  const date = ISO_DATE.exec(text);
  if (date === null) return null;
  const [all, year, month = date[4] ?? '1', day = date[5] ?? '1'] = date;
  const parts = dateParts(Number(year), Number(month), Number(day));
  const rest = text.slice(all.length).replace(/^\s*t?\s*/, '');
  if (rest === '') return parts;
  const after = readTime(rest, parts);
  return after === null ? null : { ...parts, zone: after };
}

/** `2004년 05월 28일 오후 01:31:15`, Korean time. */
function korean(text: string): Parts | null {
  const date = /^(\d{4})년 ?(\d{1,2})월 ?(\d{1,2})일/.exec(text);
  if (date === null) return null;
  const parts = dateParts(Number(date[1]), Number(date[2]), Number(date[3]));
  const [, half, time] = /(오전|오후)? ?(\d{1,2}:\d{2}.*)$/.exec(text) ?? [];
  if (time !== undefined) readTime(`${time} ${half === '오후' ? 'pm' : ''}`.trim(), parts);
  return { ...parts, zone: '+0900' };
}

/** RFC 822, asctime and everything else that names a month or writes day.month.year: by the look of each word. */
function worded(text: string): Parts | null {
  const parts = dateParts(Number.NaN, Number.NaN, Number.NaN);
  let timeSeen = false;
  for (const word of words(text)) {
    const number = /^(\d{1,4})(?:st|nd|rd|th|er|º|\.)?$/.exec(word)?.[1];
    const numeric = /^(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d{2})$/.exec(word);
    if (/^\d{1,2}:\d{2}/.test(word)) {
      const zone = readTime(word, parts);
      if (zone) parts.zone = zone;
      timeSeen = true;
    } else if (numeric !== null) setNumericDate(parts, numeric);
    else if (number !== undefined) {
      if (number.length > 2 || Number(number) > 31 || !Number.isNaN(parts.day)) {
        if (Number.isNaN(parts.year)) parts.year = fullYear(number);
      } else parts.day = Number(number);
    } else if (/^[ap]\.?m\.?$/.test(word)) parts.hour = halfDay(parts.hour, word);
    else if (timeSeen && zoneMinutes(word) !== null) parts.zone ||= word;
    else parts.month = monthOf(word) ?? parts.month;
  }
  return Number.isNaN(parts.year + parts.month + parts.day) ? null : parts;
}

function words(text: string): string[] {
  return text
    .replace(/(\d)t(?=\d)/g, '$1 ')
    .replace(/(\d)-(?=\p{L})|(\p{L})-(?=\d)/gu, '$1$2 ')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
}

/** `31.12.2016` is day first; `12/31/2016` month first, as in the United States, unless that cannot be. */
function setNumericDate(parts: Parts, [, first, separator, second, year = '']: RegExpExecArray): void {
  const monthFirst = separator === '/' && Number(first) <= 12;
  parts.month = Number(monthFirst ? first : second);
  parts.day = Number(monthFirst ? second : first);
  parts.year = fullYear(year);
}

/** Sets the time of day in `parts`; gives what follows it, or null where no time stands there. */
function readTime(text: string, parts: Parts): string | null {
  const time = TIME.exec(text);
  if (time === null) return null;
  const [all, hour, minute, second = '0', fraction = '0', half] = time;
  parts.hour = Number(hour);
  parts.minute = Number(minute);
  parts.second = Number(second);
  parts.ms = Math.floor(Number(`0.${fraction}`) * 1000);
  if (half !== undefined) parts.hour = halfDay(parts.hour, half);
  return text.slice(all.length).trim();
}

function halfDay(hour: number, half: string): number {
  return (hour % 12) + (half.startsWith('p') ? 12 : 0);
}

function dateParts(year: number, month: number, day: number): Parts {
  return { year, month, day, hour: 0, minute: 0, second: 0, ms: 0, zone: '' };
}

/** RFC 2822 section 4.3: two digits up to 49 are this century. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length > 2) return year;
  return year + (year < 50 ? 2000 : 1900);
}

function zoneMinutes(zone: string): number | null {
  const name = zone.replace(/^etc\/|[().]/g, '');
  const hours = Object.hasOwn(ZONE_HOURS, name) ? ZONE_HOURS[name] : undefined;
  if (hours !== undefined) return hours * 60;
  const offset = /^(?:gmt|utc|ut|z)? ?([+-])(\d{1,2}):?(\d{2})?$/.exec(name);
  if (offset === null) return null;
  const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
  return offset[1] === '-' ? -minutes : minutes;
}

function toEpoch(parts: Parts, timeZone: string | undefined): number | null {
  const { year, month, day, hour, minute, second, ms } = parts;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return null;
  const local = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const zone = parts.zone === '' ? null : zoneMinutes(parts.zone);
  if (zone !== null) return local - zone * 60_000;
  return timeZone === undefined ? local : wallClockAt(local, timeZone);
}

/** RFC 822 comments: nested, with backslashes. */
function stripComments(text: string): string {
  if (!text.includes('(')) return text;
  let depth = 0;
  let kept = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '\\') at++;
    else if (char === '(') depth++;
    else if (char === ')' && depth > 0) {
      depth--;
      kept += depth === 0 ? ' ' : '';
    } else if (depth === 0) kept += char;
  }
  return kept;
}
