import { type HttpUrl, toHttpUrl } from '../domain/http-url.js';
import { MIRROR_MOVE, parseMirrorMove } from '../domain/mirror-move.js';
import type { SafeHtml } from '../domain/safe-html.js';
import { renderAtom } from '../render/atom.js';
import type { FeedEntryView, FeedView } from '../render/feed-view.js';
import { renderJsonFeed } from '../render/json-feed.js';
import { fill, MESSAGES, uiLanguage } from '../render/messages.js';
import { renderRss } from '../render/rss.js';
import { entryIdOf } from '../sign/repository.js';
import type { ListedArticle, ListScopeQuery } from '../store/list-queries.js';
import type { Store } from '../store/store.js';
import { type Document, pathsBetween, pathsPast, type RenderedGroup } from './document.js';
import { cut, firstThatFits } from './fit.js';
import { nameOf } from './frame.js';
import { createNumbering } from './numbering.js';
import { absoluteUrl } from './origin.js';
import { articlePath, type Scope, scopePath, scopeQuery } from './paths.js';
import { mediaPath } from './picture-views.js';
import type { SiteConfig } from './site-config.js';
import type { TextSplitter } from './text-splitter.js';

/** A feed of summaries holds at least so many entries, and a day of what the publisher usually brings. */
const MIN_ENTRIES = 30;
const MAX_ENTRIES = 150;
/** Whole texts in `full/`. */
const FULL_ENTRIES = 50;
/** Entries of an archive document (RFC 5005 section 4). No more than the plain feed holds, so that nothing falls between the two. */
export const HISTORY_ENTRIES = 30;
export const FULL_HISTORY_ENTRIES = 25;

const DAY_MS = 86_400_000;
const SUMMARY_CHARS = [280, 200, 160, 120, 90, 60, 30, 0] as const;

/** When an entry says it was updated: a live blog, which changes all day, once a day at most. Milliseconds. */
function updateOf({ kind, revisedAt, publishedAt }: ListedArticle): number {
  if (revisedAt === null || kind !== 'live') return revisedAt ?? publishedAt;
  return Math.max(publishedAt, revisedAt - (revisedAt % DAY_MS));
}

/** Year in the `tag:` URIs (RFC 4151): the day the project's namespace began. */
const TAG_AUTHORITY = 'tamizdat.invalid,2026';

/** `tag:` URI of an article: names no host, so it is the same on every node. */
export const articleTag = (publisherId: string, stableId: string): string =>
  `tag:${TAG_AUTHORITY}:${publisherId}/a${stableId}`;

/** Id of the one entry that tells of this mirror's new address. Told again it is the same entry, changed. */
const MOVED_TAG = `tag:${TAG_AUTHORITY}:new-address`;

