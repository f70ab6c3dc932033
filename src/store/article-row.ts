import type {
  Article,
  ArticleKind,
  ArticleState,
  Author,
  CaptionedPicture,
  ContentOrigin,
  Direction,
} from '../domain/article.js';
import { withClosedDirections } from '../domain/close-directions.js';
import type { HttpUrl } from '../domain/http-url.js';
import type { SafeHtml } from '../domain/safe-html.js';

/** An article as it is kept: the newest revision and what the sync needs to know about it. */
export interface StoredArticle extends Article {
  id: number;
  key: Uint8Array;
  state: ArticleState;
  stateReason: string | null;
  sectionSlug: string | null;
  words: number;
  revision: number;
  /** When the publisher last changed it, as far as we saw; null: never since the first copy. */
  revisedAt: number | null;
  /** When the copy shown was taken. */
  takenAt: number;
  page: PageProgress;
  /** When it fell out of retention: nothing of what it said is left; null while it is kept. */
  prunedAt: number | null;
  /** Ids of five earlier articles, chosen once; null until they are. */
  earlier: readonly number[] | null;
}

export interface PageProgress {
  state: 'none' | 'due' | 'read' | 'blocked' | 'failed';
  reason: string | null;
  tries: number;
  dueAt: number | null;
  /** How many planned second looks are done. */
  checks: number;
  /** How often in a row the page was gone, and since when. */
  missing: number;
  missingAt: number | null;
}

export interface ArticleRow {
  id: number;
  publisher_id: string;
  stable_id: string;
  key: Buffer;
  state: string;
  state_reason: string | null;
  guid: string | null;
  url: string;
  language: string;
  direction: string;
  title: string;
  subtitle: string;
  summary: string;
  authors: string;
  published_at: number;
  modified_at: number | null;
  section: string | null;
  section_slug: string | null;
  tags: string;
  kind: string;
  lead: string | null;
  content: string;
  words: number;
  origin: string;
  revision: number;
  revised_at: number | null;
  taken_at: number;
  page_state: string;
  page_reason: string | null;
  page_tries: number;
  page_due_at: number | null;
  checks: number;
  missing: number;
  missing_at: number | null;
  earlier: string | null;
  pruned_at: number | null;
}

/** The one door from a row to an article. What the row holds was checked when it was written. */
export function toArticle(row: ArticleRow): StoredArticle {
  // Rows of an older release may leave a direction open.
  return withClosedDirections({
    id: row.id,
    publisherId: row.publisher_id,
    stableId: row.stable_id,
    key: row.key,
    state: row.state as ArticleState,
    stateReason: row.state_reason,
    guid: row.guid,
    url: row.url as HttpUrl,
    language: row.language,
    direction: row.direction as Direction,
    title: row.title,
    subtitle: row.subtitle,
    summary: row.summary,
    authors: JSON.parse(row.authors) as Author[],
    publishedAt: row.published_at,
    modifiedAt: row.modified_at,
    section: row.section,
    sectionSlug: row.section_slug,
    tags: JSON.parse(row.tags) as string[],
    kind: row.kind as ArticleKind,
    lead: row.lead === null ? null : (JSON.parse(row.lead) as CaptionedPicture),
    content: row.content as SafeHtml,
    words: row.words,
    origin: row.origin as ContentOrigin,
    revision: row.revision,
    revisedAt: row.revised_at,
    takenAt: row.taken_at,
    page: {
      state: row.page_state as PageProgress['state'],
      reason: row.page_reason,
      tries: row.page_tries,
      dueAt: row.page_due_at,
      checks: row.checks,
      missing: row.missing,
      missingAt: row.missing_at,
    },
    prunedAt: row.pruned_at,
    earlier: row.earlier === null ? null : (JSON.parse(row.earlier) as number[]),
  });
}

/** The columns that hold an article's text and facts, as bound parameters. */
export function toColumns(
  article: Article,
  sectionSlug: string | null,
  words: number,
): Record<string, string | number | null> {
  return {
    publisherId: article.publisherId,
    stableId: article.stableId,
    guid: article.guid,
    url: article.url,
    language: article.language,
    direction: article.direction,
    title: article.title,
    subtitle: article.subtitle,
    summary: article.summary,
    authors: JSON.stringify(article.authors),
    publishedAt: article.publishedAt,
    modifiedAt: article.modifiedAt,
    section: article.section,
    sectionSlug,
    tags: JSON.stringify(article.tags),
    kind: article.kind,
    lead: article.lead === null ? null : JSON.stringify(article.lead),
    content: article.content,
    words,
    origin: article.origin,
  };
}
