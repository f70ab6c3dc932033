import { listedTags } from '../domain/article-tags.js';
import { monthOf } from '../domain/zoned-time.js';
import type { StoredArticle } from '../store/article-row.js';
import type { DirtyGroup } from '../store/dirty-table.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import { SHARED_LANGUAGES } from './frame.js';
import type { Scope } from './paths.js';

/** What a reader meets first is rendered first; lists come after articles because they say what each article weighs. */
export const PRIORITY = {
  article: 1,
  front: 2,
  shared: 3,
  feed: 4,
  list: 5,
  api: 6,
  history: 7,
  backlog: 8,
} as const;

/** A group of documents by its key, `kind:what`; of numbered ones the pages from `firstPage` to `lastPage`, both in it. */
export const group = (
  key: string,
  priority: number,
  firstPage: number | null = null,
  lastPage = firstPage,
): DirtyGroup => ({
  key,
  priority,
  firstPage,
  lastPage,
});

/** Every page there is and will be. */
export const ALL_PAGES: readonly [number, number] = [1, Number.MAX_SAFE_INTEGER];

/** The lists of its publisher that an article stands in. */
export function scopesOf(
  publisher: StoredPublisher,
  article: StoredArticle,
): Extract<Scope, { publisherId: string }>[] {
  const scopes: Extract<Scope, { publisherId: string }>[] = [
    { kind: 'publisher', publisherId: publisher.id },
    { kind: 'month', publisherId: publisher.id, month: monthOf(article.publishedAt, publisher.timeZone) },
  ];
  if (article.sectionSlug !== null)
    scopes.push({ kind: 'section', publisherId: publisher.id, slug: article.sectionSlug });
  for (const { slug } of listedTags(article.tags, article.sectionSlug))
    scopes.push({ kind: 'tag', publisherId: publisher.id, slug });
  return scopes;
}

/** The feeds that it shares with other publishers. */
export function sharedScopes(publisher: StoredPublisher, article: StoredArticle): Scope[] {
  const [language = publisher.language] = article.language.split('-');
  return [
    { kind: 'node' },
    ...(SHARED_LANGUAGES as readonly string[])
      .filter((shared) => shared === language)
      .map((shared): Scope => ({ kind: 'language', language: shared })),
  ];
}

export const fronts = (): DirtyGroup[] => [
  group('front:/', PRIORITY.front),
  ...SHARED_LANGUAGES.map((language) => group(`front:/${language}/`, PRIORITY.shared)),
];

export const sharedPages = (): DirtyGroup[] =>
  ['/', ...SHARED_LANGUAGES.map((language) => `/${language}/`)].flatMap((prefix) => [
    group(`about:${prefix}`, PRIORITY.shared),
    group(`legal:${prefix}`, PRIORITY.shared),
    group(`feeds-page:${prefix}`, PRIORITY.shared),
    group(`search:${prefix}`, PRIORITY.shared),
  ]);

export const mirrorPages = (): DirtyGroup[] => [
  ...['/', ...SHARED_LANGUAGES.map((language) => `/${language}/`)].flatMap((prefix) => [
    group(`mirrors:${prefix}`, PRIORITY.shared),
    group(`verify:${prefix}`, PRIORITY.shared),
  ]),
  group('sites', PRIORITY.api),
];

/** Documents of which there is one. */
export const single = (): DirtyGroup[] => [
  group('api:publishers', PRIORITY.api),
  group('opml', PRIORITY.api),
  group('not-found', PRIORITY.shared),
];
