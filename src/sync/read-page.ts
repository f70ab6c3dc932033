import type { Article } from '../domain/article.js';
import type { ExtractResult } from '../domain/extracted-page.js';
import { faultPoint } from '../domain/fault-point.js';
import type { Fetched } from '../domain/fetch-outcome.js';
import type { extractInTime } from '../extract/extract-in-time.js';
import type { FurnitureIndex } from '../extract/furniture-index.js';
import { withinTime } from '../extract/within-time.js';
import { decodeHtml } from '../parse/decode-text.js';
import { whyNoPage } from '../parse/page-bytes.js';
import { textOf } from '../sanitize/safe-text.js';
import type { PageProgress, StoredArticle } from '../store/article-row.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import { afterSave, takeLostNames } from './after-save.js';
import { mayReplace } from './day-limit.js';
import { describeOutcome } from './describe-outcome.js';
import { gaveByline } from './entry-article.js';
import { keepFurniture, openFurniture } from './learned-furniture.js';
import { liveLookAt, liveRestsUntil } from './live-pace.js';
import { mergePage } from './merge-page.js';
import { nextLookAt } from './next-look.js';
import type { PageDeps } from './page-deps.js';
import type { PassTally } from './pass-tally.js';
import { applyRemoval, removeArticle } from './remove-article.js';
import type { SyncConfig } from './sync-config.js';
import { openThinPages, type ThinPages } from './thin-pages.js';
import { createUpstreamCheck, type UpstreamCheck } from './upstream-answers.js';
import { wantPictures } from './want-pictures.js';

/** A page that yields less of the text than this share of the feed's is suspect, and the feed's text stays. */
export const SUSPECT_SHARE = 0.6;
const DAY_MS = 86_400_000;
/** Waits after a page that could not be read. After the last the feed's text is what there is, until a second look. */
const RETRY_MS = [15 * 60_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000] as const;

/** Reads the pages that are due, first readings first, politely and one after another. */
export async function readPages(
  publisher: StoredPublisher,
  deps: PageDeps,
  tally: PassTally,
  onPage: (done: number, total: number) => void,
): Promise<void> {
  const ids = deps.store.work.due(publisher.id, deps.clock.now(), deps.config.maxPagesPerPass);
  if (ids.length === 0) return;
  // Loaded when used: it is a sixth of a start, and most passes, as every one of a node that only follows, read no page.
  const { extractInTime } = await import('../extract/extract-in-time.js');
  const furniture = openFurniture(deps.store, publisher.id);
  const thinPages = openThinPages(deps.store, publisher.id);
  const upstream = createUpstreamCheck(publisher, deps);
  for (const [index, id] of ids.entries()) {
    if (deps.signal?.aborted) break;
    await readPage(publisher, id, { ...deps, furniture, thinPages, upstream, extractInTime }, tally);
    faultPoint('sync:page-read');
    onPage(index + 1, ids.length);
  }
  thinPages.settle();
  keepFurniture(publisher.id, furniture, ids, deps);
}

type ReadingDeps = PageDeps & {
  furniture: FurnitureIndex;
  thinPages: ThinPages;
  upstream: UpstreamCheck;
  extractInTime: typeof extractInTime;
};

async function readPage(
  publisher: StoredPublisher,
  id: number,
  deps: ReadingDeps,
  tally: PassTally,
): Promise<void> {
  const { store, clock, config } = deps;
  const article = store.articles.get(id);
  if (article === null || article.state === 'tombstone') return;
  const started = clock.now();
  // Counted before anything is read: a page that kills the process is not tried for ever.
  const tries = article.page.tries + 1;
  store.work.put(id, { ...article.page, tries, dueAt: retryAt(article, tries, started, config) });
  const outcome = await deps.fetcher.fetch({
    url: article.url,
    expect: 'page',
    hosts: publisher.hosts,
    ...(deps.signal === undefined ? {} : { signal: deps.signal }),
  });
  const at = clock.now();
  if (outcome.kind === 'fetched') {
    takePage(publisher, article, outcome, deps, tally, at);
    return;
  }
  if (outcome.kind === 'gone' && wasThere(article.page)) {
    await applyRemoval(publisher, article, deps, tally, at);
    return;
  }
  if (outcome.kind === 'not-modified' || (outcome.kind === 'failed' && outcome.reason === 'aborted')) return;
  const reason = describeOutcome(outcome);
  const state = article.page.state === 'read' ? 'read' : outcome.kind === 'blocked' ? 'blocked' : 'failed';
  store.work.put(id, { ...article.page, state, reason, tries, dueAt: retryAt(article, tries, at, config) });
  tally.failed(article.url, reason);
}

/** Whether the page answered before it was gone. One that never did may be late, or the feed's address of it wrong. */
const wasThere = ({ state, reason, missing }: PageProgress): boolean =>
  state === 'read' || missing > 0 || /^(?:suspect|no-article)/.test(reason ?? '');

