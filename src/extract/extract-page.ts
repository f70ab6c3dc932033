import { removeElement } from 'domutils';
import type { ExtractResult } from '../domain/extracted-page.js';
import type { PageRules } from '../domain/publisher.js';
import { findLead } from './lead-picture.js';
import { readMetadata } from './metadata.js';
import type { FeedEvidence, PageView } from './page-view.js';
import { parsePage } from './parse-page.js';
import { readableContent } from './readability.js';
import { selectAll, selectFirst } from './select.js';
import { readStructuredData } from './structured-data.js';
import { serialize } from './tree.js';

export interface ExtractContext {
  /** Address the page was read from. */
  url: string;
  rules?: PageRules | null;
  feed?: FeedEvidence | null;
  /** IANA zone for dates that do not state an offset. `UTC` where not given. */
  timeZone?: string;
}

/** The article a page holds. Synchronous and bounded; never throws. `contentHtml` still has to be sanitized. */
export function extractPage(html: string, context: ExtractContext): ExtractResult {
  const parsed = parsePage(html);
  if (parsed.kind === 'refused') return { kind: 'no-article', reason: parsed.reason };
  const { document } = parsed;
  const view: PageView = {
    document,
    data: readStructuredData(document),
    url: context.url,
    rules: context.rules ?? null,
    feed: context.feed ?? null,
  };
  const metadata = readMetadata(view, context.timeZone ?? 'UTC');
  const lead = findLead(view);
  for (const selector of view.rules?.drop ?? [])
    for (const element of selectAll(document, selector)) removeElement(element);
  const selected = selectFirst(document, view.rules?.content ?? []);
  if (selected.length > 0) {
    const contentHtml = selected.map(serialize).join('');
    return { kind: 'page', page: { ...metadata, lead, contentHtml, method: 'selectors' } };
  }
  const contentHtml = readableContent(html, context.url);
  if (contentHtml === null)
    return { kind: 'no-article', reason: 'no block of text that reads like an article' };
  return { kind: 'page', page: { ...metadata, lead, contentHtml, method: 'readability' } };
}
