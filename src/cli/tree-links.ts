import { Parser } from 'htmlparser2';
import { ORIGIN } from '../site/origin.js';

/** What a document points to: links a reader may follow, and whatever a browser would fetch by itself. */
export interface Pointers {
  links: readonly string[];
  subRequests: readonly string[];
}

/** Attributes that a browser fetches without being asked. */
const FETCHED = ['src', 'srcset', 'poster', 'data', 'background', 'imagesrcset', 'ping', 'manifest'] as const;
const FOLLOWED = ['href', 'action', 'formaction', 'cite'] as const;
/** Of `link`: those that only tell where something is. */
const TELLING = new Set(['alternate', 'canonical', 'next', 'prev', 'self', 'license']);

/** The pointers of a page. */
export function pointersOfHtml(html: string): Pointers {
  const links: string[] = [];
  const subRequests: string[] = [];
  const fetched = (value: string): void => {
    if (!value.trim().startsWith('data:')) subRequests.push(value);
  };
  const inStyle = (css: string): void => {
    for (const [, url = ''] of css.matchAll(/(?:url\(\s*|@import\s+)["']?([^"')\s;]*)/g)) fetched(url);
  };
  let style = '';
  const parser = new Parser({
    onopentag(name, attributes) {
      for (const key of FETCHED) {
        const value = attributes[key];
        if (value !== undefined && value !== '') fetched(value);
      }
      if (attributes.style !== undefined) inStyle(attributes.style);
      if (name === 'script' && attributes.src === undefined) subRequests.push('an inline script');
      if (name === 'meta' && attributes['http-equiv']?.toLowerCase() === 'refresh')
        subRequests.push(`refresh: ${attributes.content ?? ''}`);
      const telling = (attributes.rel ?? '').split(/\s+/).every((one) => TELLING.has(one.toLowerCase()));
      for (const key of FOLLOWED) {
        const value = attributes[key];
        if (value === undefined) continue;
        if (name === 'link' && !telling) fetched(value);
        else links.push(value);
      }
    },
    ontext(text) {
      style += text;
    },
    onclosetag(name) {
      if (name === 'style') inStyle(style);
      style = '';
    },
  });
  parser.end(html);
  return { links, subRequests };
}

/** Every absolute link of a feed, list or JSON document to its own tree. */
export function ownLinksIn(text: string): string[] {
  const found = text.split(ORIGIN).slice(1);
  return found.map(
    (rest) => ORIGIN + (/^[^\s"'<>\\)]*/.exec(rest)?.[0] ?? '').replace(/&(?:amp|quot|lt|gt|#).*$/, ''),
  );
}

export type Target =
  /** A path of the tree, without query and fragment. */
  { kind: 'tree'; path: string } | { kind: 'outside' } | { kind: 'bad'; why: string };

/** Stands for whichever address the tree is served from. */
const HERE = 'http://here.invalid';

/** Where a link of the document at `path` leads. */
export function targetOf(link: string, path: string): Target {
  if (link.startsWith('/')) return { kind: 'bad', why: 'begins at the root: it breaks under a base path' };
  if (!URL.canParse(link, HERE + path)) return { kind: 'bad', why: 'no address' };
  const url = new URL(link, HERE + path);
  if (url.origin === HERE || url.origin === new URL(ORIGIN).origin)
    return { kind: 'tree', path: decodeURI(url.pathname) };
  if (/^(?:https?|mailto|tel|magnet|xmpp|tg|sip|geo):$/.test(url.protocol)) return { kind: 'outside' };
  return { kind: 'bad', why: `leads to ${url.protocol}` };
}
