import type { FeedEntryView } from './feed-view.js';
import { escapeHtml } from './xml-text.js';

/**
 * The whole text with what must go with it: the picture as a plain link with its size, and whose text it is.
 * Null where the feed carries summaries only.
 */
export function contentOf(entry: FeedEntryView): string | null {
  if (entry.contentHtml === null) return null;
  const rights = entry.rights === null ? '' : `<p>${escapeHtml(entry.rights)}</p>`;
  return `${pictureLink(entry)}${entry.contentHtml}${rights}`;
}

/** The summary as HTML; with the link to the picture where there is no whole text to hold it. */
export function summaryOf(entry: FeedEntryView): string {
  return escapeHtml(entry.summary) + (entry.contentHtml === null ? pictureLink(entry) : '');
}

function pictureLink({ picture }: FeedEntryView): string {
  if (picture === null) return '';
  const kilobytes = Math.max(1, Math.round(picture.bytes / 1024));
  const label = picture.label === '' ? '' : `${escapeHtml(picture.label)}, `;
  return `<p><a href="${escapeHtml(picture.url).replaceAll('"', '&quot;')}">${label}${kilobytes} KB</a></p>`;
}
