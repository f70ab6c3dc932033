import { stableIdOf } from '../domain/article-key.js';
import { CHANGES_PER_PAGE } from '../site/api-documents.js';
import { articlePath } from '../site/paths.js';
import type { Store } from '../store/store.js';

/**
 * Where a path that is none of the tree's leads: a missing slash at the end, the publisher's own URL path under the publisher's
 * id, a cursor of the API. Null: nowhere.
 */
export function createRedirects(store: Store): (path: string, url: string, base: string) => string | null {
  return (path, url, base) => {
    const inBase = (target: string): string => base.slice(0, -1) + target;
    // The folder's own name without its slash.
    if (path === '') return base;
    if (path === '/api/v1/changes' || path === '/api/v1/changes/') {
      const since = Number(new URLSearchParams(url.split('?')[1] ?? '').get('since') ?? Number.NaN);
      if (!Number.isSafeInteger(since) || since < 0) return inBase('/api/v1/changes.json');
      const page = Math.floor(Math.min(since, store.changes.lastSeq()) / CHANGES_PER_PAGE) + 1;
      const last = Math.max(1, Math.ceil(store.changes.lastSeq() / CHANGES_PER_PAGE));
      return inBase(`/api/v1/changes/${Math.min(page, last)}.json`);
    }
    // Where a provider's abuse desk looks first.
    const abuse = /^(\/(?:[a-z]{2}\/)?)abuse\/?$/.exec(path);
    if (abuse !== null) return inBase(`${abuse[1]}legal/`);
    if (!path.endsWith('/') && store.pages.head(`${path}/`) !== null) return inBase(`${path}/`);
    const publisher = store.publishers.get(path.split('/')[1] ?? '');
    if (publisher === null || !publisher.active) return null;
    if (/^\/[a-z0-9-]+$/.test(path)) return inBase(`${path}/`);
    if (path.startsWith('//') || path.length > 500) return null;
    const original = publisher.homepage.replace(/\/$/, '') + path.slice(publisher.id.length + 1);
    const patterns = publisher.identity.patterns.map((pattern) => new RegExp(pattern));
    const stableId = stableIdOf(patterns, { url: original, guid: null }) ?? '';
    const found = store.articles.find(publisher.id, { stableId, guid: null, url: original });
    if (found !== null && found.prunedAt === null) return inBase(articlePath(publisher.id, found.stableId));
    return /\/a[a-z0-9]{1,40}$/.test(path) || /\/(?:s\/[a-z0-9-]+|\d{4}-\d{2}|p\d+)$/.test(path)
      ? inBase(`${path}/`)
      : null;
  };
}
