import { TamizdatError } from '../domain/errors.js';

/**
 * The one form of a JSON value that RFC 8785 gives: keys by UTF-16 code units (3.2.3), numbers and strings as ECMAScript writes
 * them (3.2.2). Throws `not-canonical` for what has no such form: lone surrogates, NaN, infinities, undefined.
 */
export function jcs(value: unknown): Buffer {
  return Buffer.from(write(value), 'utf8');
}

function write(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${quote(key)}:${write(item)}`).join(',')}}`;
  }
  throw new TamizdatError('not-canonical', `RFC 8785 has no form for ${typeof value} ${String(value)}`);
}

function quote(text: string): string {
  if (/\p{Surrogate}/u.test(text))
    throw new TamizdatError('not-canonical', 'a string holds half a character');
  return JSON.stringify(text);
}
