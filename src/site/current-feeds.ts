import type { HttpUrl } from '../domain/http-url.js';
import { renderAtom } from '../render/atom.js';
import { renderJsonFeed } from '../render/json-feed.js';
import { renderRss } from '../render/rss.js';
import type { ListedArticle, ListScopeQuery } from '../store/list-queries.js';
import type { Store } from '../store/store.js';
import type { Document, RenderedGroup } from './document.js';
import { FULL_HISTORY_ENTRIES, HISTORY_ENTRIES, SUMMARY_CHARS } from './feed-history.js';
import type { FeedViews } from './feed-views.js';
import { firstThatFits } from './fit.js';
import { createNumbering } from './numbering.js';
import { absoluteUrl } from './origin.js';
import { type Scope, scopePath } from './paths.js';
import type { SiteConfig } from './site-config.js';

/** A feed of summaries holds at least so many entries, and a day of what the publisher usually brings. */
const MIN_ENTRIES = 30;
const MAX_ENTRIES = 150;
/** Whole texts in `full/`. */
const FULL_ENTRIES = 50;

const DAY_MS = 86_400_000;

const FORMATS = [
  { file: 'rss.xml', type: 'application/rss+xml; charset=utf-8', render: renderRss },
  { file: 'atom.xml', type: 'application/atom+xml; charset=utf-8', render: renderAtom },
  { file: 'feed.json', type: 'application/feed+json; charset=utf-8', render: renderJsonFeed },
] as const;

/** The current feeds of a scope, summaries within the line and whole texts outside it. */
export function createCurrentFeeds(config: SiteConfig, store: Store, views: FeedViews) {
  const { contextOf, entry, fullEntry, movedEntry, feedView } = views;

  /** How many entries a day of this scope is: the last day before its newest article, or the mean of its last week if that is more. */
  function usualDay(query: ListScopeQuery): number {
    const [newest] = store.lists.newest(query, 1);
    if (newest === undefined) return 0;
    const since = (ms: number) =>
      store.lists.count({ ...query, fromAt: newest.publishedAt - ms, toAt: newest.publishedAt + 1 });
    return Math.max(since(DAY_MS), Math.ceil(since(7 * DAY_MS) / 7));
  }

  /**
   * The newest, and everything that no archive document holds yet: an article that arrived late with an old date would else stand
   * in neither (RFC 5005 section 4 has readers put the two together).
   */
  function withUnarchived(
    newest: readonly ListedArticle[],
    query: ListScopeQuery,
    each: number,
  ): ListedArticle[] {
    const archived = Math.floor(store.lists.count(query) / each) * each;
    const shown = new Set(newest.map((article) => article.id));
    const unarchived = store.lists
      .fromOldest(query, 'taken', archived, each)
      .filter((article) => article.state === 'live' && !shown.has(article.id));
    return [...newest, ...unarchived].sort((a, b) => b.publishedAt - a.publishedAt || b.id - a.id);
  }

  function archives(
    scope: Scope,
    query: ListScopeQuery,
    folder: '' | 'full/',
  ): { previousArchive: HttpUrl | null } {
    const each = folder === '' ? HISTORY_ENTRIES : FULL_HISTORY_ENTRIES;
    const full = Math.floor(store.lists.count(query) / each);
    const newest = createNumbering(store, query, { order: 'taken', each, full }).newest();
    return {
      previousArchive:
        newest === null ? null : absoluteUrl(`${scopePath(scope)}${folder}history/${newest}.xml`),
    };
  }

  return (scope: Scope): RenderedGroup => {
    const context = contextOf(scope);
    if (context === null) return { documents: [], complete: true };
    const folder = scopePath(scope);
    const moved = movedEntry(scope, context.language);
    const wanted = Math.min(MAX_ENTRIES, Math.max(MIN_ENTRIES, usualDay(context.query)));
    const articles = store.lists.newest(context.query, wanted);
    const candidates = [
      ...SUMMARY_CHARS.map((chars) => ({ chars, count: wanted })),
      ...[0.85, 0.7, 0.55, 0.4].map((share) => ({
        chars: 0,
        count: Math.max(MIN_ENTRIES, Math.floor(wanted * share)),
      })),
    ];
    const documents = FORMATS.flatMap(({ file, type, render }): Document[] => {
      const compose = ({ chars, count }: { chars: number; count: number }) => {
        const view = feedView(
          scope,
          file,
          [
            ...moved,
            ...withUnarchived(articles.slice(0, count), context.query, HISTORY_ENTRIES).map((article) =>
              entry(article, chars),
            ),
          ],
          archives(scope, context.query, ''),
        );
        return view === null ? '' : render(view);
      };
      const { text } = firstThatFits(candidates, config.bodyBytes, compose);
      return [{ path: folder + file, status: 200, type, text, absolute: true, budget: 'line' }];
    });
    const whole =
      articles.length >= FULL_ENTRIES
        ? articles.slice(0, FULL_ENTRIES)
        : store.lists.newest(context.query, FULL_ENTRIES);
    const entries = [...moved, ...withUnarchived(whole, context.query, FULL_HISTORY_ENTRIES).map(fullEntry)];
    for (const { file, type, render } of FORMATS) {
      const view = feedView(scope, `full/${file}`, entries, archives(scope, context.query, 'full/'));
      if (view !== null)
        documents.push({
          path: `${folder}full/${file}`,
          status: 200,
          type,
          text: render(view),
          absolute: true,
          budget: 'free',
        });
    }
    return { documents, complete: true };
  };
}
