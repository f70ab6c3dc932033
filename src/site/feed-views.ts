import { toHttpUrl } from '../domain/http-url.js';
import { MIRROR_MOVE, parseMirrorMove } from '../domain/mirror-move.js';
import type { Publisher } from '../domain/publisher.js';
import type { SafeHtml } from '../domain/safe-html.js';
import type { FeedEntryView, FeedView } from '../render/feed-view.js';
import { fill, MESSAGES, uiLanguage } from '../render/messages.js';
import { entryIdOf } from '../sign/repository.js';
import type { ListedArticle, ListScopeQuery } from '../store/list-queries.js';
import type { Store } from '../store/store.js';
import { shownBlocks } from './chapters.js';
import { cut, LONGEST_TITLE_CHARS } from './fit.js';
import { nameOf } from './frame.js';
import { absoluteUrl } from './origin.js';
import { articlePath, type Scope, scopePath, scopeQuery } from './paths.js';
import { mediaPath } from './picture-views.js';
import type { SiteConfig } from './site-config.js';
import type { TextSplitter } from './text-splitter.js';

const DAY_MS = 86_400_000;
/** The longest summary a feed gives. */
export const LONGEST_SUMMARY_CHARS = 280;

/** When an entry says it was updated: a live blog, which changes all day, once a day at most. Milliseconds. */
function updateOf({ kind, revisedAt, publishedAt }: ListedArticle): number {
  if (revisedAt === null || kind !== 'live') return revisedAt ?? publishedAt;
  return Math.max(publishedAt, revisedAt - (revisedAt % DAY_MS));
}

/** Year in the `tag:` URIs (RFC 4151): the day the project's namespace began. */
const TAG_YEAR = '2026';
const TAG_AUTHORITY = `tamizdat.invalid,${TAG_YEAR}`;

/** When somebody last looked at these publishers; the same on every node, as their cards are. */
const lastLook = (publishers: readonly Publisher[]): number =>
  Math.max(...[TAG_YEAR, ...publishers.flatMap(({ verifiedAt }) => verifiedAt ?? [])].map(Date.parse));

/** `tag:` URI of an article: names no host, so it is the same on every node. */
export const articleTag = (publisherId: string, stableId: string): string =>
  `tag:${TAG_AUTHORITY}:${publisherId}/a${stableId}`;

/** Id of the one entry that tells of this mirror's new address. Told again it is the same entry, changed. */
const MOVED_TAG = `tag:${TAG_AUTHORITY}:new-address`;

interface FeedContext {
  title: string;
  language: string;
  query: ListScopeQuery;
  knownAt: number;
}

export type FeedViews = ReturnType<typeof createFeedViews>;

/** What feeds and their histories say of a scope and of an article. */
export function createFeedViews(config: SiteConfig, store: Store, splitter: TextSplitter) {
  function contextOf(scope: Scope): FeedContext | null {
    if (scope.kind === 'node' || scope.kind === 'language') {
      const language = scope.kind === 'language' ? scope.language : config.language;
      const knownAt = lastLook(store.publishers.active());
      return { title: config.name, language, query: scopeQuery(scope, 'UTC'), knownAt };
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
      knownAt: lastLook([publisher]),
    };
  }

  function entry(article: ListedArticle, summaryChars: number): FeedEntryView {
    return {
      id: articleTag(article.publisherId, article.stableId),
      url: absoluteUrl(articlePath(article.publisherId, article.stableId)),
      title: cut(article.title, LONGEST_TITLE_CHARS),
      language: article.language,
      summary: summaryChars === 0 ? '' : cut(article.summary, summaryChars),
      contentHtml: null,
      authors: [],
      categories: article.section === null ? [] : [article.section],
      publishedAt: article.publishedAt,
      updatedAt: updateOf(article),
      picture: null,
      original: null,
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
    const base = entry(listed, LONGEST_SUMMARY_CHARS);
    if (article === null || publisher === null) return base;
    return {
      ...base,
      contentHtml: shownBlocks(article, publisher, splitter).join('') as SafeHtml,
      authors: article.authors.map((author) => author.name),
      categories: [...new Set([...base.categories, ...article.tags])],
      picture: pictureLink(article.id, article.lead),
      original: article.url,
      rights:
        publisher.rights.attribution === ''
          ? null
          : { text: publisher.rights.attribution, place: publisher.rights.attributionPlace },
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
        original: null,
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
      // The feed of whole texts is another feed, with other archives (RFC 5005 section 4 has them share its id).
      id: `tag:${TAG_AUTHORITY}:${folder.slice(1)}${file.startsWith('full/') ? 'full/' : ''}`,
      title: context.title,
      subtitle: null,
      selfUrl: absoluteUrl(folder + file),
      homeUrl: absoluteUrl(folder),
      language: context.language,
      updatedAt:
        entries.length === 0
          ? null
          : Math.max(...entries.map((one) => Math.max(one.updatedAt, one.publishedAt))),
      knownAt: context.knownAt,
      entries,
      paging: { current: null, previousArchive: null, nextArchive: null, archive: false, ...paging },
    };
  }

  return { contextOf, entry, fullEntry, movedEntry, feedView };
}
