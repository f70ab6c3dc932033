import { contentOf, rightsOf, summaryOf } from './feed-content.js';
import { writeFeed } from './feed-package.js';
import { type EntryProof, type FeedView, PROOF_NAMESPACE } from './feed-view.js';
import { escapeHtml, escapeXml } from './xml-text.js';

const NAMESPACES =
  'version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:fh="http://purl.org/syndication/history/1.0"';
const PROOF = `xmlns:tz="${PROOF_NAMESPACE}"`;

/**
 * RSS 2.0. Titles and descriptions are HTML to most readers, so they are escaped twice; authors go into `dc:creator`, since
 * `author` must be an e-mail address (RSS Advisory Board profile); RFC 5005 links are `atom:link`.
 */
export function renderRss(view: FeedView): string {
  return writeFeed(view, 'rss2', (feed, { text, html }) => {
    for (const entry of view.entries) {
      const content = contentOf(entry);
      const rights = rightsOf(entry);
      const elements = (name: string, values: readonly string[]) =>
        values.length === 0 ? [] : [{ name, objects: repeated(values.map(text)) }];
      const extensions = [
        ...elements('dc:creator', entry.authors),
        ...elements('dc:rights', rights === null ? [] : [rights]),
        ...elements(
          'dc:language',
          entry.language === null || entry.language === view.language ? [] : [entry.language],
        ),
        ...(entry.proof === null ? [] : [{ name: 'tz:entry', objects: attributes(entry.proof) }]),
      ];
      feed.addItem({
        title: text(escapeHtml(entry.title)),
        guid: entry.id,
        link: entry.url,
        date: new Date(entry.publishedAt),
        ...(entry.summary === '' && entry.picture === null ? {} : { description: text(summaryOf(entry)) }),
        ...(content === null ? {} : { content: html(content) }),
        category: entry.categories.map((name) => ({ name: text(name) })),
        extensions,
      });
    }
    const proved = view.entries.some(({ proof }) => proof !== null);
    return { rootAttributes: proved ? `${NAMESPACES} ${PROOF}` : NAMESPACES, head: history(view) };
  });
}

const attributes = ({ id, hash, index }: EntryProof) => ({
  _attributes: { a: id, c: hash, i: String(index) },
});

/** The package writes a list as one element for each, though its types only know single ones. */
const repeated = (values: readonly string[]): Record<string, unknown> =>
  values.map((_text) => ({ _text })) as unknown as Record<string, unknown>;

function history({ paging }: FeedView): string {
  const link = (rel: string, href: string | null) =>
    href === null ? '' : `<atom:link rel="${rel}" href="${escapeXml(href)}"/>`;
  return [
    paging.archive ? '<fh:archive/>' : '',
    link('current', paging.current),
    link('prev-archive', paging.previousArchive),
    link('next-archive', paging.nextArchive),
  ].join('');
}
