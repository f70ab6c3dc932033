import { isDeepStrictEqual } from 'node:util';
import type { Article } from '../domain/article.js';
import { lostNames } from '../domain/lost-names.js';
import type { StoredArticle } from '../store/article-row.js';
import type { SaveResult } from '../store/save-article.js';
import { forgetNames } from './forget-names.js';
import { indexArticle } from './index-article.js';
import type { TakeDeps } from './page-deps.js';

/** Whatever was saved: the search index follows, and what shows it is rendered again. Inside the caller's transaction. */
export function afterSave(saved: SaveResult, deps: Pick<TakeDeps, 'store' | 'invalidator'>): void {
  if (saved.kind === 'unchanged') return;
  const { store, invalidator } = deps;
  const { article } = saved;
  if (article.state === 'live') indexArticle(store, article);
  if (saved.kind !== 'new') forgetNames(saved.before, article, store);
  if (saved.kind === 'new') {
    store.dirty.mark(invalidator.ofArticle(article, 'added', saved.seq));
    return;
  }
  const seq = saved.kind === 'revised' ? saved.seq : null;
  const affect =
    saved.before.publishedAt !== article.publishedAt ||
    saved.before.sectionSlug !== article.sectionSlug ||
    !isDeepStrictEqual(saved.before.tags, article.tags)
      ? 'added'
      : saved.kind === 'revised'
        ? 'changed'
        : 'edition';
  store.dirty.mark(invalidator.ofArticle(article, affect, seq));
  // It may have left a section, a tag, a month or a place in the order.
  store.dirty.mark(invalidator.ofArticle(saved.before, affect, null));
}

/** A text may wait for the keeper; a name that left its byline does not. Inside the caller's transaction. */
export function takeLostNames(known: StoredArticle, { authors, url }: Article, deps: TakeDeps): void {
  if (lostNames(known, { authors }).length === 0) return;
  afterSave(
    deps.store.articles.save({ ...known, authors, url }, { at: deps.clock.now(), edition: false }),
    deps,
  );
}
