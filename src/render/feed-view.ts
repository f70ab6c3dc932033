import type { HttpUrl } from '../domain/http-url.js';
import type { SafeHtml } from '../domain/safe-html.js';

/** One view for RSS, Atom and JSON Feed. Times in milliseconds since the epoch; every address is absolute. */
export interface FeedView {
  /** `tag:` URI, the same on every node. */
  id: string;
  title: string;
  subtitle: string | null;
  /** This document's own address. */
  selfUrl: HttpUrl;
  /** The page this feed is of. */
  homeUrl: HttpUrl;
  /** BCP 47. */
  language: string;
  /** Time of the newest change, never of the rendering; null where nothing was published yet. */
  updatedAt: number | null;
  /** When what the feed is of was looked at by its mirror: the time of an empty Atom feed, which must name one. */
  knownAt: number;
  entries: readonly FeedEntryView[];
  /** RFC 5005. `archive`: this document never changes again. */
  paging: {
    current: HttpUrl | null;
    previousArchive: HttpUrl | null;
    nextArchive: HttpUrl | null;
    archive: boolean;
  };
}

export interface FeedEntryView {
  /** `tag:` URI, the same on every node. */
  id: string;
  url: HttpUrl;
  title: string;
  language: string | null;
  /** Plain text. */
  summary: string;
  contentHtml: SafeHtml | null;
  authors: readonly string[];
  categories: readonly string[];
  publishedAt: number;
  /** The publisher's last change; the publishing time where there was none. */
  updatedAt: number;
  /** A text link, never an enclosure: a reader's program would call for it unasked. */
  picture: { url: HttpUrl; bytes: number; label: string } | null;
  /**
   * Where the publisher shows it; null in a feed of summaries, which gets there by the mirror's page. A link in the text and nowhere
   * else: a reader's program might open the entry's other addresses (`via`, `external_url`) instead of the mirror's.
   */
  original: HttpUrl | null;
  /** Whose text it is: plain text, `{url}` for the original's address. `place`: where it stands with the whole text. */
  rights: { text: string; place: 'before' | 'after' } | null;
  /** Where it stands in the signed log; null where nobody signed it. */
  proof: EntryProof | null;
}

/** With these an entry that was passed on can be checked against the signed log it came from: docs/formats.md. */
export interface EntryProof {
  /** The article's id in the log, 22 characters of base64url. */
  id: string;
  /** SHA-256 of the signed blob, base64url. */
  hash: string;
  /** Number of the log's entry, counted from 0. */
  index: number;
}

/** Namespace of the element and its three attributes. A `tag:` URI (RFC 4151): it needs no domain. */
export const PROOF_NAMESPACE = 'tag:tamizdat.invalid,2026:signed';

export interface OpmlView {
  title: string;
  /** Null where nothing was published yet. */
  updatedAt: number | null;
  feeds: readonly { title: string; language: string; feedUrl: HttpUrl; homeUrl: HttpUrl }[];
}
