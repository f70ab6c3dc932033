import { createHash } from 'node:crypto';
import type { Clock } from '../domain/clock.js';
import type { FeedEntry } from '../domain/feed.js';
import type { FetchOutcome } from '../domain/fetch-outcome.js';
import type { Fetcher } from '../domain/fetcher.js';
import type { PublisherSource } from '../domain/publisher.js';
import type { FeedContext } from '../parse/feed-context.js';
import { parseFeed } from '../parse/parse-feed.js';
import { parseSitemap, type SitemapResult } from '../parse/parse-sitemap.js';
import { parseWordPress } from '../parse/parse-wordpress.js';
import { moveDetail } from '../store/moved-sources.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { SourceState, StoredSource } from '../store/source-table.js';
import type { Store } from '../store/store.js';
import { describeOutcome } from './describe-outcome.js';
import { parseInTime } from './parse-in-time.js';
import { readIndex } from './read-index.js';
import { wellState } from './source-health.js';
import type { SyncConfig } from './sync-config.js';
import { articlesAmong } from './walk-archive.js';

export type SourceReading =
  | {
      kind: 'entries';
      entries: readonly FeedEntry[];
      problems: readonly string[];
      /** `isTaken`: whether all that it brought is stored; if not, it is asked for the whole again in the next pass. */
      settle: (isTaken: boolean) => boolean;
    }
  | { kind: 'unchanged'; settle: () => boolean }
  /** Not asked: it is resting after a failure, or asked us to wait. */
  | { kind: 'resting'; untilAt: number }
  /** The node is stopping: nothing is known of the source, and nothing written down. */
  | { kind: 'called-off' }
  | { kind: 'trouble'; reason: string; settle: () => boolean };

/** A feed's own `ttl` is believed up to an hour: one publisher's 600, meant as seconds, reads as ten hours of minutes. */
const MAX_TTL_MS = 3_600_000;
const clampTtl = (ttlMs: number | null): number | null =>
  ttlMs === null ? null : Math.min(ttlMs, MAX_TTL_MS);

/** Waits of a failing source: doubling from the interval of a pass, at most six hours. */
const MAX_BACK_OFF_MS = 6 * 3_600_000;

/** What each kind of source is read with; all of them answer in the shape of a feed, or name the sitemaps that do. */
export const READERS: Readonly<
  Record<PublisherSource['kind'], (bytes: Uint8Array, context: FeedContext) => SitemapResult>
> = { feed: parseFeed, sitemap: parseSitemap, wordpress: parseWordPress };

const NO_VALIDATORS = { etag: null, lastModified: null, bodyHash: null };