function takePage(
  publisher: StoredPublisher,
  article: StoredArticle,
  fetched: Fetched,
  deps: ReadingDeps,
  tally: PassTally,
  at: number,
): void {
  const { store, config } = deps;
  const other = whyNoPage(fetched.body);
  const html = other === null ? decodeHtml(fetched.body, fetched.contentType).text : '';
  const extracted: ExtractResult =
    other !== null
      ? { kind: 'no-article', reason: other }
      : deps.extractInTime(html, {
          url: fetched.url,
          rules: publisher.page,
          timeZone: publisher.timeZone,
          furniture: deps.furniture,
          name: article.stableId,
          feed: {
            title: article.title,
            contentHtml: article.origin === 'feed' ? article.content : null,
            publishedAt: article.publishedAt,
          },
        });
  faultPoint('sync:page-extracted');
  const settled = {
    ...article.page,
    reason: null,
    tries: 0,
    missing: 0,
    missingAt: null,
    dueAt: nextLookAt(article, at, config),
  };
  const isReread = article.page.state === 'read' && article.origin === 'page';
  const merging =
    extracted.kind === 'page'
      ? withinTime(() =>
          mergePage(publisher, article, extracted.page, {
            url: fetched.url,
            byFeed: hasFeedByline(article, store),
          }),
        )
      : ({ kind: 'too-long', reason: extracted.reason } as const);
  if (merging.kind === 'too-long') {
    if (isReread || article.origin === 'feed') deps.thinPages.thin(article.id);
    const reason = `no-article: ${merging.reason}`;
    store.work.put(article.id, {
      ...settled,
      state: article.page.state === 'read' ? 'read' : 'failed',
      reason,
    });
    tally.failed(article.url, reason);
    return;
  }
  const merged = merging.value;
  const feedLength = article.origin === 'feed' ? textOf(article.content).length : 0;
  if (textOf(merged.content).length < feedLength * SUSPECT_SHARE) {
    const reason = 'suspect: the page yields less than 60 % of the text the feed gave, so the feed is shown';
    store.work.put(article.id, { ...settled, state: 'failed', reason });
    tally.failed(article.url, reason);
    deps.thinPages.thin(article.id);
    return;
  }
  const take = (): void => keepPage(publisher, article, merged, settled, deps, tally, at);
  if (isReread && textOf(merged.content).length < textOf(article.content).length * SUSPECT_SHARE) {
    deps.thinPages.hold(article.id, { take, keep: () => keepOldCopy(article, settled, deps, tally, at) });
    return;
  }
  if (isReread || feedLength > 0) deps.thinPages.whole(article.id);
  take();
}

/** Whether a feed gave the byline in hand, as far as that is known. */
function hasFeedByline({ id, authors }: StoredArticle, { articles }: Store): boolean {
  const seen = articles.entryHashes(id);
  return seen.length === 0 || seen.some((hash) => gaveByline(hash, authors) !== false);
}

/** Most pages of this publisher are suspect: the copy in hand stays, and is compared again in a day. */
function keepOldCopy(
  article: StoredArticle,
  settled: PageProgress,
  { store }: ReadingDeps,
  tally: PassTally,
  at: number,
): void {
  const reason =
    'suspect: like most pages read with it, it yields less than 60 % of the copy in hand, which stays';
  const dueAt = Math.min(settled.dueAt ?? Number.MAX_SAFE_INTEGER, at + DAY_MS);
  store.work.put(article.id, { ...settled, reason, dueAt });
  tally.failed(article.url, reason);
}

function keepPage(
  publisher: StoredPublisher,
  article: StoredArticle,
  merged: Article,
  settled: PageProgress,
  deps: ReadingDeps,
  tally: PassTally,
  at: number,
): void {
  const { store } = deps;
  const dueAt = liveLookAt(merged, settled.dueAt, at);
  const restsUntil = article.page.state === 'read' ? liveRestsUntil(article, merged, at) : null;
  if (restsUntil !== null) {
    store.work.put(article.id, { ...settled, dueAt: Math.min(restsUntil, dueAt ?? restsUntil) });
    return;
  }
  store.transaction(() => {
    if (article.page.state === 'read' && !mayReplace(article, merged.content, deps, tally, at)) {
      store.work.put(article.id, {
        ...settled,
        reason: 'rewritten: the old text stays until the keeper accepts',
      });
      takeLostNames(article, merged, deps);
      return;
    }
    // The first reading is our better knowledge of the same text; a later difference is the publisher's change.
    const saved = store.articles.save(merged, { at, edition: article.page.state !== 'read' });
    afterSave(saved, deps);
    if (saved.kind === 'revised') tally.changed();
    // It was taken for removed, and is back.
    if (article.state === 'withdrawn') removeArticle(saved.article, 'live', null, deps, at);
    store.work.put(article.id, {
      ...settled,
      dueAt,
      state: 'read',
      checks: article.page.checks + (article.page.state === 'read' ? 1 : 0),
    });
    wantPictures(publisher, article.id, merged, deps, at);
  });
}

function retryAt(article: StoredArticle, tries: number, at: number, config: SyncConfig): number | null {
  const wait = RETRY_MS[tries - 1];
  return wait === undefined ? nextLookAt(article, at, config) : at + wait;
}
