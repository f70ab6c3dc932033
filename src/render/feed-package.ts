import { Feed, type FeedOptions } from 'feed';
import type { FeedView } from './feed-view.js';
import { cdata, escapeXml } from './xml-text.js';

/** A place held in the package's output for a text that is put in afterwards. */
type Held = string;

interface Texts {
  /** Plain text. */
  text(value: string): Held;
  /** HTML, kept readable in CDATA. */
  html(value: string): Held;
}

/** What the package has no option for. */
interface Additions {
  rootAttributes: string;
  /** Elements that begin the feed. */
  head: string;
  /** The tag that opens each of Atom's entries, with what follows it. */
  entryOpenings?: readonly string[];
}

/**
 * The `feed` package gives the documents their shape, but never sees a text: its escaping differs from field to field (version 6
 * lets control characters through, leaves `<` raw in attributes, splits only the first `]]>`). It gets placeholders, and each
 * text is escaped once, here.
 */
export function writeFeed(
  view: FeedView,
  format: 'rss2' | 'atom1',
  describe: (feed: Feed, texts: Texts) => Additions,
): string {
  const held: string[] = [];
  const hold = (xml: string): Held => `\ue000${held.push(xml) - 1}\ue001`;
  const texts: Texts = { text: (value) => hold(escapeXml(value)), html: (value) => hold(cdata(value)) };
  const options: FeedOptions = {
    id: view.id,
    title: texts.text(view.title),
    // RSS must describe its channel; Atom need not.
    ...(view.subtitle === null && format === 'atom1'
      ? {}
      : { description: texts.text(view.subtitle ?? view.title) }),
    link: view.homeUrl,
    feed: view.selfUrl,
    language: view.language,
    updated: new Date(view.updatedAt ?? view.knownAt),
    copyright: '',
    generator: 'Tamizdat',
  };
  const feed = new Feed(options);
  const { rootAttributes, head, entryOpenings = [] } = describe(feed, texts);
  const openings = entryOpenings.values();
  const root = format === 'rss2' ? /<rss [^>]*>\s*<channel>/ : /<feed [^>]*>/;
  return feed[format]()
    .replace(/\n\s+/g, '\n')
    .replace(view.updatedAt === null ? /<lastBuildDate>.*\n/ : '', '')
    .replace(root, (opening) => opening.replace(/^<(\w+) [^>]*/, `<$1 ${rootAttributes}`) + head)
    .replace(/<entry>/g, (tag) => openings.next().value ?? tag)
    .replace(/(?:<!\[CDATA\[)?\ue000(\d+)\ue001(?:\]\]>)?/g, (_, index: string) => held[Number(index)] ?? '');
}