/** Fetches and parses one source. `settle` writes down how it went, once what it brought is stored, and says whether its state changed. */
export async function readSource(
  publisher: StoredPublisher,
  source: PublisherSource,
  deps: {
    store: Store;
    fetcher: Fetcher;
    clock: Clock;
    config: SyncConfig;
    force: boolean;
    signal?: AbortSignal;
  },
): Promise<SourceReading> {
  const { store, clock, config } = deps;
  const known = store.sources.get(publisher.id, source.url);
  if (known === null) throw new Error(`source ${source.url} of ${publisher.id} is not in the store`);
  if (!deps.force && known.nextTryAt !== null && known.nextTryAt > clock.now())
    return { kind: 'resting', untilAt: known.nextTryAt };
  const outcome = await deps.fetcher.fetch({
    url: source.url,
    expect: source.kind === 'wordpress' ? 'json' : 'feed',
    hosts: publisher.hosts,
    etag: known.etag,
    lastModified: known.lastModified,
    ...(deps.signal === undefined ? {} : { signal: deps.signal }),
  });
  if (outcome.kind === 'failed' && outcome.reason === 'aborted') return { kind: 'called-off' };
  const at = clock.now();
  const put = (change: Partial<StoredSource>): boolean => {
    const next = { ...known, triedAt: at, ...change };
    const moved = next.state !== known.state;
    store.sources.put({ ...next, sinceAt: moved ? at : known.sinceAt });
    return moved;
  };
  const well =
    (freshForMs: number | null, change: Partial<StoredSource> = {}) =>
    () =>
      put({
        ...wellState(known),
        succeededAt: at,
        failures: 0,
        nextTryAt: restUntil(freshForMs, config, at),
        ...change,
      });

  if (outcome.kind === 'not-modified') return { kind: 'unchanged', settle: well(outcome.freshForMs) };
  if (outcome.kind === 'moved')
    store.decisions.ask(publisher.id, 'moved', moveDetail({ from: source.url, to: outcome.to }), at);
  if (outcome.kind !== 'fetched') return trouble(outcome, known, config, at, put);
  const bodyHash = createHash('sha256').update(outcome.body).digest();
  const validators = { etag: outcome.etag, lastModified: outcome.lastModified, bodyHash };
  if (known.bodyHash !== null && bodyHash.equals(known.bodyHash)) {
    return { kind: 'unchanged', settle: well(outcome.freshForMs, validators) };
  }
  const { contentType, url } = outcome;
  const read = parseInTime(() =>
    READERS[source.kind](outcome.body, { contentType, url, timeZone: publisher.timeZone }),
  );
  const isIndex = read.kind === 'index';
  const parsed = isIndex
    ? await readIndex(publisher, source, { ...deps, now: at, lookedAt: known.succeededAt })
    : read;
  if (isIndex && deps.signal?.aborted) return { kind: 'called-off' };
  const broken = (reason: string): SourceReading => ({
    kind: 'trouble',
    reason,
    settle: () => put(failed('broken', reason, known, config, at)),
  });
  if (parsed.kind === 'no-feed') return broken(`no-feed: ${parsed.reason}`);
  const isEmpty = source.kind !== 'sitemap' && parsed.feed.entries.length === 0;
  if (isEmpty && store.sources.hasNamed(publisher.id, source.url))
    return broken('no-entries: it holds no entry, though it had some before');
  return {
    kind: 'entries',
    entries: source.kind === 'sitemap' ? articlesAmong(publisher, parsed.feed.entries) : parsed.feed.entries,
    problems: parsed.feed.problems,
    settle: (isTaken) =>
      isTaken
        ? // An index may stay the same for a month of news in the sitemaps it names.
          well(outcome.freshForMs ?? clampTtl(parsed.feed.ttlMs), isIndex ? NO_VALIDATORS : validators)()
        : well(null, NO_VALIDATORS)(),
  };
}

function trouble(
  outcome: Exclude<FetchOutcome, { kind: 'fetched' | 'not-modified' }>,
  known: StoredSource,
  config: SyncConfig,
  at: number,
  put: (change: Partial<StoredSource>) => boolean,
): SourceReading {
  const reason = describeOutcome(outcome);
  const state = troubledState(outcome, known, config, at);
  const change = failed(state, reason, known, config, at);
  if (outcome.kind === 'rate-limited') change.nextTryAt = Math.max(outcome.retryAt, change.nextTryAt ?? 0);
  return { kind: 'trouble', reason, settle: () => put(change) };
}

/**
 * `blocked` and what only a change at the publisher's mends (`broken`) stay what they are; trouble that passes, an outage or a
 * request to wait, becomes `stale` once there was no good answer for so long that the lists say so.
 */
function troubledState(
  outcome: Exclude<FetchOutcome, { kind: 'fetched' | 'not-modified' }>,
  known: StoredSource,
  config: SyncConfig,
  at: number,
): SourceState {
  if (outcome.kind === 'blocked') return 'blocked';
  const passes = outcome.kind === 'rate-limited' || (outcome.kind === 'failed' && outcome.retryable);
  if (passes && at - (known.succeededAt ?? known.sinceAt) > config.quietAfterMs) return 'stale';
  if (passes && known.state === 'stale') return 'stale';
  return outcome.kind === 'rate-limited' ? known.state : 'broken';
}

/** An answer that is fresh for long is not asked for again so soon, but before the publisher would pass for silent. */
function restUntil(freshForMs: number | null, config: SyncConfig, at: number): number | null {
  if (freshForMs === null || freshForMs <= config.intervalMs) return null;
  return at + Math.min(freshForMs, config.quietAfterMs / 2);
}

function failed(
  state: SourceState,
  reason: string,
  known: StoredSource,
  config: SyncConfig,
  at: number,
): Partial<StoredSource> {
  const wait = Math.min(MAX_BACK_OFF_MS, config.intervalMs * 2 ** Math.min(known.failures, 10));
  // A little early, so that the pass that comes round at that moment still finds it due.
  return { state, reason, failures: known.failures + 1, nextTryAt: at + wait * 0.9 };
}
