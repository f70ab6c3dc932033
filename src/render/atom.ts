import { contentOf, summaryOf } from './feed-content.js';
import { writeFeed } from './feed-package.js';
import { type FeedView, PROOF_NAMESPACE } from './feed-view.js';
import { escapeHtml, escapeXml } from './xml-text.js';

/** Atom 1.0 (RFC 4287) with the history of RFC 5005. */
export function renderAtom(view: FeedView): string {
  const proved = view.entries.some(({ proof }) => proof !== null);
  const atom = writeFeed(view, 'atom1', (feed, { text, html }) => {
    feed.options.author = { name: text(view.title) };
    for (const entry of view.entries) {
      const content = contentOf(entry);
      const summary = summaryOf(entry);
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
        ...(entry.rights === null ? {} : { copyright: text(entry.rights) }),
      });
    }
    return {
      rootAttributes: `xmlns="http://www.w3.org/2005/Atom" xml:lang="${escapeXml(view.language)}"${proved ? ` xmlns:tz="${PROOF_NAMESPACE}"` : ''}`,
      head: history(view),
    };
  });
  return proved ? withProofs(atom, view) : atom;
}

/** The package writes no elements of other namespaces into Atom's entries, so each goes in behind its entry's id. */
function withProofs(atom: string, { entries }: FeedView): string {
  const proofs = new Map(entries.map(({ id, proof }) => [`<id>${id}</id>`, proof]));
  return atom.replace(/<id>[^<]*<\/id>/g, (element) => {
    const proof = proofs.get(element) ?? null;
    return proof === null
      ? element
      : `${element}<tz:entry a="${proof.id}" c="${proof.hash}" i="${proof.index}"/>`;
  });
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
