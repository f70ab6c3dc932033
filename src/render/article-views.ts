import type { ArticleKind, ContentOrigin } from '../domain/article.js';
import type { HttpUrl } from '../domain/http-url.js';
import type { Designation, Rights } from '../domain/publisher.js';
import type { SafeHtml } from '../domain/safe-html.js';
import type { PageFrame, Phrase, PictureView, RelativeHref, Tongue } from './views.js';

// What the pages of an article say; units as in views.ts.

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
