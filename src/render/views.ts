import type { ArticleKind, Direction } from '../domain/article.js';
import type { BlockReason, FailReason } from '../domain/fetch-outcome.js';
import type { HttpUrl } from '../domain/http-url.js';

// What a page says, decided: plain data, no functions. The renderers add only the interface's own words.
// Times are milliseconds since the epoch, sizes are bytes as they travel (compressed).

/** Languages the interface speaks. A page in another language borrows one: `uiLanguage(tag)`. */
export type UiLanguage = 'en' | 'ru' | 'uk' | 'fa' | 'zh';

/** A path of the tree relative to the document: begins with `./`, `../` or `#`, so no scheme can hide in it. */
export type RelativeHref = `./${string}` | `../${string}` | `#${string}`;

/** BCP 47 tag and direction of a piece of text. */
export interface Tongue {
  language: string;
  direction: Direction;
}

/** Text with the language it is written in. */
export interface Phrase extends Tongue {
  text: string;
}

export interface NamedLink extends Phrase {
  href: RelativeHref;
}

/** What every page has round its contents. */
export interface PageFrame {
  /** Language of the interface's words, hence of the document. */
  ui: UiLanguage;
  /** The `<title>`. Null: plain words that name no publisher (`News`, the headline, `Search`). */
  title: string | null;
  noindex: boolean;
  canonical: HttpUrl | null;
  /** IANA zone in which this page shows its times. */
  timeZone: string;
  masthead: {
    name: Phrase;
    /** The front this page belongs to; null on that front itself. */
    home: RelativeHref | null;
  };
  /** The same page, or the nearest to it, in other languages; the current one with `href: null`. */
  languages: readonly { language: string; direction: Direction; name: string; href: RelativeHref | null }[];
  sections: readonly { name: Phrase; href: RelativeHref; current: boolean }[];
  /** Null leaves the link out: an export has no search, a node may not sign. */
  links: SiteLinks;
  /** Feeds of this page for `<link rel=alternate>`. */
  feeds: { rss: RelativeHref; atom: RelativeHref; json: RelativeHref } | null;
  /** This page at the mirror's new address; null where none was announced. */
  moved: HttpUrl | null;
}

export interface SiteLinks {
  /** The shared front of all publishers; null where the page is that front or there is one publisher. */
  all: RelativeHref | null;
  feeds: RelativeHref | null;
  search: RelativeHref | null;
  about: RelativeHref | null;
  mirrors: RelativeHref | null;
  verify: RelativeHref | null;
}

/** Why nothing came: how a fetch ended, or a source that answered without anything new. */
export type SilenceReason =
  | BlockReason
  | FailReason
  | 'rate-limited'
  | 'gone'
  | 'moved'
  | 'no-feed'
  | 'no-entries'
  | 'nothing-new'
  | 'suspect';

/** Shown on lists once silence crosses 6 h and again at 72 h. */
export interface SilenceBanner {
  hours: 6 | 72;
  /** Null: nothing was ever heard. */
  lastHeardAt: number | null;
  reason: SilenceReason | null;
  /** On a shared front: whose silence it is. */
  publisher: Phrase | null;
}

export type DataUri = `data:image/${string}`;

export interface PictureView extends Tongue {
  /** The largest step that fits the page, as `data:`; null where none fits. */
  inline: { src: DataUri; type: string } | null;
  /** Colour-true blur of 200-400 B, as `data:`: shown where the step is missing or the browser cannot draw its type. */
  blur: DataUri | null;
  width: number;
  height: number;
  alt: string;
  caption: string;
  credit: string;
  /** The larger file on this mirror. Above 8,192 B the page warns that it may not load. */
  file: { href: RelativeHref; bytes: number } | null;
  /** The page that shows the picture, where this mirror has no copy of it; else null. */
  original: HttpUrl | null;
}

/** One headline of a list. */
export interface ListItem extends Tongue {
  href: RelativeHref;
  title: string;
  /** Already cut to about two lines. */
  summary: string | null;
  section: string | null;
  /** On shared lists: whose text it is. */
  publisher: Phrase | null;
  kind: ArticleKind;
  publishedAt: number;
  /** The publisher changed it after publishing: marked `updated`. */
  updated: boolean;
  readingMinutes: number | null;
  /** Pictures of a gallery; null elsewhere. */
  pictures: number | null;
  /** Weight of the page behind `href`; null leaves it out. */
  pageBytes: number | null;
}

export type ListScope =
  | { kind: 'front' }
  | { kind: 'older'; number: number }
  | { kind: 'section' | 'tag'; name: Phrase }
  /** Any moment of the month. */
  | { kind: 'month'; at: number };

/** Fronts, older pages, sections, tags, months: one shape. Newest first. */
export interface ListView extends PageFrame {
  scope: ListScope;
  /** Time of the newest change; null while nothing was ever taken. */
  asOfAt: number | null;
  banners: readonly SilenceBanner[];
  /** Told at length above the days; not repeated in `days`. */
  lead: (ListItem & { picture: PictureView | null }) | null;
  /** `at`: any moment of that day in `timeZone`. */
  days: readonly { at: number; items: readonly ListItem[] }[];
  /** On a shared front: headlines in languages that are not the page's, after its own days. */
  others: readonly ListItem[];
  /** The earliest moment this page covers without a gap: `That is everything since Tuesday`. */
  sinceAt: number | null;
  newer: RelativeHref | null;
  older: RelativeHref | null;
  /** Months with articles, newest first, any moment of each. */
  months: readonly { at: number; href: RelativeHref }[];
  /** On a shared front: every publisher of this node. */
  publishers: readonly NamedLink[];
}
