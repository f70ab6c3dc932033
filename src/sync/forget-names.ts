import { lostNames, namesOneOf } from '../domain/lost-names.js';
import type { SafeHtml } from '../domain/safe-html.js';
import { slug } from '../domain/slug.js';
import { plainText, safeBlocks } from '../sanitize/safe-text.js';
import type { StoredArticle } from '../store/article-row.js';
import type { RevisionBody } from '../store/revision-table.js';
import type { Store } from '../store/store.js';

/**
 * Takes the names that a byline lost out of the words of earlier revisions: a headline that began with the name, a line on who the
 * author is, a credit, an address; and out of what the search index has left of them. What the text still says today stays. Inside the caller's transaction.
 */
export function forgetNames(before: StoredArticle, now: StoredArticle, store: Store): void {
  const names = lostNames(before, now);
  if (names.length === 0) return;
  const isNamed = namesOneOf(names);
  const slugs = names.map(slug);
  const kept = new Set(safeBlocks(now.content));
  store.searchScrub.want();
  store.revisions.rewrite(now.id, (body): RevisionBody => {
    const { title, subtitle, lead, url } = body;
    const words = lead === null ? '' : `${lead.alt}\n${lead.caption}\n${lead.credit}`;
    return {
      ...body,
      title: isNamed(title) ? now.title : title,
      subtitle: isNamed(subtitle) ? now.subtitle : subtitle,
      lead: isNamed(words) ? now.lead : lead,
      url: slugs.some((name) => url.includes(name)) ? now.url : url,
      content: safeBlocks(body.content)
        .filter((block) => kept.has(block) || !isNamed(plainText(block)))
        .join('') as SafeHtml,
    };
  });
}