export function createFeedDocuments(config: SiteConfig, store: Store, splitter: TextSplitter) {
  function contextOf(scope: Scope): { title: string; language: string; query: ListScopeQuery } | null {
    if (scope.kind === 'node' || scope.kind === 'language') {
      const language = scope.kind === 'language' ? scope.language : config.language;
      return { title: config.name, language, query: scopeQuery(scope, 'UTC') };
    }
    const publisher = store.publishers.get(scope.publisherId);
    if (publisher === null || !publisher.active) return null;
    const query = scopeQuery(scope, publisher.timeZone);
    if (scope.kind === 'section' && !store.lists.kept(query).any) return null;
    const name = nameOf(publisher).text;
    const section =
      scope.kind === 'section'
        ? store.lists.sections(publisher.id).find((candidate) => candidate.slug === scope.slug)?.name
        : undefined;
    return {
      title: section === undefined ? name : `${name}: ${section}`,
      language: publisher.language,
      query,
    };
  }

  function entry(article: ListedArticle, summaryChars: number): FeedEntryView {
    return {
      id: articleTag(article.publisherId, article.stableId),
      url: absoluteUrl(articlePath(article.publisherId, article.stableId)),
      title: article.title,
      language: article.language,
      summary: summaryChars === 0 ? '' : cut(article.summary, summaryChars),
      contentHtml: null,
      authors: [],
      categories: article.section === null ? [] : [article.section],
      publishedAt: article.publishedAt,
      updatedAt: updateOf(article),
      picture: null,
      rights: null,
      proof: proofOf(article),
    };
  }

  function proofOf({ id, publisherId, stableId }: ListedArticle): FeedEntryView['proof'] {
    const proof = store.desk.proofOf(id);
    if (proof === null) return null;
    const hash = Buffer.from(proof.hash).toString('base64url');
    return { id: entryIdOf(publisherId, stableId), hash, index: proof.position };
  }

  function fullEntry(listed: ListedArticle): FeedEntryView {
    const article = store.articles.get(listed.id);
    const publisher = store.publishers.get(listed.publisherId);
    const base = entry(listed, 280);
    if (article === null || publisher === null) return base;
    const blocks = splitter.blocks(article.content);
    const shown = publisher.publish === 'teaser' ? blocks.slice(0, 2) : blocks;
    return {
      ...base,
      contentHtml: shown.join('') as SafeHtml,
      authors: article.authors.map((author) => author.name),
      categories: [...new Set([...base.categories, ...article.tags])],
      picture: pictureLink(article.id, article.lead),
      rights: publisher.rights.attribution.replace('{url}', article.url) || null,
    };
  }

  function pictureLink(
    articleId: number,
    lead: { src: string; caption: string; alt: string } | null,
  ): FeedEntryView['picture'] {
    if (lead === null || !config.pictures) return null;
    const stored = store.media.ofPicture(articleId, lead.src);
    const file =
      stored.find((picture) => picture.step === 'light') ??
      stored.find((picture) => picture.step === 'large');
    if (file === undefined) return null;
    return { url: absoluteUrl(mediaPath(file)), bytes: file.bytes.length, label: lead.caption || lead.alt };
  }

  /** The entry that tells of this mirror's new address, where one was announced. */
  function movedEntry(scope: Scope, language: string): FeedEntryView[] {
    const move = parseMirrorMove(store.meta.get(MIRROR_MOVE));
    const url = move === null ? null : toHttpUrl(move.to + scopePath(scope).slice(1));
    if (move === null || url === null) return [];
    const words = MESSAGES[uiLanguage(language)].moved;
    return [
      {
        id: MOVED_TAG,
        url,
        title: words.title,
        language: null,
        summary: fill(words.entry, { address: move.to }),
        contentHtml: null,
        authors: [],
        categories: [],
        publishedAt: move.announcedAt,
        updatedAt: move.announcedAt,
        picture: null,
        rights: null,
        proof: null,
      },
    ];
  }

  function feedView(
    scope: Scope,
    file: string,
    entries: readonly FeedEntryView[],
    paging: Partial<FeedView['paging']>,
  ): FeedView | null {
    const context = contextOf(scope);
    if (context === null) return null;
    const folder = scopePath(scope);
    return {
      id: `tag:${TAG_AUTHORITY}:${folder.slice(1)}`,
      title: context.title,
      subtitle: null,
      selfUrl: absoluteUrl(folder + file),
      homeUrl: absoluteUrl(folder),
      language: context.language,
      updatedAt: Math.max(0, ...entries.map((one) => Math.max(one.updatedAt, one.publishedAt))),
      entries,
      paging: { current: null, previousArchive: null, nextArchive: null, archive: false, ...paging },
    };
  }

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

  const FORMATS = [
    { file: 'rss.xml', type: 'application/rss+xml; charset=utf-8', render: renderRss },
    { file: 'atom.xml', type: 'application/atom+xml; charset=utf-8', render: renderAtom },
    { file: 'feed.json', type: 'application/feed+json; charset=utf-8', render: renderJsonFeed },
  ] as const;

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

  /** The current feeds of a scope, summaries within the line and whole texts outside it. */
  function current(scope: Scope): RenderedGroup {
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
  }

  /** Archive documents `fromPage` to `toPage`, numbered from the oldest by order of arrival: a full one never changes again. */
  function history(
    scope: Scope,
    folder: '' | 'full/',
    fromPage: number | null,
    toPage: number | null,
  ): RenderedGroup {
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
        text: folder === '' ? firstThatFits(SUMMARY_CHARS, config.bodyBytes, compose).text : compose(280),
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
  }

  return { current, history };
}
