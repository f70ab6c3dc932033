import { escapeUTF8 } from 'entities';
import { z } from 'zod';
import type { Author } from '../domain/article.js';
import type { Enclosure, FeedEntry, FeedResult } from '../domain/feed.js';
import { type HttpUrl, toHttpUrl } from '../domain/http-url.js';
import { absoluteLinks } from './absolute-links.js';
import type { FeedContext } from './feed-context.js';
import { parseLooseJson } from './loose-json.js';
import { parseDate } from './parse-date.js';
import { foldSpace, textToHtml } from './plain-text.js';
import { MAX_ENTRIES, readEntries } from './read-entries.js';

/** A field of the wrong type counts as absent: one bad item must not lose the others. */
const text = z.string().optional().catch(undefined);
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item.or(z.unknown().transform(() => null)))
    .optional()
    .catch(undefined);
const author = z.object({ name: text });
const attachment = z.object({
  url: z.string(),
  mime_type: text,
  size_in_bytes: z.number().optional().catch(undefined),
  duration_in_seconds: z.number().positive().optional().catch(undefined),
});
const item = z.object({
  id: z
    .union([z.string(), z.number().transform(String)])
    .optional()
    .catch(undefined),
  url: text,
  external_url: text,
  title: text,
  content_html: text,
  content_text: text,
  summary: text,
  image: text,
  banner_image: text,
  date_published: text,
  date_modified: text,
  authors: list(author),
  author: author.optional().catch(undefined),
  tags: list(z.string()),
  attachments: list(attachment),
});
const feed = z.object({
  version: z.unknown(),
  title: text,
  home_page_url: text,
  feed_url: text,
  language: text,
  authors: list(author),
  author: author.optional().catch(undefined),
  items: z.array(z.unknown()),
});

type Item = z.infer<typeof item>;

/** JSON Feed 1.0 and 1.1. */
export function parseJsonFeed(source: string, context: FeedContext): FeedResult {
  const json = parseLooseJson(source);
  if (json === null) return { kind: 'no-feed', reason: 'broken JSON' };
  const read = feed.safeParse(json.value);
  if (!read.success) return { kind: 'no-feed', reason: 'JSON, but not a JSON Feed' };
  const { data } = read;
  const base = context.url ?? data.feed_url ?? data.home_page_url;
  // One past the limit, so that it is known to be passed.
  const listed = data.items.slice(0, MAX_ENTRIES + 1);
  const items = listed.map((one) => item.safeParse(one)).flatMap((one) => (one.success ? [one.data] : []));
  const problems: string[] = json.cut ? ['cut off'] : [];
  if (items.length < listed.length) problems.push(`${listed.length - items.length} items are no objects`);
  const authors = authorsOf(data.authors, data.author);
  const taken = readEntries(items, (one) => toEntry(one, base, authors, context.timeZone));
  return {
    kind: 'feed',
    feed: {
      format: 'json',
      title: lineOrNull(data.title),
      link: link(data.home_page_url, base),
      language: data.language ?? null,
      ttlMs: null,
      entries: taken.entries,
      problems: [...problems, ...taken.problems],
    },
  };
}

function toEntry(item: Item, base: string | undefined, feedAuthors: Author[], timeZone?: string): FeedEntry {
  const authors = authorsOf(item.authors, item.author);
  const id = item.id ?? null;
  const url = link(item.url, base) ?? link(item.external_url, base) ?? (id === null ? null : toHttpUrl(id));
  const html = item.content_html ?? htmlOfText(item.content_text);
  return {
    id,
    title: lineOrNull(item.title),
    url,
    publishedAt: parseDate(item.date_published ?? '', timeZone),
    updatedAt: parseDate(item.date_modified ?? '', timeZone),
    authors: authors.length > 0 ? authors : feedAuthors,
    summaryHtml: item.summary === undefined ? null : escapeUTF8(item.summary),
    contentHtml: html === undefined ? null : absoluteLinks(html, url ?? base ?? null),
    categories: [...new Set((item.tags ?? []).flatMap((tag) => lineOrNull(tag ?? undefined) ?? []))],
    enclosures: enclosuresOf(item, base),
  };
}

/** JSON has no reason of its own to break a line: each break is the author's. */
function htmlOfText(plain: string | undefined): string | undefined {
  return plain === undefined ? undefined : textToHtml(plain.trim()).replaceAll('\n', '<br>');
}

function enclosuresOf({ attachments, image, banner_image }: Item, base: string | undefined): Enclosure[] {
  const files = (attachments ?? []).flatMap((one) => {
    const url = one === null ? null : link(one.url, base);
    if (one === null || url === null) return [];
    const { duration_in_seconds: seconds } = one;
    return [
      {
        url,
        type: one.mime_type ?? null,
        bytes: one.size_in_bytes ?? null,
        ...(seconds === undefined ? {} : { seconds: Math.round(seconds) }),
      },
    ];
  });
  const picture = link(image, base) ?? link(banner_image, base);
  return picture === null ? files : [...files, { url: picture, type: 'image/*', bytes: null }];
}

function link(value: string | undefined, base: string | undefined): HttpUrl | null {
  return value === undefined ? null : toHttpUrl(value, base);
}

function lineOrNull(value: string | undefined): string | null {
  return foldSpace(value ?? '') || null;
}

/** Version 1.1 has `authors`, version 1.0 had `author`. */
function authorsOf(authors: Item['authors'], author: Item['author']): Author[] {
  return [...(authors ?? []), author].flatMap((one) => {
    const name = lineOrNull(one?.name);
    return name === null ? [] : [{ name }];
  });
}
