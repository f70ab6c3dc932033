import type { Enclosure } from '../domain/feed.js';
import { toHttpUrl } from '../domain/http-url.js';
import { lineOf } from './text-construct.js';
import { childElements, textOf, type XmlElement } from './xml-tree.js';

/** More files than the longest gallery has pictures. */
const MAX_ENCLOSURES = 200;

/** Files that belong to an entry: `enclosure`, Atom's links of that kind, Media RSS. Each address once, in order. */
export function enclosuresOf(element: XmlElement, fallbackBase: string | null): Enclosure[] {
  const groups = [element, ...childElements(element, 'media:group')];
  const found = new Map<string, Enclosure>();
  const [told] = childElements(element, 'itunes:duration');
  const plays = told === undefined ? undefined : textOf(told);
  for (const part of [
    ...childElements(element, 'enclosure'),
    ...childElements(element, 'link').filter(
      ({ attributes }) => attributes.rel?.toLowerCase() === 'enclosure',
    ),
    ...groups.flatMap((group) => childElements(group, 'media:content', 'media:thumbnail')),
  ]) {
    if (found.size === MAX_ENCLOSURES) break;
    const { url, href, type, medium, length, filesize, duration } = part.attributes;
    const address = toHttpUrl(url ?? href ?? '', part.base ?? fallbackBase ?? undefined);
    if (address === null || found.has(address)) continue;
    const kind = part.name === 'media:thumbnail' ? 'image' : kindOf(medium, address);
    const said = type?.trim().toLowerCase() || (kind === null ? null : `${kind}/*`);
    found.set(address, {
      url: address,
      type: said,
      bytes: bytesIn(length ?? filesize),
      ...secondsIn(duration ?? (/^(?:audio|video)\//.test(said ?? '') ? plays : undefined)),
      ...(said?.startsWith('image/') ? pictureWords(part) : {}),
    });
  }
  return [...found.values()];
}

/** Endings of recordings, for feeds that do not say what they enclose. */
const RECORDING = /\.(?:(mp3|m4a|aac|ogg|oga|opus|wav|flac)|(mp4|m4v|webm|mov|mkv))(?:[?#]|$)/i;

function kindOf(medium: string | undefined, address: string): string | null {
  if (medium !== undefined && /^(?:image|audio|video)$/i.test(medium)) return medium.toLowerCase();
  const [, audio, video] = RECORDING.exec(address) ?? [];
  return audio !== undefined ? 'audio' : video !== undefined ? 'video' : null;
}

/** `3723`, `62:03` or `1:02:03`, as podcasts say it. */
function secondsIn(value: string | undefined): { seconds?: number } {
  const text = value?.trim() ?? '';
  if (!/^\d{1,6}(?:\.\d+)?$|^(?:\d{1,3}:)?\d{1,3}:\d{2}$/.test(text)) return {};
  const seconds = text.split(':').reduce((sum, part) => 60 * sum + Math.round(Number(part)), 0);
  return seconds > 0 ? { seconds } : {};
}

/** What Media RSS says of a picture inside its own element. */
function pictureWords(part: XmlElement): Pick<Enclosure, 'width' | 'caption' | 'credit'> {
  const width = /^\d{1,5}$/.exec(part.attributes.width?.trim() ?? '')?.[0];
  const [caption, credit] = ['media:description', 'media:credit'].map((name) =>
    childElements(part, name)
      .map(lineOf)
      .find((line) => line !== null),
  );
  return {
    ...(width === undefined ? {} : { width: Number(width) }),
    ...(caption == null ? {} : { caption }),
    ...(credit == null ? {} : { credit }),
  };
}

/** A length of 0 or 1 is what generators write when they do not know. */
function bytesIn(value: string | undefined): number | null {
  const bytes = /^\s*(\d{1,12})\s*$/.exec(value ?? '')?.[1];
  return bytes === undefined || Number(bytes) <= 1 ? null : Number(bytes);
}
