import { contentOf } from './feed-content.js';
import type { FeedEntryView, FeedView } from './feed-view.js';

/**
 * JSON Feed 1.1 (jsonfeed.org/version/1.1). An item must have a content: a summary feed gives `content_text`.
 * RFC 5005 knows no JSON; `next_url` is the specification's own way and would promise JSON, so it is left out.
 */
export function renderJsonFeed(view: FeedView): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: wellFormed(view.title),
    home_page_url: view.homeUrl,
    feed_url: view.selfUrl,
    ...(view.subtitle === null ? {} : { description: wellFormed(view.subtitle) }),
    language: view.language,
    items: view.entries.map((entry) => item(entry, view.language)),
  });
}

function item(entry: FeedEntryView, language: string): object {
  const content = contentOf(entry);
  const summary = wellFormed(entry.summary);
  return {
    id: entry.id,
    url: entry.url,
    title: wellFormed(entry.title),
    ...(content === null
      ? { content_text: summary }
      : { content_html: wellFormed(content), ...(summary === '' ? {} : { summary }) }),
    date_published: new Date(entry.publishedAt).toISOString(),
    ...(entry.updatedAt === entry.publishedAt
      ? {}
      : { date_modified: new Date(entry.updatedAt).toISOString() }),
    ...(entry.authors.length === 0
      ? {}
      : { authors: entry.authors.map((name) => ({ name: wellFormed(name) })) }),
    ...(entry.categories.length === 0 ? {} : { tags: entry.categories.map(wellFormed) }),
    ...(entry.language === null || entry.language === language ? {} : { language: entry.language }),
    ...(entry.proof === null
      ? {}
      : { _tamizdat: { a: entry.proof.id, c: entry.proof.hash, i: entry.proof.index } }),
  };
}

/** JSON text is Unicode: half a surrogate pair has no place in it (RFC 8259 section 8.2). */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '');
