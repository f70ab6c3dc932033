import type { FeedResult, ParsedFeed } from '../domain/feed.js';
import { toHttpUrl } from '../domain/http-url.js';
import type { FeedContext } from './feed-context.js';
import { MAX_ENTRIES, readEntries } from './read-entries.js';
import { lineOf } from './text-construct.js';
import { authorsOf, linkOf, toEntry } from './xml-entry.js';
import { childElements, isElement, readXml, textOf, type XmlElement } from './xml-tree.js';

const ENTRY_NAMES = new Set(['item', 'entry']);

/** RSS, RDF, Atom and CDF from text that need not be well-formed. */
export function parseXmlFeed(text: string, context: FeedContext): FeedResult {
  const documentBase = context.url === null ? null : toHttpUrl(context.url);
  let entries = 0;
  // One more than is taken shows that there are more.
  const { roots, problems } = readXml(
    text,
    documentBase,
    ({ name }) => ENTRY_NAMES.has(name) && ++entries > MAX_ENTRIES + 1,
  );
  const root = knownRoot(roots) ?? roots.find(holdsEntries);
  if (root === undefined) return { kind: 'no-feed', reason: reasonFor(roots) };

  const format = formatOf(root);
  const channel = childElements(root, 'channel')[0] ?? root;
  const link = linkOf(channel, documentBase);
  const found = entryElements(root);
  // The entry a cut-off feed ends in may lack half its text, and would be taken for a revision when it comes whole.
  const whole = found.filter(({ closed }) => closed);
  const authors = format === 'atom' ? authorsOf(channel) : [];
  const zone = context.timeZone ? { timeZone: context.timeZone } : {};
  const read = readEntries(whole, (element) => toEntry(element, { fallbackBase: link, authors, ...zone }));
  return {
    kind: 'feed',
    feed: {
      format,
      title: titleOf(channel),
      link,
      language: languageOf(channel, root),
      ttlMs: ttlOf(channel),
      entries: read.entries,
      problems: [...problems, ...read.problems],
    },
  };
}

/** The feed's element: normally outermost, but a server's warning may stand around it, its tags never closed. */
function knownRoot(elements: readonly XmlElement[]): XmlElement | undefined {
  const outermost = elements.find((element) => formatOf(element) !== 'unknown');
  if (outermost !== undefined) return outermost;
  for (const element of elements) {
    const inner = isHtml(element) ? undefined : knownRoot(element.children.filter(isElement));
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function isHtml({ name }: XmlElement): boolean {
  return name === 'html' || name === 'xhtml:html';
}

function formatOf(root: XmlElement): ParsedFeed['format'] {
  switch (root.name) {
    case 'feed':
    case 'entry':
      return 'atom';
    case 'rdf:rdf':
    case 'rdf':
      return 'rdf';
    case 'rss':
      return 'rss';
    case 'channel':
      return childElements(root, 'item').some((item) => item.attributes.href) ? 'cdf' : 'rss';
    default:
      return 'unknown';
  }
}

/** Entries wherever they stand, in order, those quoted inside an entry left out. */
function entryElements(root: XmlElement): XmlElement[] {
  if (ENTRY_NAMES.has(root.name)) return [root];
  return root.children.flatMap((node) => (isElement(node) ? entryElements(node) : []));
}

function holdsEntries(root: XmlElement): boolean {
  return !isHtml(root) && entryElements(root).length > 0;
}

function reasonFor(roots: readonly XmlElement[]): string {
  const [first] = roots;
  if (first === undefined) return 'no XML element in it';
  if (/^(?:xhtml:)?(?:html|head|body|div|script)$/.test(first.name)) return 'an HTML page, not a feed';
  return `<${first.name.slice(0, 60)}> is not a feed`;
}

function titleOf(channel: XmlElement): string | null {
  for (const element of childElements(channel, 'title', 'dc:title')) {
    const title = lineOf(element);
    if (title !== null) return title;
  }
  return null;
}

function languageOf(channel: XmlElement, root: XmlElement): string | null {
  const said = childElements(channel, 'language', 'dc:language').map((element) => textOf(element).trim());
  const tag = [...said, channel.attributes['xml:lang'] ?? '', root.attributes['xml:lang'] ?? ''].find(
    (one) => one !== '',
  );
  return tag === undefined || !/^[a-z]{1,8}(?:[-_][a-z0-9]{1,8})*$/i.test(tag)
    ? null
    : tag.replaceAll('_', '-');
}

const PERIOD_MS: Readonly<Record<string, number>> = {
  hourly: 3_600_000,
  daily: 86_400_000,
  weekly: 7 * 86_400_000,
  monthly: 30 * 86_400_000,
  yearly: 365 * 86_400_000,
};

/** RSS `ttl` in minutes, else the syndication module's period divided by its frequency. */
function ttlOf(channel: XmlElement): number | null {
  const minutes = numberIn(channel, 'ttl');
  if (minutes !== null && minutes > 0) return minutes * 60_000;
  const [period] = childElements(channel, 'sy:updateperiod');
  const periodMs = period === undefined ? undefined : PERIOD_MS[textOf(period).trim().toLowerCase()];
  if (periodMs === undefined) return null;
  return Math.round(periodMs / Math.max(1, numberIn(channel, 'sy:updatefrequency') ?? 1));
}

function numberIn(channel: XmlElement, name: string): number | null {
  const [element] = childElements(channel, name);
  const digits = element === undefined ? undefined : /^\s*(\d{1,9})\s*$/.exec(textOf(element))?.[1];
  return digits === undefined ? null : Number(digits);
}
