declare const httpUrl: unique symbol;

/** An absolute `http:` or `https:` URL without credentials, in WHATWG form. Made only by `toHttpUrl`. */
export type HttpUrl = string & { readonly [httpUrl]: true };

/** The host as people name it. */
export const shownHost = (url: HttpUrl): string => new URL(url).host.replace(/^www\./, '');

/** What RFC 9110 section 4.1 asks everybody to support at least; no longer address leads to an article. */
const MAX_URL_CHARS = 8_000;

/**
 * The one door for URLs from outside. Resolves `value` against `base` where one is given.
 * Answers null for any other scheme, for credentials in the URL, and for what is too long or cannot be parsed.
 */
export function toHttpUrl(value: string, base?: string): HttpUrl | null {
  const trimmed = value.trim();
  if (trimmed === '' || trimmed.length > MAX_URL_CHARS || !URL.canParse(trimmed, base)) return null;
  const url = new URL(trimmed, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (url.username !== '' || url.password !== '' || url.hostname === '') return null;
  if (url.href.length > MAX_URL_CHARS) return null;
  return url.href as HttpUrl;
}
