import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldSpace, htmlToLine } from '../../src/parse/plain-text.js';

/** One line of the corpus' index: a file, the headers it came with, and what an independent parser reads from it. */
export interface FeedCase {
  suite: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  oracle: { entries: readonly OracleEntry[] };
}

interface OracleEntry {
  id: string | null;
  title: string | null;
  link: string | null;
  published: string | null;
  updated: string | null;
}

/** What a parser under test says of one entry. */
export interface Reading {
  id: string | null;
  /** Any of these may agree: a library that leaves markup in titles is not blamed for it. */
  titles: readonly string[];
  link: string | null;
  /** Milliseconds since the epoch. */
  publishedAt: number | null;
  updatedAt: number | null;
}

export const FIELDS = ['link', 'id', 'title', 'date'] as const;
export type Field = (typeof FIELDS)[number];

export interface Tally {
  files: number;
  withEntries: number;
  /** Files with entries on which the parser threw or answered that this is no feed. */
  failed: number;
  countRight: number;
  fields: Record<Field, { right: number; of: number }>;
}

export interface Disagreement {
  path: string;
  field: Field | 'count';
  ours: unknown;
  oracle: unknown;
}

export function feedCases(corpus: string): FeedCase[] {
  return readFileSync(join(corpus, 'feeds', 'index.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FeedCase);
}

export function emptyTally(): Tally {
  const none = () => ({ right: 0, of: 0 });
  return {
    files: 0,
    withEntries: 0,
    failed: 0,
    countRight: 0,
    fields: { link: none(), id: none(), title: none(), date: none() },
  };
}

/** Adds one file to `tally`; `readings` is null where the parser failed. A field counts where the oracle has a value. */
export function scoreFeed(tally: Tally, feed: FeedCase, readings: readonly Reading[] | null): Disagreement[] {
  const expected = feed.oracle.entries;
  const wrong: Disagreement[] = [];
  tally.files++;
  if (expected.length === 0) return wrong;
  tally.withEntries++;
  if (readings === null) tally.failed++;
  if (readings?.length === expected.length) tally.countRight++;
  else wrong.push({ path: feed.path, field: 'count', ours: readings?.length, oracle: expected.length });
  for (const [index, entry] of expected.entries()) {
    const reading = readings?.[index];
    for (const field of FIELDS) {
      const value = field === 'date' ? (entry.published ?? entry.updated) : entry[field];
      if (value === null || value === '') continue;
      tally.fields[field].of++;
      if (reading !== undefined && agrees(field, reading, entry)) tally.fields[field].right++;
      else wrong.push({ path: feed.path, field, ours: reading && said(field, reading), oracle: value });
    }
  }
  return wrong;
}

function said(field: Field, reading: Reading): unknown {
  if (field === 'title') return reading.titles;
  return field === 'date' ? [reading.publishedAt, reading.updatedAt] : reading[field];
}

function agrees(field: Field, reading: Reading, oracle: OracleEntry): boolean {
  switch (field) {
    case 'title':
      return [foldSpace(oracle.title ?? ''), htmlToLine(oracle.title ?? '')].some((title) =>
        reading.titles.includes(title),
      );
    case 'link':
      return sameUrl(reading.link, oracle.link ?? '');
    case 'id':
      return reading.id?.trim() === oracle.id?.trim() || sameUrl(reading.id, oracle.id ?? '');
    case 'date': {
      const ours =
        oracle.published === null
          ? (reading.updatedAt ?? reading.publishedAt)
          : (reading.publishedAt ?? reading.updatedAt);
      // The oracle drops fractions of a second.
      return (
        ours !== null &&
        Math.floor(ours / 1000) * 1000 === Date.parse(oracle.published ?? oracle.updated ?? '')
      );
    }
  }
}

/** The oracle leaves a link relative where it knows no base. */
function sameUrl(ours: string | null, oracle: string): boolean {
  if (ours === null) return false;
  if (ours === oracle) return true;
  return (
    URL.canParse(oracle, ours) && URL.canParse(ours) && new URL(oracle, ours).href === new URL(ours).href
  );
}
