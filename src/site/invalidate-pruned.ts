import type { StoredArticle } from '../store/article-row.js';
import type { DirtyGroup } from '../store/dirty-table.js';
import type { Store } from '../store/store.js';
import { group, PRIORITY, scopesOf, sharedScopes } from './dirty-groups.js';
import { FULL_HISTORY_ENTRIES, HISTORY_ENTRIES } from './feed-history.js';
import { PAGE_ITEMS } from './list-pages.js';
import { hasFeed, type Scope, scopePath, scopeQuery } from './paths.js';

/** Lists and histories from the document before the first of them to the one after the last: the neighbors' links change. */
export function groupsOfPruned(articles: readonly StoredArticle[], store: Store): DirtyGroup[] {
  const byScope = new Map<string, { scope: Scope; timeZone: string; articles: StoredArticle[] }>();
  for (const article of articles) {
    const publisher = store.publishers.get(article.publisherId);
    if (publisher === null) continue;
    const { timeZone } = publisher;
    const scopes = [...scopesOf(publisher, article), ...sharedScopes(publisher, article)];
    for (const scope of scopes) {
      const known = byScope.get(scopePath(scope)) ?? { scope, timeZone, articles: [] };
      known.articles.push(article);
      byScope.set(scopePath(scope), known);
    }
  }
  return [...byScope].flatMap(([path, { scope, timeZone, articles: gone }]) => {
    const query = scopeQuery(scope, timeZone);
    const span = (order: 'published' | 'taken', each: number): [number, number] => {
      const compare = (a: StoredArticle, b: StoredArticle): number =>
        (order === 'published' ? a.publishedAt - b.publishedAt : 0) || a.id - b.id;
      const sorted = [...gone].sort(compare);
      const place = ({ publishedAt, id }: { publishedAt: number; id: number }): number =>
        order === 'published' ? store.lists.position(query, publishedAt, id) : store.lists.arrival(query, id);
      const edge = (article: StoredArticle | undefined, direction: 'before' | 'after'): number =>
        article === undefined
          ? 1
          : Math.floor(place(store.lists.nearestKept(query, order, article, direction) ?? article) / each) +
            1;
      // The next kept article may stand on the same page as the last one that went; the page after links back to it.
      return [edge(sorted[0], 'before'), edge(sorted.at(-1), 'after') + 1];
    };
    const isList = 'publisherId' in scope;
    const isFeed = hasFeed(scope);
    return [
      ...(isList ? [group(`list:${path}`, PRIORITY.list, ...span('published', PAGE_ITEMS))] : []),
      ...(isFeed
        ? [
            group(`feed:${path}`, PRIORITY.feed),
            group(`history:${path}`, PRIORITY.history, ...span('taken', HISTORY_ENTRIES)),
            group(`full-history:${path}`, PRIORITY.history, ...span('taken', FULL_HISTORY_ENTRIES)),
          ]
        : []),
    ];
  });
}
