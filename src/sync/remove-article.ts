import type { ArticleState } from '../domain/article.js';
import type { StoredArticle } from '../store/article-row.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import { isPastDayLimit } from './day-limit.js';
import { indexArticle } from './index-article.js';
import type { PageDeps } from './page-deps.js';
import type { PassTally } from './pass-tally.js';
import type { UpstreamCheck } from './upstream-answers.js';

const POLICY_STATE: Readonly<Record<'withdraw' | 'tombstone', ArticleState>> = {
  withdraw: 'withdrawn',
  tombstone: 'tombstone',
};

/**
 * An article's page is gone. It counts as removed at the second look, `confirmRemovalMs` later, while the publisher as a whole
 * answers: a seized or broken site must not empty its mirrors. Past the day's limit the keeper is asked.
 */
export async function applyRemoval(
  publisher: StoredPublisher,
  article: StoredArticle,
  deps: PageDeps & { upstream: UpstreamCheck },
  tally: PassTally,
  at: number,
): Promise<void> {
  const { store, config } = deps;
  const missing = article.page.missing + 1;
  const missingAt = article.page.missingAt ?? at;
  const wait = {
    ...article.page,
    tries: 0,
    missing,
    missingAt,
    dueAt: at + config.confirmRemovalMs,
    reason: 'gone',
  };
  if (missing < 2 || at - missingAt < config.confirmRemovalMs) {
    store.work.put(article.id, { ...wait, dueAt: missingAt + config.confirmRemovalMs });
    tally.noted(article.url, 'gone: looked at again before it counts as removed');
    return;
  }
  if (publisher.removal === 'keep' || article.state !== 'live') {
    store.work.put(article.id, { ...wait, dueAt: null });
    return;
  }
  const doubt = await deps.upstream();
  if (doubt !== null) {
    store.work.put(article.id, wait);
    tally.noted(article.url, `gone, but nothing is removed: ${doubt}`);
    return;
  }
  store.work.put(article.id, { ...wait, dueAt: null });
  if (isPastDayLimit(publisher.id, deps, at)) {
    store.decisions.ask(publisher.id, 'removal', article.stableId, at);
    tally.noted(article.url, 'removed upstream; past the limit of a day, so it waits for the keeper');
    return;
  }
  removeArticle(article, POLICY_STATE[publisher.removal], 'removed by the publisher', deps, at);
  tally.removed();
}

/** Withdraws an article (a notice in its place), buries it (text, pictures, search entry and revisions go) or brings it back. */
export function removeArticle(
  article: StoredArticle,
  state: ArticleState,
  reason: string | null,
  deps: Pick<PageDeps, 'store' | 'invalidator'>,
  at: number,
): void {
  const { store, invalidator } = deps;
  store.transaction(() => {
    const seq = store.articles.changeState(article.id, state, reason, at);
    if (seq === null) return;
    if (state === 'live') indexArticle(store, article);
    else store.search.remove(article.id);
    if (state === 'tombstone') {
      store.searchScrub.want();
      store.articles.empty(article.id);
      store.revisions.drop(article.id);
      store.media.dropAll(article.id);
    }
    store.dirty.mark(invalidator.ofArticle(article, 'removed', seq));
    for (const id of store.articles.listing(article))
      store.dirty.mark([{ key: `article:${id}`, priority: 1, firstPage: null, lastPage: null }]);
  });
}
