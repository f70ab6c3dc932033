import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Article } from '../domain/article.js';
import { faultPoint } from '../domain/fault-point.js';
import type { FeedEntry } from '../domain/feed.js';
import type { PublisherSource } from '../domain/publisher.js';
import type { StoredArticle } from '../store/article-row.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { SaveResult } from '../store/save-article.js';
import type { Store } from '../store/store.js';
import { isStorageTrouble } from '../store/trouble.js';
import { afterSave, takeLostNames } from './after-save.js';
import { mayReplace } from './day-limit.js';
import { articleOfEntry, entryHash, entryId, gaveByline, isSameEntry } from './entry-article.js';
import { createFeedTidier, type FeedTidier } from './feed-text.js';
import { nextLookAt } from './next-look.js';
import type { TakeDeps } from './page-deps.js';
import type { PassTally } from './pass-tally.js';
import type { SyncConfig } from './sync-config.js';
import { wantPictures } from './want-pictures.js';

/** A page is read at once, or where the feed has the whole text at the first of its later looks: corrections stand on pages alone. */
function planReading(
  publisher: StoredPublisher,
  article: StoredArticle,
  { store, config }: { store: Store; config: SyncConfig },
  at: number,
): void {
  if (wantsPage(publisher, article.origin)) requestPage(store, article, at);
  else if (publisher.page.fetch !== 'never')
    store.work.put(article.id, { ...article.page, dueAt: nextLookAt(article, at, config) });
}

/** Whether the page is to be read after an entry of this source. */
function wantsPage(publisher: StoredPublisher, origin: StoredArticle['origin']): boolean {
  return (
    publisher.page.fetch === 'always' || (publisher.page.fetch === 'when-summary' && origin === 'teaser')
  );
}

/** So many entries are taken in one go: less than a second of the longest texts, which other sources' answers then wait for. */
const BATCH = 20;

/**
 * Stores what the entries of one source bring; one transaction an article, so that one bad entry stops none of the others, and with
 * breaks, so that thousands of them let no other source's time run out. Answers whether all were taken: at most `most` new or changed
 * articles are.
 */
export async function takeEntries(
  publisher: StoredPublisher,
  source: PublisherSource,
  entries: readonly FeedEntry[],
  deps: TakeDeps & { config: SyncConfig },
  tally: PassTally,
  most = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const ordered = oldestFirst(publisher, entries);
  // An archive: its newest come first, since the others may have to wait.
  if (ordered.length > most) ordered.reverse();
  const taken = () => tally.counts.fresh + tally.counts.changed;
  const limit = taken() + most;
  const tidier = createFeedTidier(publisher, deps);
  let isAll = true;
  for (const [index, entry] of ordered.entries()) {
    if (taken() >= limit) {
      isAll = false;
      break;
    }
    if (index % BATCH === BATCH - 1) await nextTurn();
    try {
      deps.store.transaction(() => takeEntry(publisher, source, entry, { ...deps, tidier }, tally));
    } catch (error) {
      if (isStorageTrouble(error)) throw error;
      tally.failed(
        entry.url ?? entry.id ?? entry.title ?? 'an entry without a name',
        `could not be taken in: ${String(error)}`,
      );
    }
    faultPoint('sync:entry-taken');
  }
  tidier.settle();
  return isAll;
}

/**
 * In the order they were published, so that the order of arrival, which the history documents are numbered by, follows it; feeds
 * list the newest first. Of two entries for one article the upper one counts: the other would undo it in every pass.
 */
function oldestFirst(publisher: StoredPublisher, entries: readonly FeedEntry[]): FeedEntry[] {
  const seen = new Set<string>();
  const single = entries.filter((entry) => {
    const id = entryId(publisher, entry);
    if (id === null) return true;
    const isFirst = !seen.has(id);
    seen.add(id);
    return isFirst;
  });
  const timeOf = (entry: FeedEntry) => entry.publishedAt ?? entry.updatedAt ?? Number.MAX_SAFE_INTEGER;
  return single.reverse().sort((a, b) => timeOf(a) - timeOf(b));
}

/**
 * Of several sources that carry an article one tells what it says, or each would undo the other: a whole text before a summary,
 * then the one listed first. The next one steps in only while that one fails.
 */
function speaksFor(
  publisher: StoredPublisher,
  source: PublisherSource,
  known: StoredArticle,
  store: Store,
): boolean {
  const rank = (one: PublisherSource) => (one.text === 'full' ? 0 : 1);
  const speaker = [...publisher.sources]
    .sort((a, b) => rank(a) - rank(b))
    .find(
      (one) =>
        one.url === source.url ||
        (store.articles.entryHash(known.id, one.url) !== null &&
          store.sources.get(publisher.id, one.url)?.failures === 0),
    );
  return speaker?.url === source.url;
}

