import { monthOf, monthSpan } from '../domain/zoned-time.js';
import { renderList } from '../render/list-page.js';
import type { ListScope, ListView } from '../render/views.js';
import type { ListedArticle } from '../store/list-queries.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import type { PicturesOf } from './chapters.js';
import { type Document, page, pathsBetween, pathsPast, type RenderedGroup } from './document.js';
import { fitList, LEAD_SUMMARY_CHARS } from './fit-list.js';
import { type FrameMaker, phrase } from './frame.js';
import { bannerOf, byDay, emptyList, listItem } from './list-view.js';
import { createNumbering } from './numbering.js';
import { hasFeed, relativeHref, type Scope, scopePath, scopeQuery } from './paths.js';
import { leadPicture } from './picture-views.js';
import type { SiteConfig } from './site-config.js';

/** Headlines on a numbered page. A page is full once it has them, and is then never written again. */
export const PAGE_ITEMS = 20;
/** The first page holds what no full page holds yet, and never fewer than these. */
const FRONT_ITEMS = 12;

/** How many full numbered pages stand behind the first one. */
export const numberedPages = (total: number): number =>
  Math.max(0, Math.floor((total - FRONT_ITEMS) / PAGE_ITEMS));

const MONTHS_SHOWN = 12;

export type PublisherScope = Extract<Scope, { publisherId: string }>;

