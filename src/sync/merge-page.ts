import type { Article } from '../domain/article.js';
import { stableIdOf } from '../domain/article-key.js';
import { directionOf } from '../domain/direction.js';
import type { ExtractedPage } from '../domain/extracted-page.js';
import { type HttpUrl, toHttpUrl } from '../domain/http-url.js';
import { lostNames, namesOneOf } from '../domain/lost-names.js';
import { isDeniedCredit } from '../media/denied-credit.js';
import { textOf } from '../sanitize/safe-text.js';
import { sanitizeHtml } from '../sanitize/sanitize-html.js';
import type { StoredArticle } from '../store/article-row.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import { clip } from './entry-article.js';
import { withCards } from './media-cards.js';

/** The page's word where it has one, the feed's where it is silent. `byFeed`: the byline in hand may be a feed's. */
export function mergePage(
  publisher: StoredPublisher,
  article: StoredArticle,
  page: ExtractedPage,
  from: { url: string; byFeed: boolean },
): Article {
  const own = sanitizeHtml(page.contentHtml, { baseUrl: from.url });
  const hasMedia = article.kind === 'video' || article.kind === 'podcast';
  const content = hasMedia ? withCards(own, article.content) : own;
  const language = page.language ?? article.language;
  const lead =
    page.lead === null || isDeniedCredit(page.lead.credit, page.lead.caption, publisher.rights)
      ? null
      : page.lead;
  // A publisher whose bylines we know to look for and that gives none wants none: staff safety. So does one that named people on
  // the page before, and not in its feed.
  const silent = publisher.page.authors.length > 0 || !from.byFeed;
  const authors = page.authors.length > 0 || silent ? page.authors : article.authors;
  const lost = lostNames(article, { authors });
  const isNamed = namesOneOf(lost);
  const summary = isNamed(article.summary) ? '' : article.summary;
  return {
    ...article,
    url: lost.length === 0 ? article.url : presentAddress(publisher, article, page.canonicalUrl, from.url),
    title: page.title ?? article.title,
    subtitle: page.subtitle ?? article.subtitle,
    summary: summary === '' ? clip(textOf(content).replace(/\n/g, ' '), 600) : summary,
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

/**
 * Where the page says that it stands, or where its address led. An address is no news, but the one in hand may spell the name that the
 * byline lost, while the publisher's site still answers there.
 */
function presentAddress(
  publisher: StoredPublisher,
  article: StoredArticle,
  ...addresses: readonly (string | null)[]
): HttpUrl {
  const patterns = publisher.identity.patterns.map((pattern) => new RegExp(pattern));
  const isOfArticle = (url: string): boolean =>
    stableIdOf(patterns, { url, guid: null }) === article.stableId;
  const found = addresses.find((url) => url !== null && isOfArticle(url)) ?? null;
  return (found === null ? null : toHttpUrl(found)) ?? article.url;
}
