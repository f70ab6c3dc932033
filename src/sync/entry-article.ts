import { createHash } from 'node:crypto';
import type { Article, Author } from '../domain/article.js';
import { stableIdOf } from '../domain/article-key.js';
import { closeDirections } from '../domain/close-directions.js';
import { directionOf } from '../domain/direction.js';
import type { FeedEntry } from '../domain/feed.js';
import { toHttpUrl } from '../domain/http-url.js';
import type { PublisherSource } from '../domain/publisher.js';
import type { SafeHtml } from '../domain/safe-html.js';
import { plainText, textOf } from '../sanitize/safe-text.js';
import { sanitizeHtml } from '../sanitize/sanitize-html.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import { leadOfEntry } from './feed-lead.js';
import { entryText } from './feed-text.js';
import { kindByMedia, mediaEmbeds } from './media-cards.js';

/** Longest summary kept; lists and feeds shorten it further. */
const SUMMARY_CHARS = 600;
/** How blogging software ends a teaser, after a sentence or in one. */
const CUT_MARK = /([.!?…]?)\s*\[(?:…|\.{3})\]\s*$/;
/** A teaser of dots alone is none. */
const LETTER = /[\p{L}\p{N}]/u;
/** A publisher's clock may be ahead of ours by so much before its date is not believed. */
const CLOCK_SKEW_MS = 3_600_000;

const HASH_BYTES = 32;
const sha256 = (facts: unknown): Buffer => createHash('sha256').update(JSON.stringify(facts)).digest();

/** Names of people: some feeds give the office's e-mail address with each entry. */
const bylineOf = (entry: FeedEntry): Author[] => entry.authors.filter((author) => !author.name.includes('@'));
const bylineHash = (authors: readonly Author[]): Buffer =>
  sha256(authors.map(({ name }) => closeDirections(name)));

/** 32 bytes that say whether the publisher changed an entry, and 32 that know its byline again; an older release kept the first alone. */
export function entryHash(entry: FeedEntry): Buffer {
  const facts = [
    entry.url,
    entry.title,
    entry.summaryHtml,
    entry.contentHtml,
    entry.publishedAt,
    entry.updatedAt,
    entry.authors.map((author) => author.name),
    entry.categories,
  ];
  return Buffer.concat([sha256(facts), bylineHash(bylineOf(entry))]);
}

export const isSameEntry = (seen: Uint8Array, hash: Uint8Array): boolean =>
  Buffer.compare(seen.subarray(0, HASH_BYTES), hash.subarray(0, HASH_BYTES)) === 0;

/** Whether the entry that was seen gave this byline; null where an older release saw it. */
export const gaveByline = (seen: Uint8Array, authors: readonly Author[]): boolean | null =>
  seen.length === HASH_BYTES ? null : Buffer.compare(seen.subarray(HASH_BYTES), bylineHash(authors)) === 0;

/** The stable id an entry goes by; null where it has neither guid nor link, so that it could not be told from another. */
export function entryId(publisher: StoredPublisher, entry: FeedEntry): string | null {
  const patterns = publisher.identity.patterns.map((pattern) => new RegExp(pattern));
  return stableIdOf(patterns, { url: entry.url, guid: entry.id });
}

/** The article as far as its feed tells it; null where the entry has no address of its own. */
export function articleOfEntry(
  publisher: StoredPublisher,
  source: PublisherSource,
  entry: FeedEntry,
  stableId: string,
  at: number,
): Article | null {
  const url = entry.url ?? (entry.id === null ? null : toHttpUrl(entry.id));
  if (url === null) return null;
  const [longer, shorter] = [entry.contentHtml ?? '', entry.summaryHtml ?? ''].sort(
    (a, b) => b.length - a.length,
  );
  const cards = sanitizeHtml(mediaEmbeds(entry), { baseUrl: url });
  const whole = (entryText(longer ?? '', entry, url) + cards) as SafeHtml;
  const { lead, content } = leadOfEntry(entry, whole, publisher.rights);
  const text = textOf(content);
  const teaser = plainText(entryText(shorter ?? '', entry, url)).replace(
    CUT_MARK,
    (_, end: string) => end || '…',
  );
  const summary = clip(LETTER.test(teaser) ? teaser : text.replace(/\n/g, ' '), SUMMARY_CHARS);
  const saidAt = entry.publishedAt ?? entry.updatedAt ?? at;
  return {
    publisherId: publisher.id,
    stableId,
    guid: entry.id,
    url,
    language: publisher.language,
    direction: directionOf(publisher.language),
    title: entry.title ?? (clip(summary, 90) || url),
    subtitle: '',
    summary,
    authors: bylineOf(entry),
    publishedAt: saidAt > at + CLOCK_SKEW_MS ? at : saidAt,
    modifiedAt: null,
    section: source.section ?? entry.categories[0] ?? null,
    tags: entry.categories.slice(0, 20),
    kind: kindByMedia(entry) ?? 'article',
    lead,
    content,
    origin: source.text === 'full' && text.length > 0 ? 'feed' : 'teaser',
  };
}

/** `text` cut at a word's end, without an ellipsis where nothing is left out. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const room = text.slice(0, length - 1);
  const space = room.lastIndexOf(' ');
  return `${room.slice(0, space > length / 2 ? space : room.length).replace(/[\ud800-\udbff]$/, '')}…`;
}
