import type { FeedEntry } from '../domain/feed.js';
import { toHttpUrl } from '../domain/http-url.js';
import { childElements, type XmlElement } from './xml-tree.js';

type Enclosure = FeedEntry['enclosures'][number];

/** Files that belong to an entry: `enclosure`, Atom's links of that kind, Media RSS. Each address once, in order. */
export function enclosuresOf(element: XmlElement, fallbackBase: string | null): Enclosure[] {
  const groups = [element, ...childElements(element, 'media:group')];
  const found = new Map<string, Enclosure>();
  for (const part of [
    ...childElements(element, 'enclosure'),
    ...childElements(element, 'link').filter(
      ({ attributes }) => attributes.rel?.toLowerCase() === 'enclosure',
    ),
    ...groups.flatMap((group) => childElements(group, 'media:content', 'media:thumbnail')),
  ]) {
    const { url, href, type, medium, length, filesize } = part.attributes;
    const address = toHttpUrl(url ?? href ?? '', part.base ?? fallbackBase ?? undefined);
    if (address === null || found.has(address)) continue;
    const pictured = part.name === 'media:thumbnail' || medium === 'image';
    found.set(address, {
      url: address,
      type: type?.trim() || (pictured ? 'image/*' : null),
      bytes: bytesIn(length ?? filesize),
    });
  }
  return [...found.values()];
}

/** A length of 0 or 1 is what generators write when they do not know. */
function bytesIn(value: string | undefined): number | null {
  const bytes = /^\s*(\d{1,12})\s*$/.exec(value ?? '')?.[1];
  return bytes === undefined || Number(bytes) <= 1 ? null : Number(bytes);
}
