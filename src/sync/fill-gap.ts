import type { FeedEntry } from '../domain/feed.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { StoredSource } from '../store/source-table.js';
import type { Store } from '../store/store.js';
import { entryId } from './entry-article.js';
import type { PageDeps } from './page-deps.js';
import type { PassTally } from './pass-tally.js';
import { takeEntries } from './take-entries.js';
import { walkArchive } from './walk-archive.js';

/** Requests that filling one gap may take: a thousand posts, or a sitemap of months behind its index. */
const MOST_REQUESTS = 10;

export interface Gap {
  fromAt: number;
  toAt: number;
}

/**
 * What a source may have named and dropped again while nobody looked: none of its entries is known, and the oldest is newer than
 * its last good answer. `before`: the source as it stood before this reading.
 */
export function gapBefore(
  publisher: StoredPublisher,
  before: StoredSource,
  entries: readonly FeedEntry[],
  store: Store,
): Gap | null {
  const times = entries.flatMap((entry) => entry.publishedAt ?? entry.updatedAt ?? []);
  const toAt = Math.min(...times);
  if (before.succeededAt === null || times.length === 0 || toAt <= before.succeededAt) return null;
  const isKnown = (entry: FeedEntry): boolean => {
    const stableId = entryId(publisher, entry);
    return (
      stableId !== null &&
      store.articles.find(publisher.id, { stableId, guid: entry.id, url: entry.url }) !== null
    );
  };
  return entries.some(isKnown) ? null : { fromAt: before.succeededAt, toAt };
}

/** Reads the publisher's archive once, where it has one in reserve, and takes what was published in the gap. */
export async function fillGap(
  publisher: StoredPublisher,
  gap: Gap,
  deps: PageDeps,
  tally: PassTally,
): Promise<void> {
  const between = `${new Date(gap.fromAt).toISOString()} and ${new Date(gap.toAt).toISOString()}`;
  const archive = publisher.sources.find(({ kind, role }) => role === 'fallback' && kind !== 'feed');
  if (archive === undefined) {
    tally.noted(publisher.id, `gap: what was published between ${between} left the feed unseen`);
    return;
  }
  const walk = { sinceAt: gap.fromAt, cursor: null, mostRequests: MOST_REQUESTS };
  const signal = deps.signal === undefined ? {} : { signal: deps.signal };
  let found = 0;
  for await (const step of walkArchive(publisher, archive, { ...walk, ...signal }, deps.fetcher)) {
    if (step.kind === 'trouble') {
      tally.noted(archive.url, `gap: between ${between}, and it could not be filled: ${step.reason}`);
      return;
    }
    const missed = step.entries.filter(({ publishedAt }) => publishedAt !== null && publishedAt < gap.toAt);
    found += missed.length;
    takeEntries(publisher, archive, missed, deps, tally);
  }
  tally.noted(archive.url, `gap: between ${between}, filled with ${found} entries of this archive`);
}
