import { renderAtom } from '../render/atom.js';
import type { Store } from '../store/store.js';
import { type Document, pathsBetween, pathsPast, type RenderedGroup } from './document.js';
import { type FeedViews, LONGEST_SUMMARY_CHARS } from './feed-views.js';
import { firstThatFits } from './fit.js';
import { createNumbering } from './numbering.js';
import { absoluteUrl } from './origin.js';
import { type Scope, scopePath } from './paths.js';
import type { SiteConfig } from './site-config.js';

/** Entries of an archive document (RFC 5005 section 4). No more than the plain feed holds, so that nothing falls between the two. */
export const HISTORY_ENTRIES = 30;
export const FULL_HISTORY_ENTRIES = 25;

/** Summaries shorten before entries drop. */
export const SUMMARY_CHARS = [LONGEST_SUMMARY_CHARS, 200, 160, 120, 90, 60, 30, 0] as const;

/** Archive documents of a scope (RFC 5005 section 4), numbered from the oldest by order of arrival: a full one never changes again. */
export function createFeedHistory(config: SiteConfig, store: Store, views: FeedViews) {
  const { contextOf, entry, fullEntry, feedView } = views;

  return (
    scope: Scope,
    folder: '' | 'full/',
    fromPage: number | null,
    toPage: number | null,
  ): RenderedGroup => {
    const context = contextOf(scope);
    if (context === null) return { documents: [], complete: true };
    const each = folder === '' ? HISTORY_ENTRIES : FULL_HISTORY_ENTRIES;
    const full = Math.floor(store.lists.count(context.query) / each);
    const base = `${scopePath(scope)}${folder}`;
    const archive = (number: number) => absoluteUrl(`${base}history/${number}.xml`);
    const documents: Document[] = [];
    const numbering = createNumbering(store, context.query, { order: 'taken', each, full });
    const [from, to] = [fromPage ?? full, toPage ?? full];
    const there = new Set<number>();
    for (const { number, items } of numbering.between(from, to)) {
      there.add(number);
      const articles = items.reverse().filter((article) => article.state === 'live');
      const [older, newer] = [numbering.older(number), numbering.newer(number)];
      const paging = {
        current: absoluteUrl(`${base}atom.xml`),
        previousArchive: older === null ? null : archive(older),
        nextArchive: newer === null ? null : archive(newer),
        archive: true,
      };
      const compose = (chars: number) => {
        const entries = articles.map((article) =>
          folder === '' ? entry(article, chars) : fullEntry(article),
        );
        const view = feedView(scope, `${folder}history/${number}.xml`, entries, paging);
        return view === null ? '' : renderAtom(view);
      };
      documents.push({
        path: `${base}history/${number}.xml`,
        status: 200,
        type: 'application/atom+xml; charset=utf-8',
        text:
          folder === ''
            ? firstThatFits(SUMMARY_CHARS, config.bodyBytes, compose).text
            : compose(LONGEST_SUMMARY_CHARS),
        absolute: true,
        budget: folder === '' ? 'line' : 'free',
      });
    }
    const key = `${folder === '' ? 'history' : 'full-history'}:${scopePath(scope)}`;
    const stored = store.pages.pathsOf(key);
    const shrinks = toPage !== null && toPage >= full;
    const gone = [
      ...pathsBetween(stored, [from, Math.min(full, to)], there),
      ...(shrinks ? pathsPast(stored, full) : []),
    ];
    return { documents, complete: false, gone };
  };
}
