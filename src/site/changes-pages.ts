import { closeDirections } from '../domain/close-directions.js';
import type { FieldChange } from '../render/article-views.js';
import { renderChanges } from '../render/changes-page.js';
import { uiLanguage } from '../render/messages.js';
import type { PageFrame } from '../render/views.js';
import type { StoredArticle } from '../store/article-row.js';
import type { StoredRevision } from '../store/revision-table.js';
import type { Store } from '../store/store.js';
import { diffLines } from './diff-lines.js';
import { type Document, page } from './document.js';
import { firstThatFits } from './fit.js';
import { articlePath, relativeHref } from './paths.js';
import type { SiteConfig } from './site-config.js';

/** Lines of each change that are shown, most first: a rewritten article shows its beginning rather than nothing. */
const SHOWN_LINES = [400, 120, 60, 30, 12, 4] as const;
const SHOWN_REVISIONS = [50, 20, 8, 3, 1] as const;

/** `.../changes/`: what the publisher changed and when we saw it; none where it never did. */
export function renderChangesPages(
  config: SiteConfig,
  store: Store,
  article: StoredArticle,
  frame: PageFrame,
): Document[] {
  if (article.revision <= 1) return [];
  const home = articlePath(article.publisherId, article.stableId);
  const path = `${home}changes/`;
  const all = store.revisions.of(article.id);
  const revisions = all.slice(1).flatMap((revision, index) => {
    const before = all[index];
    return before === undefined
      ? []
      : [{ at: revision.modifiedAt ?? revision.takenAt, note: null, fields: fieldChanges(before, revision) }];
  });
  revisions.reverse();
  const candidates = SHOWN_REVISIONS.flatMap((count) => SHOWN_LINES.map((lines) => ({ count, lines })));
  const { text } = firstThatFits(candidates, config.bodyBytes, ({ count, lines }) =>
    renderChanges({
      ...frame,
      ui: uiLanguage(article.language),
      sections: [],
      language: article.language,
      direction: article.direction,
      headline: article.title,
      article: relativeHref(path, home),
      publishedAt: article.publishedAt,
      revisions: revisions
        .slice(0, count)
        .map((revision) => ({ ...revision, fields: revision.fields.map((field) => shorten(field, lines)) })),
      newer: null,
      older: null,
    }),
  );
  return [page(path, text)];
}

const shorten = (change: FieldChange, most: number): FieldChange => ({
  ...change,
  lines: change.lines.slice(0, most),
  omitted: change.omitted + Math.max(0, change.lines.length - most),
});

function fieldChanges(before: StoredRevision, after: StoredRevision): FieldChange[] {
  return after.fields
    .map((field) => ({ field, ...diffLines(linesOf(before, field), linesOf(after, field)) }))
    .filter((change) => change.lines.some((line) => line.mark !== 'same'));
}

const linesOf = (revision: StoredRevision, field: StoredRevision['fields'][number]): string[] =>
  asLines(revision, field).map(closeDirections);

function asLines(revision: StoredRevision, field: StoredRevision['fields'][number]): string[] {
  const value = revision.body[field];
  switch (field) {
    case 'authors':
      return revision.body.authors.map((author) => author.name);
    case 'publishedAt':
      return [new Date(revision.body.publishedAt).toISOString()];
    case 'lead':
      return revision.body.lead === null
        ? []
        : [revision.body.lead.caption, revision.body.lead.credit].filter((line) => line !== '');
    case 'content':
      return plainLines(revision.body.content);
    default:
      return value === null || value === '' ? [] : [String(value)];
  }
}

/** Text of sanitized HTML, a block a line. */
function plainLines(html: string): string[] {
  return html
    .replace(/<\/(?:p|h\d|li|blockquote|tr|figcaption|pre|dd|dt|div|section)>|<br\s*\/?>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&nbsp;/g, ' ')
    .replace(/&amp;/g, '&')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
