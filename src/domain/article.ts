import type { HttpUrl } from './http-url.js';
import type { SafeHtml } from './safe-html.js';

export interface Author {
  name: string;
}

export type ArticleKind = 'article' | 'opinion' | 'gallery' | 'live' | 'video' | 'podcast';
export type Direction = 'ltr' | 'rtl';

/** Where the text in hand was taken from. `feed`: whole text, page not (yet) read; `teaser`: the feed had no more. */
export type ContentOrigin = 'page' | 'feed' | 'teaser';

/** A picture of an article with its words, all plain text. */
export interface CaptionedPicture {
  src: HttpUrl;
  alt: string;
  caption: string;
  credit: string;
}

/** One article as the publisher has it now, sanitized. Times in milliseconds since the epoch. */
export interface Article {
  publisherId: string;
  /** The publisher's stable id, or 26 lower-case base32 characters of a hash. */
  stableId: string;
  guid: string | null;
  /** The original's address. */
  url: HttpUrl;
  language: string;
  direction: Direction;
  title: string;
  subtitle: string;
  /** Plain text, at most 600 characters. */
  summary: string;
  authors: readonly Author[];
  publishedAt: number;
  modifiedAt: number | null;
  section: string | null;
  tags: readonly string[];
  kind: ArticleKind;
  lead: CaptionedPicture | null;
  /** Top-level block elements only, so that it can be split between any two of them. */
  content: SafeHtml;
  origin: ContentOrigin;
}

/** Fields whose change is the publisher's change: a revision. Everything else is an edition of ours. */
export const REVISED_FIELDS = [
  'title',
  'subtitle',
  'authors',
  'content',
  'publishedAt',
  'section',
  'lead',
  'url',
] as const;
export type RevisedField = (typeof REVISED_FIELDS)[number];

export type ArticleState = 'live' | 'withdrawn' | 'tombstone';
