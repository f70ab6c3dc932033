import type { ExtractedPage } from '../domain/extracted-page.js';
import type { SafeHtml } from '../domain/safe-html.js';

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/**
 * What `inspect page --json` prints: dates in ISO 8601 UTC, what the page does not say as null. `content.text` has one
 * paragraph a line.
 */
export function toInspectPage(page: ExtractedPage, content: { html: SafeHtml; text: string }): object {
  return {
    title: page.title,
    subtitle: page.subtitle,
    authors: page.authors.map(({ name }) => ({ name })),
    published: iso(page.publishedAt),
    modified: iso(page.modifiedAt),
    language: page.language,
    direction: page.direction,
    section: page.section,
    tags: page.tags,
    lead: page.lead,
    content_html: content.html,
    content_text: content.text,
  };
}
