import type { Article } from '../domain/article.js';
import { toHttpUrl } from '../domain/http-url.js';
import type { ArticleBlob } from '../sign/article-blob.js';

/**
 * The article of a verified blob. A key can be stolen: HTML passes the sanitizer again, and addresses their door. Null where the
 * original's address is none.
 */
export function articleOf(
  blob: ArticleBlob,
  sanitize: (html: string, baseUrl: string) => Article['content'],
): Article | null {
  const url = toHttpUrl(blob.url);
  if (url === null) return null;
  const lead = blob.media.find(({ role }) => role === 'lead');
  const src = lead === undefined ? null : toHttpUrl(lead.src);
  return {
    publisherId: blob.publisher,
    stableId: blob.id,
    guid: blob.guid,
    url,
    language: blob.lang,
    direction: blob.direction,
    title: blob.title,
    subtitle: blob.subtitle,
    summary: blob.summary.slice(0, 600),
    authors: blob.authors,
    publishedAt: Date.parse(blob.published),
    modifiedAt: blob.modified === null ? null : Date.parse(blob.modified),
    section: blob.section,
    tags: blob.tags,
    kind: blob.kind,
    lead:
      lead === undefined || src === null
        ? null
        : { src, alt: lead.alt, caption: lead.caption, credit: lead.credit },
    content: sanitize(blob.content_html, url),
    origin: blob.origin,
  };
}
