import type { StoredArticle } from '../store/article-row.js';
import type { DirtyGroup } from '../store/dirty-table.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import { CHANGES_PER_PAGE } from './api-documents.js';
import { fronts, group, mirrorPages, PRIORITY, scopesOf, sharedPages, sharedScopes } from './dirty-groups.js';
import { FULL_HISTORY_ENTRIES, HISTORY_ENTRIES } from './feed-history.js';
import { groupsOfPruned } from './invalidate-pruned.js';
import { numberedPages, PAGE_ITEMS } from './list-pages.js';
import { hasFeed, type Scope, scopePath, scopeQuery } from './paths.js';
import { wholeTree } from './whole-tree.js';

/** Why an article's documents are out of date. `added`: it takes a place in every list, and all after it move by one. */
export type Affect = 'added' | 'changed' | 'removed' | 'edition';

export interface Invalidator {
  /** Every group that shows this article. `seq`: its number in the change sequence, where it has one. */
  ofArticle(article: StoredArticle, affect: Affect, seq: number | null): DirtyGroup[];
  /** Feeds and their archives say where an article stands in the signed log. */
  ofProof(article: StoredArticle): DirtyGroup[];
  /** What shows the state of a publisher or of its sources. */
  ofPublisher(publisherId: string, seq: number | null): DirtyGroup[];
  /** What tells when a publisher's sources are tried next. */
  ofSources(): DirtyGroup[];
  /** What names this mirror's addresses or the signed logs it carries. */
  ofMirrors(): DirtyGroup[];
  /** What showed articles that fell out of retention, taken together. They are pruned already. */
  ofPruned(articles: readonly StoredArticle[]): DirtyGroup[];
  /** The whole tree: another template, another config. Of `changed` publishers those at rest leave it. */
  everything(changed?: readonly string[]): DirtyGroup[];
}

export function createInvalidator(store: Store): Invalidator {
  function lists(scope: Scope, timeZone: string, article: StoredArticle, affect: Affect): DirtyGroup {
    const query = scopeQuery(scope, timeZone);
    const page = Math.floor(store.lists.position(query, article.publishedAt, article.id) / PAGE_ITEMS) + 1;
    const priority = scope.kind === 'publisher' ? PRIORITY.front : PRIORITY.list;
    const key = `list:${scopePath(scope)}`;
    if (affect !== 'added') return group(key, priority, page);
    // A page that has just become full is written, and the one before it learns that it has a newer one.
    const full = numberedPages(store.lists.count(query));
    return group(key, priority, Math.max(1, Math.min(page, full - 1)), Number.MAX_SAFE_INTEGER);
  }

  function histories(scope: Scope, timeZone: string, article: StoredArticle, affect: Affect): DirtyGroup[] {
    const arrival = store.lists.arrival(scopeQuery(scope, timeZone), article.id);
    const path = scopePath(scope);
    // The document before gains its link to the next one when that is begun; all after it move when it changes its section.
    const pages = (each: number): [number, number] => [
      Math.max(1, Math.floor(arrival / each)),
      affect === 'added' ? Number.MAX_SAFE_INTEGER : Math.floor(arrival / each) + 1,
    ];
    return [
      group(`history:${path}`, PRIORITY.history, ...pages(HISTORY_ENTRIES)),
      group(`full-history:${path}`, PRIORITY.history, ...pages(FULL_HISTORY_ENTRIES)),
    ];
  }

  function api(seq: number | null): DirtyGroup[] {
    if (seq === null) return [];
    const page = Math.ceil(seq / CHANGES_PER_PAGE);
    return [group('api:changes', PRIORITY.api, Math.max(1, Math.ceil((seq - 1) / CHANGES_PER_PAGE)), page)];
  }

  function ofArticle(article: StoredArticle, affect: Affect, seq: number | null): DirtyGroup[] {
    const publisher = store.publishers.get(article.publisherId);
    if (publisher === null) return [];
    const scopes = scopesOf(publisher, article);
    return [
      group(`article:${article.id}`, PRIORITY.article),
      ...scopes.map((scope) => lists(scope, publisher.timeZone, article, affect)),
      ...fronts(),
      ...feeds(publisher, article, affect),
      ...api(seq),
    ];
  }

  function feeds(publisher: StoredPublisher, article: StoredArticle, affect: Affect): DirtyGroup[] {
    const scopes: Scope[] = [
      ...scopesOf(publisher, article).filter(hasFeed),
      ...sharedScopes(publisher, article),
    ];
    return [
      ...scopes.map((scope) => group(`feed:${scopePath(scope)}`, PRIORITY.feed)),
      ...scopes.flatMap((scope) => histories(scope, publisher.timeZone, article, affect)),
    ];
  }

  return {
    ofArticle,
    ofProof: (article) => {
      const publisher = store.publishers.get(article.publisherId);
      return publisher === null ? [] : feeds(publisher, article, 'edition');
    },
    ofPruned: (articles) => groupsOfPruned(articles, store),
    ofPublisher: (publisherId, seq) => [
      group(`list:/${publisherId}/`, PRIORITY.front),
      ...fronts(),
      ...sharedPages(),
      ...api(seq),
      group('api:publishers', PRIORITY.api),
    ],
    ofSources: () => [...sharedPages(), group('api:publishers', PRIORITY.api)],
    ofMirrors: mirrorPages,
    everything: (changed = []) =>
      wholeTree(
        store,
        changed.flatMap((id) => store.publishers.get(id) ?? []).filter(({ active }) => !active),
      ),
  };
}
