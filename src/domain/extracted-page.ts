import type { ArticleKind, Author, Direction } from './article.js';
import type { HttpUrl } from './http-url.js';

/** All that a page says of its article beside the text. Times in milliseconds since the epoch. */
export interface PageMetadata {
  title: string | null;
  subtitle: string | null;
  authors: readonly Author[];
  publishedAt: number | null;
  modifiedAt: number | null;
  language: string | null;
  direction: Direction | null;
  section: string | null;
  tags: readonly string[];
  kind: ArticleKind;
  canonicalUrl: HttpUrl | null;
}

/** What one article page says. `contentHtml` is not yet sanitized. */
export interface ExtractedPage extends PageMetadata {
  lead: { src: HttpUrl; alt: string; caption: string; credit: string } | null;
  contentHtml: string;
  /** Which way the body was found: for `inspect` and the keeper. */
  method: 'selectors' | 'blocks' | 'readability';
}

export type ExtractResult = { kind: 'page'; page: ExtractedPage } | { kind: 'no-article'; reason: string };
