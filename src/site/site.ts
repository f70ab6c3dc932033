import { faultPoint } from '../domain/fault-point.js';
import type { DirtyGroup } from '../store/dirty-table.js';
import type { Store } from '../store/store.js';
import { renderChangesJson, renderPublishersJson } from './api-documents.js';
import { createArticlePages } from './article-pages.js';
import { createPicturesOf } from './chapters.js';
import { BULK_QUALITY, brotli, gzip } from './compress.js';
import { createCurrentFeeds } from './current-feeds.js';
import { createDirectories } from './directories.js';
import { type Document, JSON_TYPE, page, type RenderedGroup } from './document.js';
import { etagOf } from './etag.js';
import { createFeedHistory } from './feed-history.js';
import { createFeedViews } from './feed-views.js';
import { createFrames } from './frame.js';
import { createListPages } from './list-pages.js';
import { createMirrorPages, type TrustedLog } from './mirror-pages.js';
import { parseScope } from './paths.js';
import { createSearchPages } from './search-page.js';
import { createSharedPages } from './shared-pages.js';
import type { SiteConfig } from './site-config.js';
import type { TextSplitter } from './text-splitter.js';

export type Site = ReturnType<typeof createSite>;

/** The map: every public path, who builds it, and how its bytes come into the store. */
export function createSite(
  config: SiteConfig,
  deps: { store: Store; splitter: TextSplitter; logs: () => readonly TrustedLog[] },
) {
  const { store, splitter } = deps;
  const frames = createFrames(config, store);
  const picturesOf = createPicturesOf({ config, store, splitter });
  const articles = createArticlePages(config, store, frames, splitter);
  const lists = createListPages(config, store, frames, picturesOf);
  const feedViews = createFeedViews(config, store, splitter);
  const feeds = createCurrentFeeds(config, store, feedViews);
  const history = createFeedHistory(config, store, feedViews);
  const directories = createDirectories(config, store);
  const shared = createSharedPages(config, store, frames, picturesOf);
  const mirrors = createMirrorPages(config, store, frames, deps.logs);
  const search = createSearchPages(config, store, frames);

  const one = (document: Document): RenderedGroup => ({ documents: [document], complete: true });
  const nothing: RenderedGroup = { documents: [], complete: true };

  /** Renders a group by its key: `kind:what`. A key nobody knows renders nothing, and its documents go. */
  function render(dirty: Pick<DirtyGroup, 'key' | 'firstPage' | 'lastPage'>): RenderedGroup {
    const [kind = '', what = ''] = dirty.key.split(/:(.*)/s);
    const scope = parseScope(what);
    switch (kind) {
      case 'article':
        return articles.render(Number(what));
      case 'list':
        return scope !== null && 'publisherId' in scope
          ? lists.render(scope, dirty.firstPage, dirty.lastPage)
          : nothing;
      case 'feed':
        return scope === null ? nothing : feeds(scope);
      case 'history':
        return scope === null ? nothing : history(scope, '', dirty.firstPage, dirty.lastPage);
      case 'full-history':
        return scope === null ? nothing : history(scope, 'full/', dirty.firstPage, dirty.lastPage);
      case 'front':
        return one(shared.front(what));
      case 'about':
        return one(shared.about(what));
      case 'legal':
        return one(shared.legal(what));
      case 'feeds-page':
        return one(shared.feedsPage(what));
      case 'mirrors':
        return one(mirrors.mirrors(what));
      case 'verify':
        return one(mirrors.verify(what));
      case 'search':
        return one(page(`${what}search/`, search.form(what)));
      case 'api':
        return what === 'changes'
          ? renderChangesJson(store, dirty.firstPage, dirty.lastPage)
          : one(renderPublishersJson(store));
      case 'opml':
        return one(directories.opml());
      case 'sites':
        return one(directories.sites());
      case 'not-found':
        return one(shared.notFound('/404.html'));
      default:
        return nothing;
    }
  }

  /** Five articles that came before this one, chosen the first time it is rendered and kept: it renders again only for its own sake. */
  function chooseEarlier(articleId: number): void {
    const article = store.articles.get(articleId);
    if (article === null || article.earlier !== null) return;
    const earlier = store.lists
      .newest({ publisherId: article.publisherId, toAt: article.publishedAt }, EARLIER_HEADLINES)
      .map((listed) => listed.id);
    store.transaction(() => store.articles.setEarlier(articleId, earlier));
  }

  /** Renders one group and stores what differs from what is there. */
  function renderGroup(dirty: DirtyGroup, at: number): void {
    if (dirty.key.startsWith('article:')) chooseEarlier(Number(dirty.key.slice('article:'.length)));
    const { documents, complete, gone = [] } = render(dirty);
    const ready = documents.flatMap((document) => {
      const bytes = Buffer.from(document.text, 'utf8');
      const etag = etagOf(bytes);
      const before = store.pages.head(document.path);
      if (
        before !== null &&
        before.etag === etag &&
        before.status === document.status &&
        before.groupKey === dirty.key
      )
        return [];
      return [
        {
          document,
          etag,
          rawBytes: bytes.length,
          gzip: gzip(bytes),
          br: brotli(bytes, isPage(document) ? config.brotliQuality : BULK_QUALITY),
        },
      ];
    });
    faultPoint('site:rendered');
    store.transaction(() => {
      for (const { document, etag, rawBytes, gzip: gzipped, br } of ready) {
        const { path, status, type, absolute } = document;
        store.pages.put({
          path,
          groupKey: dirty.key,
          status,
          type,
          etag,
          modifiedAt: at,
          absolute,
          rawBytes,
          gzip: gzipped,
          br,
        });
      }
      faultPoint('site:half-stored');
      const current = new Set(documents.map((document) => document.path));
      const left = complete ? store.pages.pathsOf(dirty.key).filter((path) => !current.has(path)) : gone;
      for (const path of left) store.pages.remove(path);
      if (left.length > 0)
        store.meta.put('page-removals', String(Number(store.meta.get('page-removals') ?? 0) + 1));
      store.dirty.clear(dirty.key);
    });
  }

  /**
   * Renders the most wanted group that is out of date; false where there is none. Killed in the middle the next process goes on
   * where this one was: a group leaves the list in the transaction that stores it.
   */
  function renderNext(at: number): boolean {
    const dirty = store.dirty.next();
    if (dirty === null) return false;
    renderGroup(dirty, at);
    return true;
  }

  return {
    render,
    renderNext,
    search,
    /** The page that says there is no such page, for a path `depth` folders below the root. */
    notFound: (depth: number): string => shared.notFound(`/${'x/'.repeat(depth)}404.html`).text,
  };
}

/** What a reader on the line waits for. */
const isPage = (document: Document): boolean => document.budget === 'line' && document.type !== JSON_TYPE;

const EARLIER_HEADLINES = 5;
