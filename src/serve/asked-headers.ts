import type { IncomingHttpHeaders } from 'node:http';

/** What an answer from memory depends on, under node:http's names. */
export type AskedHeaders = Pick<
  IncomingHttpHeaders,
  'host' | 'accept-encoding' | 'if-none-match' | 'if-modified-since'
> & { 'x-forwarded-proto': string | undefined };

/**
 * Reads these of a request's `rawHeaders` (name, value, name, value). Null where one of them comes twice or a body is announced:
 * rare enough to be left to those who read all headers. `request.headers` would sort every header into an object first.
 */
export function askedHeaders(raw: readonly string[]): AskedHeaders | null {
  const asked: AskedHeaders = {
    host: undefined,
    'accept-encoding': undefined,
    'if-none-match': undefined,
    'if-modified-since': undefined,
    'x-forwarded-proto': undefined,
  };
  for (let at = 0; at < raw.length; at += 2) {
    const written = raw[at] ?? '';
    if (!mayBeAsked(written.length)) continue;
    const name = written.toLowerCase();
    if (name === 'content-length' || name === 'transfer-encoding') return null;
    if (!isAsked(name)) continue;
    if (asked[name] !== undefined) return null;
    asked[name] = raw[at + 1];
  }
  return asked;
}

/** Most headers of a browser are told from these by their length alone. */
const mayBeAsked = (length: number): boolean => length === 4 || (length >= 13 && length <= 17);

const isAsked = (name: string): name is keyof AskedHeaders =>
  name === 'host' ||
  name === 'accept-encoding' ||
  name === 'if-none-match' ||
  name === 'if-modified-since' ||
  name === 'x-forwarded-proto';
