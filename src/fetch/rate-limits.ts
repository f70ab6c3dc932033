import type { Clock } from '../domain/clock.js';
import type { FetchOutcome } from '../domain/fetch-outcome.js';
import { FetchFailure } from './fetch-failure.js';
import { retryAfterAt } from './freshness.js';

type RateLimit = Extract<FetchOutcome, { kind: 'rate-limited' }>;

/** Hosts and URLs that asked to be left alone, until when. Lives as long as the process. */
export interface RateLimits {
  /** Throws the limit that a URL is under, as its outcome, so that the network is not touched. */
  refuse(url: URL): void;
  /**
   * Keeps what an answer asks for by Retry-After, and gives it; null where it asks for nothing. For the whole host on 429
   * and 503, where it speaks of load (RFC 6585, RFC 9110 section 15.6.4), else for this URL alone.
   */
  remember(url: URL, status: number, retryAfter: string | null): RateLimit | null;
}

/** How long a 429 without a Retry-After is obeyed: long enough to count as having stopped, short enough for news. */
const UNSAID_PAUSE_MS = 300_000;

/** Past this many entries the expired ones are dropped, then the oldest: a bound on memory, far above any real count. */
const MAX_ENTRIES = 10_000;

export function createRateLimits(clock: Pick<Clock, 'now'>): RateLimits {
  const limits = new Map<string, RateLimit>();

  function current(key: string): RateLimit | null {
    const limit = limits.get(key);
    if (limit === undefined) return null;
    if (limit.retryAt > clock.now()) return limit;
    limits.delete(key);
    return null;
  }

  function keep(key: string, limit: RateLimit): void {
    limits.delete(key);
    limits.set(key, limit);
    if (limits.size <= MAX_ENTRIES) return;
    for (const known of limits.keys()) current(known);
    const [oldest] = limits.keys();
    if (limits.size > MAX_ENTRIES && oldest !== undefined) limits.delete(oldest);
  }

  return {
    refuse(url) {
      const limit = current(url.host) ?? current(urlKey(url));
      if (limit !== null) throw new FetchFailure(limit);
    },
    remember(url, status, retryAfter) {
      const now = clock.now();
      const retryAt = retryAfterAt(retryAfter, now) ?? (status === 429 ? now + UNSAID_PAUSE_MS : null);
      if (retryAt === null) return null;
      const scope = status === 429 || status === 503 ? 'host' : 'url';
      const limit: RateLimit = { kind: 'rate-limited', status, retryAt, scope };
      keep(scope === 'host' ? url.host : urlKey(url), limit);
      return limit;
    },
  };
}

const urlKey = (url: URL): string => url.origin + url.pathname + url.search;
