import type { ParsedFeed } from '../domain/feed.js';

/** The JSON of `inspect feed`, which other people's scripts rely on: names as in JSON Feed, dates ISO 8601 in UTC or null. */
export function toInspectFeed(feed: ParsedFeed): object {
  return {
    title: feed.title,
    link: feed.link,
    language: feed.language,
    entries: feed.entries.map((entry) => ({
      id: entry.id,
      title: entry.title,
      url: entry.url,
      published: isoOrNull(entry.publishedAt),
      updated: isoOrNull(entry.updatedAt),
      authors: entry.authors.map(({ name }) => ({ name })),
      summary: entry.summaryHtml,
      content_html: entry.contentHtml,
    })),
  };
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
