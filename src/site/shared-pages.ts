import { toHttpUrl } from '../domain/http-url.js';
import { renderAbout } from '../render/about-page.js';
import { renderEmptyNode } from '../render/empty-node-page.js';
import { renderFeedsPage } from '../render/feeds-page.js';
import { renderLegal } from '../render/legal-page.js';
import { renderList } from '../render/list-page.js';
import { renderMessage } from '../render/message-page.js';
import type { AboutView, FeedsPageView, SourceStateView } from '../render/site-views.js';
import type { ListView, PictureView, SilenceReason } from '../render/views.js';
import type { ListedArticle } from '../store/list-queries.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { StoredSource } from '../store/source-table.js';
import type { Store } from '../store/store.js';
import type { PicturesOf } from './chapters.js';
import { type Document, page } from './document.js';
import { fitList, LEAD_SUMMARY_CHARS } from './fit-list.js';
import { type FrameMaker, nameOf, phrase } from './frame.js';
import { bannerOf, byDay, emptyList, listItem } from './list-view.js';
import { absoluteUrl } from './origin.js';
import { parseScope, relativeHref, type Scope, scopePath } from './paths.js';
import { leadPicture } from './picture-views.js';
import type { SiteConfig } from './site-config.js';

/** Headlines of the shared front: those in its language first, then the rest. */
const OWN_HEADLINES = 16;
const OTHER_HEADLINES = 8;
/** Publishers named under the masthead; all of them stand at the end of the page. */
const PUBLISHERS_ON_TOP = 6;

export function createSharedPages(
  config: SiteConfig,
  store: Store,
  frames: FrameMaker,
  picturesOf: PicturesOf,
) {
  const languageOf = (prefix: string): string => {
    const scope = parseScope(prefix);
    return scope?.kind === 'language' ? scope.language : (config.language.split('-')[0] ?? config.language);
  };

  function front(prefix: string): Document {
    const frame = frames.shared(prefix, '');
    const publishers = store.publishers.active();
    const byId = new Map(publishers.map((publisher) => [publisher.id, publisher]));
    const language = languageOf(prefix);
    const own = store.lists.newest({ language }, OWN_HEADLINES);
    const others = store.lists
      .newest({}, OWN_HEADLINES + OTHER_HEADLINES)
      .filter((article) => !own.some((one) => one.id === article.id))
      .slice(0, own.length === 0 ? OWN_HEADLINES : OTHER_HEADLINES);
    if (own.length + others.length === 0) return page(prefix, emptyNode(prefix, publishers));
    const banners = publishers.flatMap((publisher) => bannerOf(publisher, true) ?? []);
    // Those in the page's language first, in the navigation as in the list.
    const speaks = (publisher: StoredPublisher) => publisher.language.startsWith(language);
    const ordered = [...publishers.filter(speaks), ...publishers.filter((one) => !speaks(one))];
    const [first, second] = ordered;
    const timeZone = first !== undefined && speaks(first) ? first.timeZone : 'UTC';
    const home = ({ id }: StoredPublisher) =>
      relativeHref(prefix, scopePath({ kind: 'publisher', publisherId: id }));
    const listed = own.length > 0 ? own : others;
    const [lead, ...rest] = listed;
    const base: ListView = {
      ...frame,
      sections:
        first !== undefined && second === undefined
          ? frames.ofPublisher(first, prefix, { kind: 'node' }).sections
          : ordered
              .slice(0, PUBLISHERS_ON_TOP)
              .map((one) => ({ name: nameOf(one), href: home(one), current: false })),
      ...emptyList({ kind: 'front' }),
      timeZone,
      asOfAt: store.changes.lastAt(),
      banners,
      publishers: ordered.map((one) => ({ ...nameOf(one), href: home(one) })),
      sinceAt: listed.at(-1)?.publishedAt ?? null,
      // The way to older days leads through the publisher where it is the only one in this language.
      older:
        first !== undefined && (second === undefined || !speaks(second)) && listed.length >= OWN_HEADLINES
          ? home(first)
          : null,
    };
    const item = (article: ListedArticle, chars: number) =>
      listItem(store, prefix, article, {
        pictures: picturesOf(article),
        summaryChars: chars,
        publisher: byId.get(article.publisherId) ?? null,
      });
    const compose = (chars: number, picture: PictureView | null): ListView => ({
      ...base,
      lead: lead === undefined ? null : { ...item(lead, LEAD_SUMMARY_CHARS), picture },
      days: byDay(
        rest.map((article) => item(article, chars)),
        timeZone,
      ),
      others: own.length === 0 ? [] : others.map((article) => item(article, chars)),
    });
    const pictures = lead === undefined ? [] : leadPicture(config, store, prefix, lead.id);
    return page(
      prefix,
      fitList(pictures, config.bodyBytes, (chars, picture) => renderList(compose(chars, picture))),
    );
  }

  /** What a node without articles says at `/`: what it tried, what came back, when it tries next. */
  function emptyNode(prefix: string, publishers: readonly StoredPublisher[]): string {
    const sources = publishers.flatMap((publisher) => store.sources.of(publisher.id));
    const next = sources.flatMap((source) => (source.nextTryAt === null ? [] : [source.nextTryAt]));
    return renderEmptyNode({
      ...frames.shared(prefix, ''),
      asOfAt: store.changes.lastAt(),
      tried: sources.map((source) => ({
        name: source.url,
        at: source.triedAt,
        outcome: outcomeOf(source),
        detail: detailOf(source),
      })),
      nextAt: next.length === 0 ? null : Math.min(...next),
    });
  }

  function about(prefix: string): Document {
    const view: AboutView = {
      ...frames.shared(prefix, 'about/'),
      legal: relativeHref(`${prefix}about/`, `${prefix}legal/`),
      keeper: { name: config.keeper, contact: config.contact },
      publishers: store.publishers.active().map((publisher) => ({
        name: nameOf(publisher, languageOf(prefix)),
        href: relativeHref(`${prefix}about/`, scopePath({ kind: 'publisher', publisherId: publisher.id })),
        homepage: toHttpUrl(publisher.homepage),
        basis: publisher.rights.basis,
        licence: publisher.rights.licence,
        publish: publisher.publish,
        rightsContact: publisher.rights.contact,
        designations: publisher.designations,
        sources: store.sources
          .of(publisher.id)
          .filter((source) =>
            publisher.sources.some((listed) => listed.url === source.url && listed.role === 'main'),
          )
          .map(sourceState),
      })),
      software: { version: config.version, source: config.source === null ? null : toHttpUrl(config.source) },
    };
    return page(`${prefix}about/`, renderAbout(view));
  }

  function legal(prefix: string): Document {
    return page(
      `${prefix}legal/`,
      renderLegal({
        ...frames.shared(prefix, 'legal/'),
        contact: config.contact,
        publishers: store.publishers.active().map((publisher) => ({
          name: nameOf(publisher, languageOf(prefix)),
          hosts: publisher.hosts,
        })),
      }),
    );
  }

  function feedsPage(prefix: string): Document {
    const path = `${prefix}feeds/`;
    const scopes: { name: ReturnType<typeof phrase>; scope: Scope }[] = [
      { name: phrase(config.name, languageOf(prefix)), scope: parseScope(prefix) ?? { kind: 'node' } },
      ...store.publishers.active().map((publisher) => ({
        name: nameOf(publisher),
        scope: { kind: 'publisher', publisherId: publisher.id } as const,
      })),
    ];
    const view: FeedsPageView = {
      ...frames.shared(prefix, 'feeds/'),
      groups: scopes.map(({ name, scope }) => ({
        name,
        feeds: FEED_FILES.map((file) => feedLine(path, scope, file)),
      })),
      opml: { href: relativeHref(path, '/opml.xml'), address: absoluteUrl('/opml.xml') },
      privateAddress: config.privateAddress,
    };
    return { ...page(path, renderFeedsPage(view)), absolute: true };
  }

  function feedLine(path: string, scope: Scope, file: (typeof FEED_FILES)[number]) {
    const target = scopePath(scope) + file.name;
    return {
      format: file.format,
      text: file.text,
      href: relativeHref(path, target),
      address: absoluteUrl(target),
      bytes: roundedUp(store.pages.size(target)?.gzipBytes ?? null, file.text === 'full' ? 20_480 : 2_048),
    };
  }

  /** `path` is where its relative links must lead from: an answer may be asked for at any depth. */
  function notFound(path: string): Document {
    return page(path, renderMessage({ ...frames.shared('/', path.slice(1)), kind: 'not-found' }), 404);
  }

  return { front, about, legal, feedsPage, notFound };
}

