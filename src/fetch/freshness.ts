import type { FetchOptions } from './fetch-options.js';

type HeaderOf = (name: string) => string | null;

/** Milliseconds of an HTTP date (RFC 9110 section 5.6.7), or null. */
function httpDate(value: string | null): number | null {
  const at = value === null ? Number.NaN : Date.parse(value);
  return Number.isNaN(at) ? null : at;
}

/**
 * How long an answer says it stays fresh (RFC 9111 section 4.2.1: max-age less Age, else Expires less Date), within the
 * bounds; null where it does not say. `no-store` and `no-cache` say: no longer than the lower bound.
 */
export function freshForMs(
  header: HeaderOf,
  nowAt: number,
  bounds: FetchOptions['freshness'],
): number | null {
  const said = lifetimeMs(header, nowAt);
  return said === null ? null : Math.min(bounds.maxMs, Math.max(bounds.minMs, said));
}

function lifetimeMs(header: HeaderOf, nowAt: number): number | null {
  const directives = (header('cache-control') ?? '').toLowerCase();
  if (/\bno-(store|cache)\b/.test(directives)) return 0;
  const maxAge = /(?:^|[\s,])max-age\s*=\s*"?(\d+)/.exec(directives)?.[1];
  if (maxAge !== undefined) return (Number(maxAge) - (Number(header('age')) || 0)) * 1_000;
  if (header('expires') === null) return null;
  // RFC 9111 section 5.3: an Expires that is no date, `0` above all, has passed already.
  return (httpDate(header('expires')) ?? 0) - (httpDate(header('date')) ?? nowAt);
}

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/**
 * When a Retry-After (RFC 9110 section 10.2.3: seconds or a date) lets us ask again, 1 s to 24 h from now; null where it
 * does not say or cannot be read.
 */
export function retryAfterAt(value: string | null, nowAt: number): number | null {
  if (value === null) return null;
  const at = /^\d+$/.test(value) ? nowAt + Number(value) * SECOND_MS : httpDate(value);
  return at === null ? null : Math.min(nowAt + DAY_MS, Math.max(nowAt + SECOND_MS, at));
}
