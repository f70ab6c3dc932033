import { wallClockAt } from '../domain/zoned-time.js';

const ISO =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*(?:(Z|UTC|GMT)|([+-])(\d{2}):?(\d{2})?)?(?:\[.*\])?$/i;

/** Dates before this are counters and zeroes, in milliseconds: 1990. */
const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/** A machine-readable date; one without an offset is read in `timeZone`. Null where it is no date or no likely one. */
export function parseTimestamp(value: string, timeZone: string): number | null {
  const text = value.trim().replace(/(\d{2}:\d{2}:\d{2}):(\d{3})/, '$1.$2');
  const at = parseIso(text, timeZone) ?? parseEpoch(text) ?? parseOther(text, timeZone);
  return at !== null && at >= EARLIEST && at < LATEST ? at : null;
}

/** Whether a date says how far its clock is from UTC. */
export function hasOffset(value: string): boolean {
  return /(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})\s*$/i.test(value) && value.includes(':');
}

function parseIso(text: string, timeZone: string): number | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const [
    ,
    year,
    month,
    day,
    hour = '0',
    minute = '0',
    second = '0',
    utc,
    sign,
    offsetHours,
    offsetMinutes = '0',
  ] = match;
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (Number.isNaN(wall)) return null;
  if (utc !== undefined) return wall;
  if (sign !== undefined) {
    const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
    return sign === '-' ? wall + offset : wall - offset;
  }
  return wallClockAt(wall, timeZone);
}

/** Seconds or milliseconds since 1970. */
function parseEpoch(text: string): number | null {
  if (!/^\d{10}(?:\d{3})?$/.test(text)) return null;
  return text.length === 13 ? Number(text) : Number(text) * 1000;
}

function parseOther(text: string, timeZone: string): number | null {
  if (!/\d{4}/.test(text) || text.length > 64) return null;
  if (hasOffset(text)) return finite(Date.parse(text));
  const wall = finite(Date.parse(`${text} UTC`));
  return wall === null ? null : wallClockAt(wall, timeZone);
}

const finite = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** The day in a URL such as `/2025/03/11/slug`, at midnight UTC. */
export function dateInUrl(url: string): number | null {
  const [, year, month, day] = /\/((?:19|20)\d{2})[/-]?(\d{2})[/-]?(\d{2})(?:[/_-]|$)/.exec(url) ?? [];
  if (year === undefined) return null;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return Number(month) <= 12 && Number(day) <= 31 && at >= EARLIEST && at < LATEST ? at : null;
}