/** The first page of a publisher, a section, a tag or a month, and its numbered pages `fromPage` to `toPage`. */
export function createListPages(
  config: SiteConfig,
  store: Store,
  frames: FrameMaker,
  picturesOf: PicturesOf,
) {
  function view(
    publisher: StoredPublisher,
    scope: PublisherScope,
    path: string,
    frameScope: Scope,
  ): ListView {
    return {
      ...frames.ofPublisher(publisher, path, frameScope),
      ...emptyList(listScope(publisher, scope)),
      asOfAt: store.changes.lastAt(publisher.id),
    };
  }

  function listScope(publisher: StoredPublisher, scope: PublisherScope): ListScope {
    if (scope.kind === 'publisher') return { kind: 'front' };
    if (scope.kind === 'month') return { kind: 'month', at: monthMiddle(scope.month) };
    if (scope.kind === 'tag') {
      const name = store.tags.nameOf(publisher.id, scope.slug);
      return { kind: 'tag', name: phrase(name ?? scope.slug, publisher.language) };
    }
    const section = store.lists.sections(publisher.id).find((candidate) => candidate.slug === scope.slug);
    return { kind: 'section', name: phrase(section?.name ?? scope.slug, publisher.language) };
  }

  function months(publisher: StoredPublisher, path: string): ListView['months'] {
    const span = store.lists.span({ publisherId: publisher.id });
    if (span === null) return [];
    const first = monthOf(span.from, publisher.timeZone);
    const found: { at: number; href: ReturnType<typeof relativeHref> }[] = [];
    for (
      let month = monthOf(span.to, publisher.timeZone);
      month >= first && found.length < MONTHS_SHOWN;
      month = monthBefore(month)
    ) {
      const within = { publisherId: publisher.id, ...monthSpan(month, publisher.timeZone) };
      if (store.lists.newest(within, 1).length === 0) continue;
      const target = scopePath({ kind: 'month', publisherId: publisher.id, month });
      found.push({ at: monthMiddle(month), href: relativeHref(path, target) });
    }
    return found;
  }

  /** Renders with the longest summaries that fit the line, and with the lead's picture where that still fits. */
  function fitted(
    publisher: StoredPublisher,
    base: ListView,
    path: string,
    articles: readonly ListedArticle[],
    withLead: boolean,
  ): string {
    const [first] = articles;
    const items = (summaryChars: number, listed: readonly ListedArticle[]) =>
      listed.map((article) =>
        listItem(store, path, article, { summaryChars, publisher: null, pictures: picturesOf(article) }),
      );
    const compose = (summaryChars: number, picture: ReturnType<typeof leadPicture>[number]): ListView => {
      if (!withLead || first === undefined)
        return { ...base, days: byDay(items(summaryChars, articles), publisher.timeZone) };
      const [lead] = items(LEAD_SUMMARY_CHARS, [first]);
      return {
        ...base,
        lead: lead === undefined ? null : { ...lead, picture },
        days: byDay(items(summaryChars, articles.slice(1)), publisher.timeZone),
      };
    };
    const pictures = withLead && first !== undefined ? leadPicture(config, store, path, first.id) : [];
    return fitList(pictures, config.bodyBytes, (chars, picture) => renderList(compose(chars, picture)));
  }

  function front(
    publisher: StoredPublisher,
    scope: PublisherScope,
    full: number,
    numbering: Numbering,
  ): Document {
    const path = scopePath(scope);
    const query = scopeQuery(scope, publisher.timeZone);
    const older = numbering.newest();
    const articles = store.lists
      .fromOldest(query, 'published', full * PAGE_ITEMS, FRONT_ITEMS + PAGE_ITEMS)
      .reverse()
      .filter((article) => article.state === 'live');
    const banner = bannerOf(publisher, false);
    const base: ListView = {
      ...view(publisher, scope, path, feedScope(scope)),
      banners: banner === null ? [] : [banner],
      sinceAt: articles.at(-1)?.publishedAt ?? null,
      older: older === null ? null : relativeHref(path, `${path}p${older}/`),
      months: scope.kind === 'publisher' ? months(publisher, path) : [],
    };
    return page(path, fitted(publisher, base, path, articles, scope.kind === 'publisher'));
  }

  function numbered(
    publisher: StoredPublisher,
    scope: PublisherScope,
    number: number,
    items: readonly ListedArticle[],
    numbering: Numbering,
  ): Document {
    const folder = scopePath(scope);
    const path = `${folder}p${number}/`;
    const articles = [...items].reverse().filter((article) => article.state === 'live');
    const [newer, older] = [numbering.newer(number), numbering.older(number)];
    const base: ListView = {
      ...view(publisher, scope, path, feedScope(scope)),
      // A full page never changes again, so it carries no time of the newest change and nothing that grows.
      sections: [],
      asOfAt: null,
      scope: scope.kind === 'publisher' ? { kind: 'older', number } : listScope(publisher, scope),
      sinceAt: articles.at(-1)?.publishedAt ?? null,
      newer: relativeHref(path, newer === null ? folder : `${folder}p${newer}/`),
      older: older === null ? null : relativeHref(path, `${folder}p${older}/`),
    };
    return page(path, fitted(publisher, base, path, articles, false));
  }

  return {
    render: (scope: PublisherScope, fromPage: number | null, toPage: number | null): RenderedGroup => {
      const publisher = store.publishers.get(scope.publisherId);
      if (publisher === null || !publisher.active) return { documents: [], complete: true };
      const query = scopeQuery(scope, publisher.timeZone);
      // A section, tag or month that nothing kept was published in is no page: anyone can make up its name.
      if (scope.kind !== 'publisher' && !store.lists.kept(query).any)
        return { documents: [], complete: true };
      if (scope.kind === 'tag' && store.tags.nameOf(publisher.id, scope.slug) === null)
        return { documents: [], complete: true };
      const full = numberedPages(store.lists.count(query));
      const numbering = createNumbering(store, query, { order: 'published', each: PAGE_ITEMS, full });
      const documents = [front(publisher, scope, full, numbering)];
      const there = new Set<number>();
      const [from, to] = [fromPage ?? full + 1, toPage ?? full];
      for (const { number, items } of numbering.between(from, to)) {
        documents.push(numbered(publisher, scope, number, items, numbering));
        there.add(number);
      }
      const stored = store.pages.pathsOf(`list:${scopePath(scope)}`);
      const shrinks = toPage !== null && toPage >= full;
      const gone = [
        ...pathsBetween(stored, [from, Math.min(full, to)], there),
        ...(shrinks ? pathsPast(stored, full) : []),
      ];
      return { documents, complete: false, gone };
    },
  };
}

/** Tags and months have no feeds of their own. */
const feedScope = (scope: PublisherScope): Scope =>
  hasFeed(scope) ? scope : { kind: 'publisher', publisherId: scope.publisherId };

type Numbering = ReturnType<typeof createNumbering>;

const monthMiddle = (month: string): number => Date.parse(`${month}-15T12:00:00Z`);

function monthBefore(month: string): string {
  const year = Number(month.slice(0, 4));
  const index = Number(month.slice(5, 7));
  return index === 1 ? `${year - 1}-12` : `${year}-${String(index - 1).padStart(2, '0')}`;
}
