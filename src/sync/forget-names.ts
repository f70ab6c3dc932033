import { lostNames, namesOneOf } from '../domain/lost-names.js';
import type { SafeHtml } from '../domain/safe-html.js';
import { slug } from '../domain/slug.js';
import { plainText, safeBlocks } from '../sanitize/safe-text.js';
import type { StoredArticle } from '../store/article-row.js';
import type { RevisionBody } from '../store/revision-table.js';
import type { Store } from '../store/store.js';

/**
 * Takes the names that a byline lost out of the words of earlier revisions: a headline that began with the name, a line on who the
 * author is, a credit; and out of what the search index and the notes on passes have left of them. What the text still says today
 * stays. An address that the publisher gave up goes too, since nobody knows how it spells a name. Inside the caller's transaction.
 */
export function forgetNames(before: StoredArticle, now: StoredArticle, store: Store): void {
  const names = lostNames(before, now);
  if (names.length === 0 && before.url === now.url) return;
  // Addresses of pictures and links spell names too, as a rule by the same letters as ours.
  const isNamed = namesOneOf(names.flatMap((name) => [name, slug(name).replaceAll('-', ' ')]));
  const kept = new Set(safeBlocks(now.content));
  if (names.length > 0) store.searchScrub.want();
  store.passes.forgetProblems(now.publisherId);
  store.revisions.rewrite(now.id, (body): RevisionBody => {
    const { title, subtitle, lead } = body;
    return {
      ...body,
      url: now.url,
      title: isNamed(title) ? now.title : title,
      subtitle: isNamed(subtitle) ? now.subtitle : subtitle,
      lead: lead !== null && isNamed(JSON.stringify(lead)) ? now.lead : lead,
      content: safeBlocks(body.content)
        .filter((block) => kept.has(block) || (!isNamed(plainText(block)) && !isNamed(block)))
        .join('') as SafeHtml,
    };
  });
}
