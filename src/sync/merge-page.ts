import type { Article } from '../domain/article.js';
import { directionOf } from '../domain/direction.js';
import type { ExtractedPage } from '../domain/extracted-page.js';
import { isDeniedCredit } from '../media/denied-credit.js';
import { textOf } from '../sanitize/safe-text.js';
import { sanitizeHtml } from '../sanitize/sanitize-html.js';
import type { StoredArticle } from '../store/article-row.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import { clip } from './entry-article.js';
import { withCards } from './media-cards.js';

/** The page's word where it has one, the feed's where it is silent. */
export function mergePage(
  publisher: StoredPublisher,
  article: StoredArticle,
  page: ExtractedPage,
  url: string,
): Article {
  const own = sanitizeHtml(page.contentHtml, { baseUrl: url });
  const hasMedia = article.kind === 'video' || article.kind === 'podcast';
  const content = hasMedia ? withCards(own, article.content) : own;
  const language = page.language ?? article.language;
  const lead =
    page.lead === null || isDeniedCredit(page.lead.credit, page.lead.caption, publisher.rights)
      ? null
      : page.lead;
  // A publisher whose bylines we know to look for and that gives none wants none: staff safety.
  const authors =
    page.authors.length > 0 || publisher.page.authors.length > 0 ? page.authors : article.authors;
  return {
    ...article,
    title: page.title ?? article.title,
    subtitle: page.subtitle ?? article.subtitle,
    summary: article.summary === '' ? clip(textOf(content).replace(/\n/g, ' '), 600) : article.summary,
    language,
    direction: page.direction ?? directionOf(language),
    authors,
    publishedAt: page.publishedAt ?? article.publishedAt,
    modifiedAt: page.modifiedAt ?? article.modifiedAt,
    section: page.section ?? article.section,
    tags: page.tags.length > 0 ? page.tags : article.tags,
    kind: hasMedia && page.kind === 'article' ? article.kind : page.kind,
    lead,
    content,
    origin: 'page',
  };
}
