import type { ArticleKind } from '../domain/article.js';
import { dayOf } from '../domain/zoned-time.js';
import type { ListItem, ListView, SilenceBanner, SilenceReason } from '../render/views.js';
import type { ListedArticle } from '../store/list-queries.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import { cut, LONGEST_TITLE_CHARS } from './fit.js';
import { nameOf } from './frame.js';
import { articlePath, relativeHref } from './paths.js';

/** Words a minute: silent reading of non-fiction, 238 in Brysbaert 2019, rounded down for a small screen. */
const READING_SPEED = 200;

export const readingMinutes = (words: number): number => Math.max(1, Math.round(words / READING_SPEED));

/** A headline as `path` lists it. `summaryChars` 0 leaves the summary out. */
export function listItem(
  store: Store,
  path: string,
  article: ListedArticle,
  options: { summaryChars: number; publisher: StoredPublisher | null; pictures: number | null },
): ListItem {
  const target = articlePath(article.publisherId, article.stableId);
  return {
    language: article.language,
    direction: article.direction,
    href: relativeHref(path, target),
    title: cut(article.title, LONGEST_TITLE_CHARS),
    summary:
      options.summaryChars === 0 || article.summary === ''
        ? null
        : cut(article.summary, options.summaryChars),
    section: article.section,
    publisher: options.publisher === null ? null : nameOf(options.publisher),
    kind: article.kind as ArticleKind,
    publishedAt: article.publishedAt,
    updated: article.revisedAt !== null,
    readingMinutes: article.words === 0 ? null : readingMinutes(article.words),
    pictures: options.pictures,
    pageBytes: store.pages.size(target)?.brBytes ?? null,
  };
}

/** Headlines under the day they were published on, in the order given. */
export function byDay<T extends { publishedAt: number }>(
  items: readonly T[],
  timeZone: string,
): { at: number; items: T[] }[] {
  const days: { at: number; items: T[] }[] = [];
  let current = '';
  for (const item of items) {
    const day = dayOf(item.publishedAt, timeZone);
    const last = days.at(-1);
    if (last !== undefined && day === current) last.items.push(item);
    else days.push({ at: item.publishedAt, items: [item] });
    current = day;
  }
  return days;
}

/** The banner a publisher's silence puts on its lists. */
export function bannerOf(publisher: StoredPublisher, shared: boolean): SilenceBanner | null {
  if (publisher.silence === 'none') return null;
  return {
    hours: publisher.silence === 'quiet' ? 6 : 72,
    // Of one that answers and says nothing, what counts is when it last had something to say.
    lastHeardAt: publisher.silenceReason === 'nothing-new' ? publisher.newsAt : publisher.heardAt,
    reason: publisher.silenceReason as SilenceReason | null,
    publisher: shared ? nameOf(publisher) : null,
  };
}

export const emptyList = (
  scope: ListView['scope'],
): Pick<
  ListView,
  | 'scope'
  | 'banners'
  | 'lead'
  | 'days'
  | 'others'
  | 'sinceAt'
  | 'newer'
  | 'older'
  | 'months'
  | 'publishers'
  | 'asOfAt'
> => ({
  scope,
  banners: [],
  lead: null,
  days: [],
  others: [],
  sinceAt: null,
  newer: null,
  older: null,
  months: [],
  publishers: [],
  asOfAt: null,
});
