import { parseFeed as parseRowanmanning } from '@rowanmanning/feed-parser';
import { parseFeed as parseFeedsmith } from 'feedsmith';
import RssParser from 'rss-parser';
import { decodeText } from '../../src/parse/decode-text.js';
import { parseFeed } from '../../src/parse/parse-feed.js';
import { foldSpace, htmlToLine } from '../../src/parse/plain-text.js';
import type { Reading } from './feed-score.js';

/** A feed reader to be scored: null or an exception where it fails. */
export interface FeedReader {
  name: string;
  read(bytes: Uint8Array, headers: Readonly<Record<string, string>>): Promise<Reading[] | null>;
}

const contentTypeOf = (headers: Readonly<Record<string, string>>) => headers['content-type'] ?? null;

export const ours: FeedReader = {
  name: 'tamizdat',
  async read(bytes, headers) {
    const url = headers['content-location'] ?? null;
    const result = parseFeed(bytes, { contentType: contentTypeOf(headers), url });
    if (result.kind === 'no-feed') return null;
    return result.feed.entries.map((entry) => ({
      id: entry.id,
      titles: entry.title === null ? [] : [entry.title],
      link: entry.url,
      publishedAt: entry.publishedAt,
      updatedAt: entry.updatedAt,
    }));
  },
};

/** The libraries want a string: each is given ours, with the charset already right. */
function library(name: string, parse: (text: string) => Promise<Reading[]>): FeedReader {
  return { name, read: (bytes, headers) => parse(decodeText(bytes, contentTypeOf(headers)).text) };
}

/** The parts of feedsmith's four shapes that are scored; its types differ by format. */
interface FeedsmithEntry {
  id?: string;
  guid?: { value?: string };
  rdf?: { about?: string };
  title?: string | { value?: string };
  link?: string;
  url?: string;
  links?: { href?: string; rel?: string }[];
  pubDate?: string;
  published?: string;
  updated?: string;
  date_published?: string;
  date_modified?: string;
  dc?: { dates?: string[] };
}

const feedsmith = library('feedsmith', async (text) => {
  const { feed } = parseFeedsmith(text);
  const held = feed as { items?: FeedsmithEntry[]; entries?: FeedsmithEntry[] };
  return (held.items ?? held.entries ?? []).map((entry) => ({
    id: word(entry.id ?? entry.guid?.value ?? entry.rdf?.about),
    titles: forms(typeof entry.title === 'string' ? entry.title : entry.title?.value),
    link: word(
      entry.link ??
        entry.url ??
        entry.links?.find(({ rel = 'alternate' }) => rel === 'alternate')?.href ??
        entry.guid?.value,
    ),
    publishedAt: time(entry.pubDate ?? entry.published ?? entry.date_published ?? entry.dc?.dates?.[0]),
    updatedAt: time(entry.updated ?? entry.date_modified),
  }));
});

const rssParser = library('rss-parser', async (text) => {
  const { items } = await new RssParser<object, { id?: string; 'rdf:about'?: string }>().parseString(text);
  return items.map((item) => ({
    id: word(item.guid ?? item.id ?? item['rdf:about']),
    titles: forms(item.title),
    link: word(item.link ?? item.guid),
    publishedAt: time(item.isoDate ?? item.pubDate),
    updatedAt: null,
  }));
});

const rowanmanning = library('@rowanmanning', async (text) =>
  parseRowanmanning(text).items.map((item) => ({
    id: item.id,
    titles: forms(item.title),
    link: item.url,
    publishedAt: item.published?.getTime() ?? null,
    updatedAt: item.updated?.getTime() ?? null,
  })),
);

export const readers: readonly FeedReader[] = [ours, feedsmith, rssParser, rowanmanning];

/** A library answers with an object where an element has attributes it did not expect. */
function word(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function forms(title: unknown): string[] {
  return typeof title === 'string' ? [foldSpace(title), htmlToLine(title)] : [];
}

function time(date: string | undefined): number | null {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? null : at;
}
