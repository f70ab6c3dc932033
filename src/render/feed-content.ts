import { directionOf } from '../domain/direction.js';
import { shownHost } from '../domain/http-url.js';
import type { FeedEntryView } from './feed-view.js';
import { fill, MESSAGES, uiLanguage } from './messages.js';
import { escapeHtml, escapeXml } from './xml-text.js';

/**
 * The whole text with what must go with it: the picture as a plain link with its size, whose text it is, and the way to the
 * original. Null where the feed carries summaries only. A reader shows entries of many feeds in one page of its own, so what runs
 * from right to left says so.
 */
export function contentOf(entry: FeedEntryView): string | null {
  if (entry.contentHtml === null) return null;
  const text = `${pictureLink(entry)}${entry.contentHtml}`;
  const whole = entry.rights?.place === 'before' ? attributionOf(entry) + text : text + attributionOf(entry);
  const language = entry.language ?? '';
  return directionOf(language) === 'rtl'
    ? `<div lang="${escapeXml(language)}" dir="rtl">${whole}</div>`
    : whole;
}

/** The summary as HTML; with the link to the picture where there is no whole text to hold it. */
export function summaryOf(entry: FeedEntryView): string {
  return escapeHtml(entry.summary) + (entry.contentHtml === null ? pictureLink(entry) : '');
}

/** Whose text it is, as plain text. */
export const rightsOf = ({ rights, original }: FeedEntryView): string | null =>
  rights === null ? null : fill(rights.text, { url: original ?? '' });

function attributionOf({ rights, original, language }: FeedEntryView): string {
  if (original === null) return rights === null ? '' : `<p>${escapeHtml(rights.text)}</p>`;
  const link = (words: string) => anchor(original, escapeHtml(words));
  const line =
    rights === null ? '' : `<p>${fill(escapeHtml(rights.text), { url: link(shownHost(original)) })}</p>`;
  if (rights?.text.includes('{url}')) return line;
  const words = MESSAGES[uiLanguage(language ?? '')].article.original;
  return `${line}<p>${link(fill(words, { host: shownHost(original) }))}</p>`;
}

function pictureLink({ picture }: FeedEntryView): string {
  if (picture === null) return '';
  const kilobytes = Math.max(1, Math.round(picture.bytes / 1024));
  const label = picture.label === '' ? '' : `${escapeHtml(picture.label)}, `;
  return `<p>${anchor(picture.url, `${label}${kilobytes} KB`)}</p>`;
}

const anchor = (href: string, html: string): string => `<a href="${escapeXml(href)}">${html}</a>`;
