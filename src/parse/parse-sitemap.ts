import type { FeedEntry, FeedResult } from '../domain/feed.js';
import { type HttpUrl, toHttpUrl } from '../domain/http-url.js';
import { decodeText } from './decode-text.js';
import type { FeedContext } from './feed-context.js';
import { parseDate } from './parse-date.js';
import { MAX_FEED_BYTES } from './parse-feed.js';
import { foldSpace } from './plain-text.js';
import { childElements, readXml, textOf, type XmlElement } from './xml-tree.js';

/** sitemaps.org: at most 50,000 addresses in one file. */
const MAX_URLS = 50_000;

/** A sitemap's pages as feed entries without text, or the sitemaps an index names. Times in milliseconds since the epoch. */
export type SitemapResult =
  | FeedResult
  | {
      kind: 'index';
      sitemaps: readonly { url: HttpUrl; modifiedAt: number | null }[];
      problems: readonly string[];
    };

/** Reads a sitemap, a news sitemap (title, date, language) or a sitemap index. Bounded like `parseFeed`; never throws. */
export function parseSitemap(bytes: Uint8Array, context: FeedContext): SitemapResult {
  if (bytes.byteLength > MAX_FEED_BYTES)
    return { kind: 'no-feed', reason: `larger than ${MAX_FEED_BYTES} bytes` };
  const decoded = decodeText(bytes, context.contentType);
  const entries: FeedEntry[] = [];
  const names = new Set<string>();
  const languages = new Set<string | null>();
  // One page after the other: the longest sitemap has 50,000.
  const { roots, problems } = readXml(decoded.text, context.url, (element, parent) => {
    if (element.name !== 'url' || parent?.name !== 'urlset') return false;
    if (!element.closed || entries.length === MAX_URLS) return true;
    const entry = toEntry(element, context);
    if (entry !== null) entries.push(entry);
    const publication = publicationOf(element);
    const name = lineIn(publication, 'news:name');
    if (name !== null) names.add(name);
    languages.add(lineIn(publication, 'news:language'));
    return true;
  });
  const all = [...decoded.problems, ...problems];
  const root = roots.find(({ name }) => name === 'urlset' || name === 'sitemapindex');
  if (root === undefined) return { kind: 'no-feed', reason: 'no urlset and no sitemapindex' };
  if (root.name === 'sitemapindex') {
    const sitemaps = childElements(root, 'sitemap').flatMap((element) => {
      const url = locationOf(element);
      return url === null ? [] : [{ url, modifiedAt: dateIn(element, 'lastmod', context) }];
    });
    return { kind: 'index', sitemaps: sitemaps.slice(0, MAX_URLS), problems: all };
  }
  const [title = null] = names;
  const [language = null] = languages;
  return {
    kind: 'feed',
    feed: {
      format: 'sitemap',
      title,
      link: null,
      language: languages.size === 1 ? language : null,
      ttlMs: null,
      entries,
      problems: all,
    },
  };
}

function toEntry(element: XmlElement, context: FeedContext): FeedEntry | null {
  const url = locationOf(element);
  if (url === null) return null;
  const [news] = childElements(element, 'news:news');
  return {
    id: null,
    title: lineIn(news, 'news:title'),
    url,
    publishedAt: dateIn(news, 'news:publication_date', context),
    updatedAt: dateIn(element, 'lastmod', context),
    authors: [],
    summaryHtml: null,
    contentHtml: null,
    categories: (lineIn(news, 'news:keywords') ?? '').split(',').flatMap((word) => foldSpace(word) || []),
    enclosures: [],
  };
}

function publicationOf(page: XmlElement): XmlElement | undefined {
  return childElements(page, 'news:news').flatMap((news) => childElements(news, 'news:publication'))[0];
}

function locationOf(element: XmlElement): HttpUrl | null {
  const [location] = childElements(element, 'loc');
  return location === undefined ? null : toHttpUrl(textOf(location), element.base ?? undefined);
}

function lineIn(element: XmlElement | undefined, name: string): string | null {
  const [part] = element === undefined ? [] : childElements(element, name);
  return part === undefined ? null : foldSpace(textOf(part)) || null;
}

function dateIn(element: XmlElement | undefined, name: string, context: FeedContext): number | null {
  return parseDate(lineIn(element, name) ?? '', context.timeZone);
}
