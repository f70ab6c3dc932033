import type { ArticleKind, ContentOrigin, Direction } from '../domain/article.js';
import type { BlockReason, FailReason } from '../domain/fetch-outcome.js';
import type { HttpUrl } from '../domain/http-url.js';
import type { Designation, Rights } from '../domain/publisher.js';
import type { SafeHtml } from '../domain/safe-html.js';

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
  | 'nothing-new';

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

/** Where a page stands among the parts of its article, one entry a part. Null for an article of one part. */
export interface PartView {
  number: number;
  hrefs: readonly RelativeHref[];
  /** Of a live blog, which is read by the hour: when the newest update in each part is from. */
  newestAt?: readonly number[] | null;
}

/** One part of an article; a short article is one part. */
export interface ArticlePageView extends PageFrame, Tongue {
  headline: string;
  subtitle: string;
  /** None is legal: staff safety. */
  authors: readonly string[];
  publisher: { name: Phrase; href: RelativeHref };
  kind: ArticleKind;
  section: { name: string; href: RelativeHref | null } | null;
  tags: readonly { name: string; href: RelativeHref }[];
  publishedAt: number;
  /** The publisher's last change, where there was one. */
  changedAt: number | null;
  /** When this copy was taken. */
  copiedAt: number;
  readingMinutes: number | null;
  picture: PictureView | null;
  /** In a gallery: which picture this page shows. */
  pictureNumber: { number: number; of: number } | null;
  blocks: readonly SafeHtml[];
  part: PartView | null;
  /** `{url}` in `text` becomes the link to the original. */
  attribution: { text: string; place: Rights['attributionPlace'] } | null;
  original: HttpUrl;
  origin: ContentOrigin;
  /** The publisher took the text back; a tombstone has no `blocks`. */
  withdrawn: { at: number; reason: string | null } | null;
  changes: { href: RelativeHref; count: number } | null;
  earlier: readonly EarlierItem[];
  /** `asOfAt` dates the page, so that an old note can say that it is old. */
  safety: { designations: readonly Designation[]; asOfAt: number };
}

export interface EarlierItem extends Tongue {
  href: RelativeHref;
  title: string;
  publishedAt: number;
  pageBytes: number | null;
}

/** What a field of the article was before and after one change, as lines of plain text. */
export interface FieldChange {
  field: 'title' | 'subtitle' | 'authors' | 'content' | 'publishedAt' | 'section' | 'lead' | 'url';
  /** In reading order; `same` lines give the surroundings. */
  lines: readonly { mark: 'same' | 'removed' | 'added'; text: string }[];
  /** Lines left out for size. */
  omitted: number;
}

export interface ChangesView extends PageFrame, Tongue {
  headline: string;
  article: RelativeHref;
  publishedAt: number;
  /** Newest first. */
  revisions: readonly { at: number; note: string | null; fields: readonly FieldChange[] }[];
  newer: RelativeHref | null;
  older: RelativeHref | null;
}

/** Dark modules of a QR code, row by row, without the quiet zone. */
export type QrModules = readonly (readonly boolean[])[];

/** Other addresses of the same tree. */
export interface MirrorsView extends PageFrame {
  /** Public ones, best first. */
  addresses: readonly { address: string; qr: QrModules | null }[];
  /** One trust string for each signed log that is carried here. */
  trust: readonly string[];
}

/** What can be checked here, and how. */
export interface VerifyView extends PageFrame {
  logs: readonly {
    /** What its desk calls itself. */
    name: string;
    /** The repository: 16 characters. */
    repository: string;
    /** SHA-256 of its first root.json in hexadecimal, in groups of four. */
    fingerprint: string;
    trust: string;
    /** Who signs: this node what it saw, another node what it saw, the publisher itself. */
    signer: 'relay' | 'followed' | 'publisher';
  }[];
}

export interface SourceStateView {
  /** What the keeper knows it by: its address. */
  name: string;
  state: 'well' | 'failing' | 'not-tried';
  /** Since when it is in this state. */
  sinceAt: number | null;
  reason: SilenceReason | null;
  lastHeardAt: number | null;
}

export interface LegalView extends PageFrame {
  /** The keeper's. */
  contact: string | null;
  /** Hosts that are fetched for each publisher. */
  publishers: readonly { name: Phrase; hosts: readonly string[] }[];
}

export interface AboutView extends PageFrame {
  /** Whom a provider writes to, and what the node fetches. */
  legal: RelativeHref;
  keeper: { name: string | null; contact: string | null };
  publishers: readonly {
    name: Phrase;
    href: RelativeHref;
    homepage: HttpUrl | null;
    basis: Rights['basis'];
    licence: string | null;
    publish: 'full' | 'teaser';
    /** Whom to ask for permission. */
    rightsContact: string | null;
    designations: readonly Designation[];
    sources: readonly SourceStateView[];
  }[];
  software: { version: string; source: HttpUrl | null };
}

export interface FeedsPageView extends PageFrame {
  groups: readonly {
    name: Phrase;
    /** `address` is absolute, to be copied; `href` the same file. */
    feeds: readonly {
      format: 'RSS' | 'Atom' | 'JSON';
      text: 'summary' | 'full';
      href: RelativeHref;
      address: string;
      bytes: number | null;
    }[];
  }[];
  opml: { href: RelativeHref; address: string } | null;
  /** The address is not meant for everybody: an onion, a secret path, a private host. */
  privateAddress: boolean;
}

/** Text cut where the query's words begin and end. */
export type Highlighted = readonly { text: string; hit: boolean }[];

/** The form, and with `results` the answer. Fields: `q`, `publisher`, `since`, `page`; always POST. */
export interface SearchView extends PageFrame {
  action: RelativeHref;
  query: string;
  publishers: readonly { id: string; name: Phrase; selected: boolean }[];
  since: 'any' | 'week' | 'month' | 'year';
  /** Null: nothing asked yet. */
  results:
    | readonly (Tongue & {
        href: RelativeHref;
        title: Highlighted;
        excerpt: Highlighted;
        publisher: Phrase | null;
        publishedAt: number;
        pageBytes: number | null;
      })[]
    | null;
  /** `more`: at least that many. */
  total: { count: number; more: boolean };
  /** From 1. */
  page: number;
  nextPage: number | null;
  previousPage: number | null;
}

/** A node that holds no article yet. */
export interface EmptyNodeView extends PageFrame {
  asOfAt: number | null;
  tried: readonly {
    name: string;
    at: number | null;
    outcome: SilenceReason | 'answered' | 'not-tried';
    detail: string | null;
  }[];
  nextAt: number | null;
}

export type MessageKind = 'not-found' | 'gone' | 'bad-request' | 'method' | 'too-large' | 'busy' | 'broken';

/** 404 and its kin. */
export interface MessageView extends PageFrame {
  kind: MessageKind;
  /** For people: a title, an address, a reason. */
  detail: Phrase | null;
}
