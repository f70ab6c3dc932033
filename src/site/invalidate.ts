import { listedTags } from '../domain/article-tags.js';
import { monthOf } from '../domain/zoned-time.js';
import type { StoredArticle } from '../store/article-row.js';
import type { DirtyGroup } from '../store/dirty-table.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import { CHANGES_PER_PAGE } from './api-documents.js';
import { FULL_HISTORY_ENTRIES, HISTORY_ENTRIES } from './feed-history.js';
import { SHARED_LANGUAGES } from './frame.js';
import { numberedPages, PAGE_ITEMS } from './list-pages.js';
import { hasFeed, type Scope, scopePath, scopeQuery } from './paths.js';

/** What a reader meets first is rendered first; lists come after articles because they say what each article weighs. */
const PRIORITY = {
  article: 1,
  front: 2,
  shared: 3,
  feed: 4,
  list: 5,
  api: 6,
  history: 7,
  backlog: 8,
} as const;

const group = (
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

/** Why an article's documents are out of date. `added`: it takes a place in every list, and all after it move by one. */
export type Affect = 'added' | 'changed' | 'removed' | 'edition';

export interface Invalidator {
  /** Every group that shows this article. `seq`: its number in the change sequence, where it has one. */
  ofArticle(article: StoredArticle, affect: Affect, seq: number | null): DirtyGroup[];
  /** Feeds and their archives say where an article stands in the signed log. */
  ofProof(article: StoredArticle): DirtyGroup[];
  /** What shows the state of a publisher or of its sources. */
  ofPublisher(publisherId: string, seq: number | null): DirtyGroup[];
  /** What names this mirror's addresses or the signed logs it carries. */
  ofMirrors(): DirtyGroup[];
  /** What showed articles that fell out of retention, taken together. They are pruned already. */
  ofPruned(articles: readonly StoredArticle[]): DirtyGroup[];
  /** The whole tree: another template, another config. */
  everything(): DirtyGroup[];
}

export function createInvalidator(store: Store): Invalidator {
  function scopesOf(
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

  function sharedScopes(publisher: StoredPublisher, article: StoredArticle): Scope[] {
    const [language = publisher.language] = article.language.split('-');
    return [
      { kind: 'node' },
      ...(SHARED_LANGUAGES as readonly string[])
        .filter((shared) => shared === language)
        .map((shared): Scope => ({ kind: 'language', language: shared })),
    ];
  }

  const fronts = (): DirtyGroup[] => [
    group('front:/', PRIORITY.front),
    ...SHARED_LANGUAGES.map((language) => group(`front:/${language}/`, PRIORITY.shared)),
  ];

  function lists(scope: Scope, timeZone: string, article: StoredArticle, affect: Affect): DirtyGroup {
    const query = scopeQuery(scope, timeZone);
    const page = Math.floor(store.lists.position(query, article.publishedAt, article.id) / PAGE_ITEMS) + 1;
    const priority = scope.kind === 'publisher' ? PRIORITY.front : PRIORITY.list;
    const key = `list:${scopePath(scope)}`;
    if (affect !== 'added') return group(key, priority, page);
    // A page that has just become full is written, and the one before it learns that it has a newer one.
    const full = numberedPages(store.lists.count(query));
    return group(key, priority, Math.max(1, Math.min(page, full - 1)), Number.MAX_SAFE_INTEGER);
  }

  function histories(scope: Scope, timeZone: string, article: StoredArticle, affect: Affect): DirtyGroup[] {
    const arrival = store.lists.arrival(scopeQuery(scope, timeZone), article.id);
    const path = scopePath(scope);
    // The document before gains its link to the next one when that is begun; all after it move when it changes its section.
    const pages = (each: number): [number, number] => [
      Math.max(1, Math.floor(arrival / each)),
      affect === 'added' ? Number.MAX_SAFE_INTEGER : Math.floor(arrival / each) + 1,
    ];
    return [
      group(`history:${path}`, PRIORITY.history, ...pages(HISTORY_ENTRIES)),
      group(`full-history:${path}`, PRIORITY.history, ...pages(FULL_HISTORY_ENTRIES)),
    ];
  }

  function api(seq: number | null): DirtyGroup[] {
    if (seq === null) return [];
    const page = Math.ceil(seq / CHANGES_PER_PAGE);
    return [group('api:changes', PRIORITY.api, Math.max(1, Math.ceil((seq - 1) / CHANGES_PER_PAGE)), page)];
  }

  function ofArticle(article: StoredArticle, affect: Affect, seq: number | null): DirtyGroup[] {
    const publisher = store.publishers.get(article.publisherId);
    if (publisher === null) return [];
    const scopes = scopesOf(publisher, article);
    return [
      group(`article:${article.id}`, PRIORITY.article),
      ...scopes.map((scope) => lists(scope, publisher.timeZone, article, affect)),
      ...fronts(),
      ...feeds(publisher, article, affect),
      ...api(seq),
    ];
  }

  function feeds(publisher: StoredPublisher, article: StoredArticle, affect: Affect): DirtyGroup[] {
    const scopes: Scope[] = [
      ...scopesOf(publisher, article).filter(hasFeed),
      ...sharedScopes(publisher, article),
    ];
    return [
      ...scopes.map((scope) => group(`feed:${scopePath(scope)}`, PRIORITY.feed)),
      ...scopes.flatMap((scope) => histories(scope, publisher.timeZone, article, affect)),
    ];
  }

  const sharedPages = (): DirtyGroup[] =>
    ['/', ...SHARED_LANGUAGES.map((language) => `/${language}/`)].flatMap((prefix) => [
      group(`about:${prefix}`, PRIORITY.shared),
      group(`legal:${prefix}`, PRIORITY.shared),
      group(`feeds-page:${prefix}`, PRIORITY.shared),
      group(`search:${prefix}`, PRIORITY.shared),
    ]);

  const mirrorPages = (): DirtyGroup[] => [
    ...['/', ...SHARED_LANGUAGES.map((language) => `/${language}/`)].flatMap((prefix) => [
      group(`mirrors:${prefix}`, PRIORITY.shared),
      group(`verify:${prefix}`, PRIORITY.shared),
    ]),
    group('sites', PRIORITY.api),
  ];

  const single = (): DirtyGroup[] => [
    group('api:publishers', PRIORITY.api),
    group('opml', PRIORITY.api),
    group('not-found', PRIORITY.shared),
  ];

  /** Lists and histories from the document before the first of them to the one after the last: the neighbors' links change. */
  function ofPruned(articles: readonly StoredArticle[]): DirtyGroup[] {
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
          order === 'published'
            ? store.lists.position(query, publishedAt, id)
            : store.lists.arrival(query, id);
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

  return {
    ofArticle,
    ofProof: (article) => {
      const publisher = store.publishers.get(article.publisherId);
      return publisher === null ? [] : feeds(publisher, article, 'edition');
    },
    ofPruned,
    ofPublisher: (publisherId, seq) => [
      group(`list:/${publisherId}/`, PRIORITY.front),
      ...fronts(),
      ...sharedPages(),
      ...api(seq),
      group('api:publishers', PRIORITY.api),
    ],
    ofMirrors: mirrorPages,
    everything: () => [
      ...fronts(),
      ...sharedPages(),
      ...mirrorPages(),
      ...single(),
      group('api:changes', PRIORITY.api, 1, Number.MAX_SAFE_INTEGER),
      ...[
        { kind: 'node' } as const,
        ...SHARED_LANGUAGES.map((language) => ({ kind: 'language', language }) as const),
      ].flatMap((scope) => wholeScope(scope)),
      ...store.publishers.active().flatMap((publisher) => wholePublisher(publisher)),
    ],
  };

  function wholeScope(scope: Scope): DirtyGroup[] {
    const path = scopePath(scope);
    return [
      group(`feed:${path}`, PRIORITY.feed),
      group(`history:${path}`, PRIORITY.backlog, 1, Number.MAX_SAFE_INTEGER),
      group(`full-history:${path}`, PRIORITY.backlog, 1, Number.MAX_SAFE_INTEGER),
    ];
  }

  function wholePublisher(publisher: StoredPublisher): DirtyGroup[] {
    const own: Scope = { kind: 'publisher', publisherId: publisher.id };
    const sections = store.lists
      .sections(publisher.id)
      .map((section): Scope => ({ kind: 'section', publisherId: publisher.id, slug: section.slug }));
    const articles = store.lists
      .fromOldest({ publisherId: publisher.id }, 'taken', 0, Number.MAX_SAFE_INTEGER)
      .filter((article) => !article.pruned);
    const months = new Set(articles.map((article) => monthOf(article.publishedAt, publisher.timeZone)));
    const lists = [
      own,
      ...sections,
      ...store.tags
        .slugs(publisher.id)
        .map((slug): Scope => ({ kind: 'tag', publisherId: publisher.id, slug })),
      ...[...months].map((month): Scope => ({ kind: 'month', publisherId: publisher.id, month })),
    ];
    return [
      ...articles.map((article) => group(`article:${article.id}`, PRIORITY.backlog - 1)),
      ...lists.map((scope) =>
        group(`list:${scopePath(scope)}`, PRIORITY.backlog, 1, Number.MAX_SAFE_INTEGER),
      ),
      ...[own, ...sections].flatMap((scope) => wholeScope(scope)),
    ];
  }
}
