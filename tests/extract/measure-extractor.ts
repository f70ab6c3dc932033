import type { ExtractedPage } from '../../src/domain/extracted-page.js';
import { parseTimestamp } from '../../src/extract/dates.js';
import { extractPage } from '../../src/extract/extract-page.js';
import { readableContent, readableData } from '../../src/extract/readability.js';
import { textOf } from '../../src/sanitize/safe-text.js';
import { sanitizeHtml } from '../../src/sanitize/sanitize-html.js';
import type { CorpusPage } from './corpus-pages.js';
import { weightsFor } from './fold-judges.js';
import {
  macroF1,
  mean,
  type Overlap,
  sameNames,
  shingleOverlap,
  squash,
  tokenOverlap,
  tokenOverlapWithOptional,
} from './scoring.js';

/** One extractor's answer for one page: the text, and the page's data where it gives any. */
export interface Answer {
  text: string;
  page: Pick<ExtractedPage, 'title' | 'authors' | 'publishedAt' | 'lead'> | null;
}

export type Extractor = (page: CorpusPage) => Answer;

/** Ours, by weights that never saw the page's domain. */
export const heldOut: Extractor = (page) => answerOf(page, true);

/** Ours as shipped, whose weights have seen every page here. */
export const shipped: Extractor = (page) => answerOf(page, false);

function answerOf(page: CorpusPage, isHeldOut: boolean): Answer {
  const result = extractPage(page.html, {
    url: page.url,
    ...(isHeldOut ? { weights: weightsFor(page.url) } : {}),
  });
  if (result.kind !== 'page') return { text: '', page: null };
  return { text: textOf(sanitizeHtml(result.page.contentHtml, { baseUrl: page.url })), page: result.page };
}

/** Mozilla's Readability on linkedom, its result cleaned by our sanitizer as ours is. */
export const readability: Extractor = (page) => {
  const html = readableContent(page.html, page.url);
  return { text: html === null ? '' : textOf(sanitizeHtml(html, { baseUrl: page.url })), page: null };
};

/** What Readability says of a page beside its text: byline as one string, the date as the page states it. */
export const readabilityData: Extractor = (page) => {
  const said = readableData(page.html, page.url);
  const at = said?.publishedTime == null ? null : parseTimestamp(said.publishedTime, 'UTC');
  const authors = (said?.byline ?? '').split(/,\s*|\s+(?:and|und|et|y|&)\s+/).filter((name) => name !== '');
  return {
    text: '',
    page: {
      title: said?.title ?? null,
      authors: authors.map((name) => ({ name: name.replace(/^(?:by|von|par|por)\s+/i, '') })),
      publishedAt: at,
      lead: null,
    },
  };
};

export interface Scored {
  page: CorpusPage;
  answer: Answer;
  overlap: Overlap;
}

/** Each page with its score, by its source's own measure. */
export function scorePages(pages: readonly CorpusPage[], extract: Extractor): Scored[] {
  return pages.map((page) => {
    const answer = extract(page);
    const overlap =
      page.source === 'aeb'
        ? shingleOverlap(page.body, answer.text)
        : tokenOverlapWithOptional(page.body, page.summary, answer.text);
    return { page, answer, overlap };
  });
}

/** `f1`: of the macro means, as the AEB counts it. `meanF1` and `below`: of the pages' own F1, as fundus is counted. */
export function summarize(scored: readonly Scored[]): Overlap & { meanF1: number; below: number } {
  const overlaps = scored.map(({ overlap }) => overlap);
  return {
    ...macroF1(overlaps),
    meanF1: mean(overlaps.map(({ f1 }) => f1)),
    below: mean(overlaps.map(({ f1 }) => (f1 < 0.8 ? 1 : 0))),
  };
}

export interface MetadataShares {
  /** Letter for letter, but for case and punctuation. */
  title: number;
  /** Four fifths of the words: many pages carry one title for readers and another for search engines. */
  titleWords: number;
  /** Mean token F1, as texts are scored: where a page has two headlines, how near ours is to the corpus'. */
  titleF1: number;
  date: number;
  /** Exactly the same names. */
  authors: number;
  /** Mean F1 over names. */
  authorF1: number;
}

/** Shares of pages, among those where the corpus says what is right. A date is right on the same day at the stated offset. */
export function metadataShares(scored: readonly Scored[]): MetadataShares {
  const share = (right: (item: Scored) => boolean | number | null): number =>
    mean(
      scored
        .map(right)
        .filter((item) => item !== null)
        .map(Number),
    );
  return {
    title: share(isTitleRight),
    titleF1: share(({ page, answer }) =>
      page.title === null ? null : tokenOverlap(page.title, answer.page?.title ?? '').f1,
    ),
    titleWords: share(({ page, answer }) =>
      page.title === null ? null : tokenOverlap(page.title, answer.page?.title ?? '').f1 >= 0.8,
    ),
    date: share(isDateRight),
    authors: share(areAuthorsRight),
    authorF1: mean(
      scored.flatMap(({ page, answer }) => (page.authors === null ? [] : [namesF1(page.authors, answer)])),
    ),
  };
}

function namesF1(expected: readonly string[], answer: Answer): number {
  const actual = answer.page?.authors.map(({ name }) => squash(name)) ?? [];
  if (expected.length + actual.length === 0) return 1;
  const both = expected.filter((name) => actual.includes(squash(name))).length;
  return (2 * both) / (expected.length + actual.length);
}

export function isTitleRight({ page, answer }: Scored): boolean | null {
  return page.title === null ? null : squash(answer.page?.title ?? '') === squash(page.title);
}

export function isDateRight({ page, answer }: Scored): boolean | null {
  if (page.published === null) return null;
  const at = answer.page?.publishedAt ?? null;
  if (at === null) return false;
  const expected = Date.parse(page.published.replace(' ', 'T'));
  const days = [at - 14 * 3_600_000, at, at + 14 * 3_600_000].map((time) =>
    new Date(time).toISOString().slice(0, 10),
  );
  return Math.abs(at - expected) < 86_400_000 || days.includes(page.published.slice(0, 10));
}

export function areAuthorsRight({ page, answer }: Scored): boolean | null {
  if (page.authors === null) return null;
  return sameNames(page.authors, answer.page?.authors.map(({ name }) => name) ?? []);
}
