import type { ListedArticle, ListOrder, ListScopeQuery } from '../store/list-queries.js';
import type { Store } from '../store/store.js';

/**
 * Numbered documents of a scope, `each` articles to one, counted from the oldest. An article that fell out of retention keeps its
 * place, so no number ever moves: a document whose every article has is gone, and its neighbors link past it.
 */
export function createNumbering(
  store: Store,
  scope: ListScopeQuery,
  options: { order: ListOrder; each: number; full: number },
) {
  const { order, each, full } = options;
  const isWhole = store.lists.kept(scope).all;
  const itemsOf = (number: number): ListedArticle[] =>
    store.lists.fromOldest(scope, order, (number - 1) * each, each);

  function numberOf(article: Pick<ListedArticle, 'id' | 'publishedAt'> | null): number | null {
    if (article === null) return null;
    const place =
      order === 'published'
        ? store.lists.position(scope, article.publishedAt, article.id)
        : store.lists.arrival(scope, article.id);
    return Math.floor(place / each) + 1;
  }

  /** The next older document there is; null where there is none. */
  function older(number: number): number | null {
    if (isWhole) return number > 1 ? number - 1 : null;
    const [first] = store.lists.fromOldest(scope, order, (number - 1) * each, 1);
    return first === undefined ? null : numberOf(store.lists.nearestKept(scope, order, first, 'before'));
  }

  /** The next newer full document there is; null where there is none. */
  function newer(number: number): number | null {
    if (isWhole) return number < full ? number + 1 : null;
    const [last] = store.lists.fromOldest(scope, order, number * each - 1, 1);
    const next = last === undefined ? null : numberOf(store.lists.nearestKept(scope, order, last, 'after'));
    return next !== null && next <= full ? next : null;
  }

  return {
    older,
    newer,
    /** The newest full document there is. */
    newest: (): number | null => {
      if (full === 0) return null;
      return isWhole || itemsOf(full).some((item) => !item.pruned) ? full : older(full);
    },
    /** The documents there are from one number to another, with what is on each. */
    *between(from: number, to: number): Generator<{ number: number; items: ListedArticle[] }> {
      for (let number: number | null = Math.max(1, from); number !== null && number <= Math.min(full, to); ) {
        const items = itemsOf(number);
        if (isWhole || items.some((item) => !item.pruned)) {
          yield { number, items };
          number += 1;
        } else number = newer(number);
      }
    },
  };
}
