import type { FeedEntry } from '../domain/feed.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { StoredSource } from '../store/source-table.js';
import type { Store } from '../store/store.js';
import { entryId } from './entry-article.js';
import type { PageDeps } from './page-deps.js';
import type { PassTally } from './pass-tally.js';
import { takeEntries } from './take-entries.js';
import { walkArchive } from './walk-archive.js';

/** Requests that a pass spends on a gap: a thousand posts, or a sitemap of months behind its index. The next pass goes on. */
const MOST_REQUESTS = 10;
/** An archive that does not answer is asked again after 10 minutes, 20, 40, ..., 6 h; after so many times, some three days, no more. */
const MOST_TRIES = 16;
const FIRST_WAIT_MS = 600_000;
const LONGEST_WAIT_MS = 6 * 3_600_000;

/** What a publisher published unseen between two moments, and how far the walk that looks for it has come. */
interface Gap {
  fromAt: number;
  toAt: number;
  cursor: string | null;
  found: number;
  tries: number;
  nextTryAt: number;
}

const placeOf = (publisher: StoredPublisher): string => `gap:${publisher.id}`;

const between = ({ fromAt, toAt }: Gap): string =>
  `between ${new Date(fromAt).toISOString()} and ${new Date(toAt).toISOString()}`;

/**
 * Writes down what a source may have named and dropped again while nobody looked: none of its entries is known, and the oldest is
 * newer than its last good answer. To be asked before the entries are taken; `before`: the source as it stood before this reading.
 */
export function noticeGap(
  publisher: StoredPublisher,
  before: StoredSource,
  entries: readonly FeedEntry[],
  store: Store,
): void {
  const recent = entriesInOrder(entries);
  const toAt = Math.min(...recent.flatMap((entry) => timeOf(entry) ?? []));
  if (before.succeededAt === null || !Number.isFinite(toAt) || toAt <= before.succeededAt) return;
  const isKnown = (entry: FeedEntry): boolean => {
    const stableId = entryId(publisher, entry);
    return (
      stableId !== null &&
      store.articles.find(publisher.id, { stableId, guid: entry.id, url: entry.url }) !== null
    );
  };
  if (recent.some(isKnown)) return;
  const known = gapOf(publisher, store);
  const gap: Gap = {
    fromAt: Math.min(before.succeededAt, known?.fromAt ?? before.succeededAt),
    toAt: Math.max(toAt, known?.toAt ?? toAt),
    cursor: null,
    found: 0,
    tries: 0,
    nextTryAt: 0,
  };
  store.meta.put(placeOf(publisher), JSON.stringify(gap));
}

/** Reads on in the publisher's archive, where it has one in reserve, for what was published in a gap that was noticed. */
export async function fillGap(publisher: StoredPublisher, deps: PageDeps, tally: PassTally): Promise<void> {
  const { store, clock } = deps;
  const gap = gapOf(publisher, store);
  if (gap === null || gap.nextTryAt > clock.now()) return;
  const place = placeOf(publisher);
  const archive = publisher.sources.find(({ kind, role }) => role === 'fallback' && kind !== 'feed');
  if (archive === undefined) {
    tally.noted(publisher.id, `gap: what was published ${between(gap)} left the feed unseen`);
    store.meta.remove(place);
    return;
  }
  const walk = { sinceAt: gap.fromAt, cursor: gap.cursor, mostRequests: MOST_REQUESTS };
  const signal = deps.signal === undefined ? {} : { signal: deps.signal };
  for await (const step of walkArchive(publisher, archive, { ...walk, ...signal }, deps.fetcher)) {
    if (step.kind === 'lost') tally.noted(step.url, `gap: left out of it: ${step.reason}`);
    else if (step.kind === 'entries') {
      const missed = step.entries.filter(({ publishedAt }) => publishedAt !== null && publishedAt < gap.toAt);
      await takeEntries(publisher, archive, missed, deps, tally);
      Object.assign(gap, { cursor: step.cursor, found: gap.found + missed.length, tries: 0 });
      store.meta.put(place, JSON.stringify(gap));
    } else if (deps.signal?.aborted) return;
    else if (step.isLimit) {
      tally.noted(archive.url, `gap: ${between(gap)}, the next pass goes on after ${gap.found} entries`);
      return;
    } else {
      tally.noted(archive.url, `gap: ${between(gap)}, and it could not be filled: ${step.reason}`);
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** gap.tries);
      const next: Gap = { ...gap, tries: gap.tries + 1, nextTryAt: clock.now() + wait * 0.9 };
      if (next.tries === MOST_TRIES) store.meta.remove(place);
      else store.meta.put(place, JSON.stringify(next));
      return;
    }
  }
  store.meta.remove(place);
  tally.noted(archive.url, `gap: ${between(gap)}, filled with ${gap.found} entries of this archive`);
}

function gapOf(publisher: StoredPublisher, store: Store): Gap | null {
  const kept = store.meta.get(placeOf(publisher));
  return kept === null ? null : (JSON.parse(kept) as Gap);
}

const timeOf = (entry: FeedEntry): number | null => entry.publishedAt ?? entry.updatedAt;

/**
 * The entries that follow each other in time, whichever end the feed begins with. One that was pinned, or edited long after, stands
 * above newer ones, and that it is known says nothing of what lies between.
 */
function entriesInOrder(entries: readonly FeedEntry[]): FeedEntry[] {
  const times = entries.flatMap((entry) => timeOf(entry) ?? []);
  const rising = times.filter((time, index) => time > (times[index - 1] ?? time)).length;
  const newestFirst = rising * 2 <= times.length ? entries : entries.toReversed();
  let newestBelow = Number.NEGATIVE_INFINITY;
  return newestFirst.toReversed().filter((entry) => {
    const time = timeOf(entry);
    if (time === null) return true;
    if (time < newestBelow) return false;
    newestBelow = time;
    return true;
  });
}
