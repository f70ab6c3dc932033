import { z } from 'zod';
import type { Enclosure, FeedEntry, FeedResult } from '../domain/feed.js';
import { toHttpUrl } from '../domain/http-url.js';
import { absoluteLinks } from './absolute-links.js';
import { decodeText } from './decode-text.js';
import type { FeedContext } from './feed-context.js';
import { parseLooseJson } from './loose-json.js';
import { parseDate } from './parse-date.js';
import { MAX_FEED_BYTES } from './parse-feed.js';
import { foldSpace, htmlToLine } from './plain-text.js';
import { MAX_ENTRIES, readEntries } from './read-entries.js';

const text = z.string().optional().catch(undefined);
const rendered = z.object({ rendered: z.string() }).optional().catch(undefined);
const named = z.object({ name: text, taxonomy: text }).catch({});
const media = z
  .object({
    source_url: text,
    mime_type: text,
    alt_text: text,
    caption: rendered,
    media_details: z
      .object({
        filesize: z.number().optional().catch(undefined),
        width: z.number().optional().catch(undefined),
      })
      .optional()
      .catch(undefined),
  })
  .catch({});

const post = z.object({
  id: z.number(),
  link: z.string(),
  guid: rendered,
  date: text,
  date_gmt: text,
  modified: text,
  modified_gmt: text,
  title: rendered,
  content: rendered,
  excerpt: rendered,
  _embedded: z
    .object({
      author: z.array(named).optional().catch(undefined),
      'wp:term': z.array(z.array(named).catch([])).optional().catch(undefined),
      'wp:featuredmedia': z.array(media).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/**
 * Reads a page of `/wp-json/wp/v2/posts?_embed` (WordPress REST API handbook, "Posts"). A post that is not one is left
 * out and counted in `problems`; the error object WordPress answers past the last page is `no-feed` with its message.
 */
export function parseWordPress(bytes: Uint8Array, context: FeedContext): FeedResult {
  if (bytes.byteLength > MAX_FEED_BYTES)
    return { kind: 'no-feed', reason: `larger than ${MAX_FEED_BYTES} bytes` };
  const decoded = decodeText(bytes, context.contentType);
  const json = parseLooseJson(decoded.text);
  if (json === null) return { kind: 'no-feed', reason: 'broken JSON' };
  if (!Array.isArray(json.value)) return { kind: 'no-feed', reason: errorMessage(json.value) };
  const listed: unknown[] = json.value.slice(0, MAX_ENTRIES + 1);
  const posts = listed.map((one) => post.safeParse(one)).flatMap((one) => (one.success ? [one.data] : []));
  const lost = listed.length - posts.length;
  const problems = [...decoded.problems];
  if (json.cut) problems.push('cut off');
  if (lost > 0) problems.push(`${lost} of ${listed.length} are no posts`);
  const read = readEntries(posts, (one) => toEntry(one, context));
  return {
    kind: 'feed',
    feed: {
      format: 'wordpress',
      title: null,
      link: null,
      language: null,
      ttlMs: null,
      entries: read.entries,
      problems: [...problems, ...read.problems],
    },
  };
}

function toEntry(one: z.infer<typeof post>, { url: base, timeZone }: FeedContext): FeedEntry {
  const url = toHttpUrl(one.link, base ?? undefined);
  const html = (part: { rendered: string } | undefined) =>
    part === undefined || part.rendered.trim() === '' ? null : absoluteLinks(part.rendered, url ?? base);
  return {
    // Of other kinds than posts it comes with `&` escaped, which a feed's is not.
    id: htmlToLine(one.guid?.rendered ?? '') || String(one.id),
    title: htmlToLine(one.title?.rendered ?? '') || null,
    url,
    // `*_gmt` is UTC though it does not say so; `date` is the site's own time.
    publishedAt: parseDate(one.date_gmt ?? '') ?? parseDate(one.date ?? '', timeZone),
    updatedAt: parseDate(one.modified_gmt ?? '') ?? parseDate(one.modified ?? '', timeZone),
    authors: (one._embedded?.author ?? []).flatMap(({ name }) => (name ? [{ name: htmlToLine(name) }] : [])),
    summaryHtml: html(one.excerpt),
    contentHtml: html(one.content),
    categories: (one._embedded?.['wp:term'] ?? []).flat().flatMap(({ name }) => htmlToLine(name ?? '') || []),
    enclosures: (one._embedded?.['wp:featuredmedia'] ?? []).flatMap((picture) => pictureOf(picture, base)),
  };
}

function pictureOf(given: z.infer<typeof media>, base: string | null): Enclosure[] {
  const address = toHttpUrl(given.source_url ?? '', base ?? undefined);
  if (address === null) return [];
  const { filesize, width } = given.media_details ?? {};
  const alt = foldSpace(given.alt_text ?? '');
  const caption = htmlToLine(given.caption?.rendered ?? '');
  return [
    {
      url: address,
      type: given.mime_type ?? null,
      bytes: filesize ?? null,
      ...(width === undefined ? {} : { width }),
      ...(alt === '' ? {} : { alt }),
      ...(caption === '' ? {} : { caption }),
    },
  ];
}

function errorMessage(json: unknown): string {
  const read = z.object({ message: z.string() }).safeParse(json);
  return read.success ? htmlToLine(read.data.message).slice(0, 200) : 'JSON, but not a list of posts';
}
