import { contentOf, rightsOf, summaryOf } from './feed-content.js';
import { writeFeed } from './feed-package.js';
import { type FeedEntryView, type FeedView, PROOF_NAMESPACE } from './feed-view.js';
import { escapeHtml, escapeXml } from './xml-text.js';

/** Atom 1.0 (RFC 4287) with the history of RFC 5005. */
export function renderAtom(view: FeedView): string {
  const proved = view.entries.some(({ proof }) => proof !== null);
  return writeFeed(view, 'atom1', (feed, { text, html }) => {
    feed.options.author = { name: text(view.title) };
    for (const entry of view.entries) {
      const content = contentOf(entry);
      const summary = summaryOf(entry);
      const rights = rightsOf(entry);
      feed.addItem({
        title: text(escapeHtml(entry.title)),
        id: entry.id,
        link: entry.url,
        date: new Date(entry.updatedAt),
        published: new Date(entry.publishedAt),
        ...(summary === '' ? {} : { description: text(summary) }),
        ...(content === null ? {} : { content: html(content) }),
        ...(entry.authors.length === 0
          ? {}
          : { author: entry.authors.map((name) => ({ name: text(name) })) }),
        category: entry.categories.map((name) => ({ term: text(name) })),
        ...(rights === null ? {} : { copyright: text(rights) }),
      });
    }
    return {
      rootAttributes: `xmlns="http://www.w3.org/2005/Atom" xml:lang="${escapeXml(view.language)}"${proved ? ` xmlns:tz="${PROOF_NAMESPACE}"` : ''}`,
      head: history(view),
      entryOpenings: view.entries.map((entry) => opening(entry, view.language)),
    };
  });
}

/** How an entry begins: with its language where it is another than the feed's, and its proof. */
function opening({ language, proof }: FeedEntryView, feedLanguage: string): string {
  return [
    language === null || language === feedLanguage ? '<entry>' : `<entry xml:lang="${escapeXml(language)}">`,
    proof === null ? '' : `<tz:entry a="${proof.id}" c="${proof.hash}" i="${proof.index}"/>`,
  ].join('');
}

function history({ paging }: FeedView): string {
  const link = (rel: string, href: string | null) =>
    href === null ? '' : `<link rel="${rel}" href="${escapeXml(href)}"/>`;
  return [
    paging.archive ? '<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>' : '',
    link('current', paging.current),
    link('prev-archive', paging.previousArchive),
    link('next-archive', paging.nextArchive),
  ].join('');
}
