import type { FeedEntry, FeedResult } from '../domain/feed.js';
import type { Fetcher } from '../domain/fetcher.js';
import type { Publisher, PublisherSource } from '../domain/publisher.js';
import { walkArchive } from './walk-archive.js';

/** The index, one or two below it, and the sitemap of this month and the last. */
const MOST_REQUESTS = 5;
/** Sitemaps are often written once a day: what was published so long before the last look may be new in them. */
const REACH_MS = 2 * 86_400_000;
/** How far a first look goes back: as far as a feed. Further back is what backfill is for. */
const FIRST_REACH_MS = 7 * 86_400_000;

/** What the newest sitemaps of an index name since `lookedAt`, the last good look at it; null: never. In the shape of a feed. */
export async function readIndex(
  publisher: Publisher,
  source: PublisherSource,
  deps: { fetcher: Fetcher; now: number; lookedAt: number | null; signal?: AbortSignal },
): Promise<FeedResult> {
  const { fetcher, now, lookedAt, signal } = deps;
  const walk = {
    sinceAt: lookedAt === null ? now - FIRST_REACH_MS : lookedAt - REACH_MS,
    cursor: null,
    mostRequests: MOST_REQUESTS,
    ...(signal === undefined ? {} : { signal }),
  };
  const entries: FeedEntry[] = [];
  const problems: string[] = [];
  for await (const step of walkArchive(publisher, source, walk, fetcher)) {
    if (step.kind === 'entries') entries.push(...step.entries);
    else if (step.kind === 'lost') problems.push(`${step.url}: ${step.reason}`);
    else if (step.isLimit) break;
    else return { kind: 'no-feed', reason: step.reason };
  }
  return {
    kind: 'feed',
    feed: { format: 'sitemap', title: null, link: null, language: null, ttlMs: null, entries, problems },
  };
}
