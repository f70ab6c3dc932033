import type { Author } from './article.js';
import type { HttpUrl } from './http-url.js';

/** What a feed says, in one shape for RSS 0.9x/1.0/2.0, Atom, RDF and JSON Feed. Links are absolute. */
export interface ParsedFeed {
  format: 'rss' | 'rdf' | 'atom' | 'json' | 'cdf' | 'sitemap' | 'wordpress' | 'unknown';
  title: string | null;
  link: HttpUrl | null;
  language: string | null;
  /** How long the publisher asks to wait between fetches; null where it does not say. */
  ttlMs: number | null;
  entries: readonly FeedEntry[];
  /** Oddities a keeper may want to know: `cut off`, `charset guessed: windows-1251`, ... */
  problems: readonly string[];
}

export interface FeedEntry {
  id: string | null;
  /** Plain text, white space folded. */
  title: string | null;
  url: HttpUrl | null;
  publishedAt: number | null;
  updatedAt: number | null;
  authors: readonly Author[];
  /** As the feed gave it: HTML, not yet sanitized. */
  summaryHtml: string | null;
  contentHtml: string | null;
  categories: readonly string[];
  enclosures: readonly Enclosure[];
}

/** A file that belongs to an entry. What the feed does not say is left out. */
export interface Enclosure {
  url: HttpUrl;
  type: string | null;
  bytes: number | null;
  /** How long a recording plays. */
  seconds?: number;
  /** Of a picture, in pixels. */
  width?: number;
  /** Of a picture, plain text on one line, like `caption` and `credit`. */
  alt?: string;
  caption?: string;
  credit?: string;
}

export type FeedResult = { kind: 'feed'; feed: ParsedFeed } | { kind: 'no-feed'; reason: string };
