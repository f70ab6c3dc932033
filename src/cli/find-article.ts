import { stableIdOf } from '../domain/article-key.js';
import type { Publisher } from '../domain/publisher.js';
import type { StoredArticle } from '../store/article-row.js';
import type { Store } from '../store/store.js';

/** `/publisher/a<id>/` and whatever stands before and after it: an address of any mirror. */
const ON_A_MIRROR = /\/([a-z0-9-]+)\/a([a-z0-9]{1,40})(?:\/|$)/;

/** The article that a publisher's address, a mirror's, or a path of the tree names; null where this node keeps none such. */
export function findArticle(
  store: Store,
  publishers: readonly Publisher[],
  address: string,
): StoredArticle | null {
  const [, publisherId, stableId] = ON_A_MIRROR.exec(address.replace(/[?#].*$/, '')) ?? [];
  if (stableId !== undefined && publishers.some(({ id }) => id === publisherId)) {
    const named = store.articles.find(publisherId ?? '', { stableId, guid: null, url: null });
    if (named !== null && named.prunedAt === null) return named;
  }
  if (!URL.canParse(address)) return null;
  const url = new URL(address).href;
  for (const { id, identity } of publishers) {
    const patterns = identity.patterns.map((pattern) => new RegExp(pattern));
    const found = store.articles.find(id, {
      stableId: stableIdOf(patterns, { url, guid: null }) ?? '',
      guid: null,
      url,
    });
    // Numbers of two publishers may be the same, so the host decides as well.
    if (found !== null && found.prunedAt === null && new URL(found.url).host === new URL(url).host)
      return found;
  }
  return null;
}