const FEED_FILES = [
  { name: 'rss.xml', format: 'RSS', text: 'summary' },
  { name: 'atom.xml', format: 'Atom', text: 'summary' },
  { name: 'feed.json', format: 'JSON', text: 'summary' },
  { name: 'full/rss.xml', format: 'RSS', text: 'full' },
  { name: 'full/atom.xml', format: 'Atom', text: 'full' },
  { name: 'full/feed.json', format: 'JSON', text: 'full' },
] as const;

/** Sizes are told in steps, rounded up, so that a new article does not rewrite every page that names one. */
const roundedUp = (bytes: number | null, step: number): number | null =>
  bytes === null ? null : Math.ceil(bytes / step) * step;

const outcomeOf = (source: StoredSource): SilenceReason | 'answered' | 'not-tried' =>
  source.triedAt === null
    ? 'not-tried'
    : source.failures === 0
      ? 'answered'
      : (reasonOf(source) ?? 'answered');

/** The stored reason begins with the outcome's own word. */
const reasonOf = (source: StoredSource): SilenceReason | null =>
  (source.reason?.split(':')[0] as SilenceReason | undefined) ?? null;

/** What the stored reason says beyond its first word, which is told in the reader's language beside it. */
const detailOf = (source: StoredSource): string | null =>
  source.reason?.split(':').slice(1).join(':').trim() || null;

function sourceState(source: StoredSource): SourceStateView {
  const { state, sinceAt, failures, succeededAt, nextTryAt } = source;
  // While a source answers, these two move with every pass, and a pass that brings nothing changes no page.
  const failing = failures > 0;
  return {
    name: source.url,
    state,
    sinceAt,
    reason: state === 'fresh' ? null : reasonOf(source),
    lastHeardAt: failing ? succeededAt : null,
    nextTryAt: failing ? nextTryAt : null,
  };
}