function takeEntry(
  publisher: StoredPublisher,
  source: PublisherSource,
  entry: FeedEntry,
  deps: TakeDeps & { config: SyncConfig; tidier: FeedTidier },
  tally: PassTally,
): void {
  const { store, clock, tidier } = deps;
  const stableId = entryId(publisher, entry);
  if (stableId === null) {
    tally.failed(
      entry.title ?? 'an entry',
      'it has neither a guid nor a link, so it cannot be told from another',
    );
    return;
  }
  const at = clock.now();
  const hash = entryHash(entry);
  const known = store.articles.find(publisher.id, { stableId, guid: entry.id, url: entry.url });
  const seen = known === null ? null : store.articles.entryHash(known.id, source.url);
  if (known !== null && seen !== null && isSameEntry(seen, hash)) {
    if (seen.length < hash.length) store.articles.setEntryHash(known.id, source.url, hash);
    tally.unchanged();
    return;
  }
  // What fell out stays out, though a feed goes on naming it.
  if (known !== null && known.prunedAt !== null) {
    tally.unchanged();
    return;
  }
  const told = articleOfEntry(publisher, source, entry, stableId, at);
  if (told === null) {
    tally.failed(entry.title ?? stableId, 'it has no address, so nothing could link to the original');
    return;
  }
  const article = tidier.tidied(told);
  if (known === null || known.state === 'tombstone') {
    if (known !== null) return;
    if (article.publishedAt < at - (deps.config.retentionMaxAgeMs ?? Number.POSITIVE_INFINITY)) {
      tally.unchanged();
      return;
    }
    const saved = store.articles.save(article, { at, edition: false });
    store.articles.setEntryHash(saved.article.id, source.url, hash);
    afterSave(saved, deps);
    tidier.saved(saved.article.id);
    wantPictures(publisher, saved.article.id, article, deps, at);
    store.publishers.setNewsAt(publisher.id, at);
    planReading(publisher, saved.article, deps, at);
    tally.fresh();
    return;
  }
  store.articles.setEntryHash(known.id, source.url, hash);
  if (!speaksFor(publisher, source, known, store)) {
    tally.unchanged();
    return;
  }
  if (known.page.state === 'read' || known.page.state === 'due') {
    // The page knows better than the feed; the feed only tells that it is worth another look, and where.
    if (seen !== null && publisher.page.fetch !== 'never') requestPage(store, known, at);
    if (known.page.state === 'read') {
      const saved = seen === null ? null : takeBesidePage(known, article, seen, deps);
      if (saved?.kind === 'revised') tally.changed();
      else tally.unchanged();
      return;
    }
  }
  if (known.origin !== 'teaser' && article.origin === 'teaser') {
    tally.unchanged();
    return;
  }
  if (seen !== null && !mayReplace(known, article.content, deps, tally, at)) {
    // Not as if it had been seen: when the keeper accepts, the next reading takes it.
    store.articles.setEntryHash(known.id, source.url, seen);
    takeLostNames(known, article, deps);
    tally.unchanged();
    return;
  }
  // The first sight of a known article in a better source is our better knowledge; a change within one source is the publisher's.
  const saved = store.articles.save(
    { ...article, section: known.section ?? article.section },
    { at, edition: seen === null },
  );
  afterSave(saved, deps);
  tidier.saved(known.id);
  wantPictures(publisher, known.id, article, deps, at);
  if (saved.kind === 'revised') tally.changed();
  else tally.unchanged();
}

/** What a changed entry says that its page does not: where the page is, the summary, and a byline that only the feed had given. */
function takeBesidePage(
  known: StoredArticle,
  { url, summary, authors }: Article,
  seen: Uint8Array,
  deps: TakeDeps,
): SaveResult {
  const byFeed = gaveByline(seen, known.authors) === true;
  const changed = {
    ...known,
    url,
    // A live blog's changes all day.
    summary: summary === '' || known.kind === 'live' ? known.summary : summary,
    authors: byFeed ? authors : known.authors,
  };
  const edition = isDeepStrictEqual(changed.authors, known.authors);
  const saved = deps.store.articles.save(changed, { at: deps.clock.now(), edition });
  afterSave(saved, deps);
  return saved;
}

function requestPage(store: Store, article: StoredArticle, at: number): void {
  store.work.put(article.id, {
    ...article.page,
    state: article.page.state === 'read' ? 'read' : 'due',
    dueAt: at,
  });
}
