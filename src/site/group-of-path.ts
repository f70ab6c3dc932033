import type { DirtyGroup } from '../store/dirty-table.js';
import type { Store } from '../store/store.js';
import { SHARED_LANGUAGES } from './frame.js';
import { parseScope } from './paths.js';

/** Paths of an article: its parts, its changes, its JSON. */
const ARTICLE = /^\/([a-z0-9-]+)\/a([a-z0-9]{1,40})\/(?:p\d{1,4}\/|changes\/)?$/;
const ARTICLE_JSON = /^\/api\/v1\/articles\/([a-z0-9-]+)\/([a-z0-9]{1,40})(?:\.p\d{1,4})?\.json$/;
const CHANGES_JSON = /^\/api\/v1\/changes(?:\/(\d{1,9}))?\.json$/;
const NUMBERED = /^(\/[a-z0-9-]+\/(?:[st]\/[a-z0-9-]{1,40}\/|\d{4}-\d{2}\/)?)p(\d{1,6})\/$/;
const FEED = /^(\/(?:[a-z0-9-]+\/(?:s\/[a-z0-9-]{1,40}\/)?)?)(?:full\/)?(?:rss\.xml|atom\.xml|feed\.json)$/;
const HISTORY = /^(\/(?:[a-z0-9-]+\/(?:s\/[a-z0-9-]{1,40}\/)?)?)(full\/)?history\/(\d{1,6})\.xml$/;
const SHARED = /^(\/(?:[a-z]{2}\/)?)(about|feeds|legal|mirrors|search|verify)\/$/;

/**
 * Whether the tree has the language that a path begins with, if it does: those of the interface and of its publishers. Two letters are
 * a language, since ids of publishers are longer.
 */
export function hasLanguageOf(path: string, { publishers }: Store): boolean {
  const language = /^\/([a-z]{2})\//.exec(path)?.[1];
  return (
    language === undefined ||
    (SHARED_LANGUAGES as readonly string[]).includes(language) ||
    publishers.active().some((publisher) => publisher.language.split('-')[0] === language)
  );
}

const group = (key: string, page: number | null = null): DirtyGroup => ({
  key,
  priority: 0,
  firstPage: page,
  lastPage: page,
});

/** Which group a path is rendered with, for a document that was not rendered yet; null where the tree has no such path. */
export function groupOfPath(store: Store, path: string): DirtyGroup | null {
  if (!hasLanguageOf(path, store)) return null;
  const article = ARTICLE.exec(path) ?? ARTICLE_JSON.exec(path);
  if (article !== null) {
    const found = store.articles.find(article[1] ?? '', {
      stableId: article[2] ?? '',
      guid: null,
      url: null,
    });
    return found === null || found.prunedAt !== null ? null : group(`article:${found.id}`);
  }
  const numbered = NUMBERED.exec(path);
  if (numbered !== null) return group(`list:${numbered[1]}`, Number(numbered[2]));
  const history = HISTORY.exec(path);
  if (history !== null)
    return group(`${history[2] === undefined ? '' : 'full-'}history:${history[1]}`, Number(history[3]));
  const feed = FEED.exec(path);
  if (feed !== null) return group(`feed:${feed[1]}`);
  const shared = SHARED.exec(path);
  if (shared !== null) return group(`${shared[2] === 'feeds' ? 'feeds-page' : shared[2]}:${shared[1]}`);
  const changes = CHANGES_JSON.exec(path);
  if (changes !== null) return group('api:changes', changes[1] === undefined ? null : Number(changes[1]));
  if (path === '/api/v1/publishers.json') return group('api:publishers');
  if (path === '/opml.xml') return group('opml');
  if (path === '/sites.json') return group('sites');
  const scope = parseScope(path);
  if (scope === null) return null;
  return group(scope.kind === 'node' || scope.kind === 'language' ? `front:${path}` : `list:${path}`);
}
