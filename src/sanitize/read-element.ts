import { type ChildNode, type Element, isTag, isText } from 'domhandler';
import { DROPPED_TAGS, INLINE_TAGS, MAX_INLINE_DEPTH } from './allow-list.js';
import { cleanLink } from './clean-url.js';
import { cardHtml, embedCard, isEmbedQuote } from './embed-card.js';
import { escapeAttribute, type Wrapper } from './paragraph.js';

export const INLINE: ReadonlySet<string> = new Set(INLINE_TAGS);
export const EMBEDS: ReadonlySet<string> = new Set([
  'iframe',
  'video',
  'audio',
  'embed',
  'amp-youtube',
  'amp-twitter',
]);

/** What a node inherits on the way down. */
export interface Context {
  wrappers: readonly Wrapper[];
  /** `dir` and `lang` of unwrapped ancestors inside the same box. */
  attrs: string;
  paragraphTag: string;
}

/** C0 and C1 controls and lone surrogates: no text needs them and XML forbids them. */
export function wellFormed(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]|\p{Cs}|[\ufffe\uffff]/gu, '');
}

const LANGUAGE = /^[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,4}$/i;

export function directionOf(node: Element): string {
  const dir = (node.attribs.dir ?? '').trim().toLowerCase();
  const lang = (node.attribs.lang ?? node.attribs['xml:lang'] ?? '').trim();
  return `${/^(?:ltr|rtl|auto)$/.test(dir) ? ` dir="${dir}"` : ''}${LANGUAGE.test(lang) ? ` lang="${lang}"` : ''}`;
}

/** One more inline element round the text below; the same context where it says nothing. */
export function withWrapper(
  node: Element,
  tag: string,
  own: string,
  context: Context,
  baseUrl: string,
): Context {
  const { wrappers } = context;
  if (wrappers.length >= MAX_INLINE_DEPTH) return context;
  if (tag === 'span' && own === '') return context;
  if (tag !== 'span' && tag !== 'bdi' && wrappers.some((wrapper) => wrapper.tag === tag && tag !== 'q'))
    return context;
  let attrs = '';
  if (tag === 'a') {
    const href = cleanLink(node.attribs.href ?? '', baseUrl);
    if (href === null) return context;
    attrs = ` href="${escapeAttribute(href)}" rel="noreferrer"`;
  }
  const title = node.attribs.title ?? '';
  if (tag === 'abbr' && title !== '') attrs = ` title="${escapeAttribute(wellFormed(title))}"`;
  const time = node.attribs.datetime ?? '';
  if (tag === 'time' && /^[\w:.+\- ]{1,40}$/.test(time)) attrs = ` datetime="${time}"`;
  return { ...context, wrappers: [...wrappers, { tag, attrs: attrs + own }] };
}

const NUMERIC = ['start', 'value', 'colspan', 'rowspan'];

export function boxAttributes(node: Element, tag: string): string {
  if (tag === 'section') return ' class="update"';
  let attrs = '';
  for (const name of NUMERIC) {
    const fits =
      (name === 'start' && tag === 'ol') ||
      (name === 'value' && tag === 'li') ||
      (name.endsWith('span') && (tag === 'td' || tag === 'th'));
    const value = /^-?\d{1,4}$/.test(node.attribs[name] ?? '') ? Number(node.attribs[name]) : null;
    if (fits && value !== null && !(name.endsWith('span') && (value < 2 || value > 100)))
      attrs += ` ${name}="${value}"`;
  }
  if (tag === 'ol' && node.attribs.reversed !== undefined) attrs += ' reversed="reversed"';
  if (tag === 'th' && /^(?:row|col)(?:group)?$/.test(node.attribs.scope ?? ''))
    attrs += ` scope="${node.attribs.scope}"`;
  return attrs;
}

/** A table whose rows hold one cell each only places things on the page. */
export function isLayout(table: Element): boolean {
  const rows = table.children
    .filter(isTag)
    .flatMap((child) => (child.name === 'tr' ? [child] : child.children.filter(isTag)));
  const widest = rows.map(
    (row) => row.children.filter((cell) => isTag(cell) && /^t[dh]$/.test(cell.name)).length,
  );
  return !widest.some((cells) => cells > 1);
}

function textWithin(node: Element): string {
  let text = '';
  const nodes: (ChildNode | ' ')[] = [...node.children].reverse();
  for (let next = nodes.pop(); next !== undefined && text.length < 2_000; next = nodes.pop()) {
    if (next === ' ') text += next;
    else if (isText(next)) text += next.data;
    else if (isTag(next) && !DROPPED_TAGS.has(next.name)) {
      if (!INLINE.has(next.name)) nodes.push(' ');
      nodes.push(...[...next.children].reverse());
      if (!INLINE.has(next.name)) nodes.push(' ');
    }
  }
  return wellFormed(text).replace(/\s+/g, ' ').trim();
}

function firstLink(node: Element, accepts: (href: string) => boolean): string | null {
  let found: string | null = null;
  const nodes: ChildNode[] = [...node.children];
  for (let next = nodes.shift(); next !== undefined && nodes.length < 500; next = nodes.shift()) {
    if (!isTag(next)) continue;
    const href = next.attribs.href ?? next.attribs.src ?? '';
    if (href !== '' && accepts(href)) found = href;
    nodes.push(...next.children);
  }
  return found;
}

/** The card for an embed, or for a card we made before; null for anything else and for an embed without an address. */
export function cardFor(node: Element, baseUrl: string): string | null {
  const { name, attribs } = node;
  const className = attribs.class ?? '';
  if (name === 'aside' && /(?:^|\s)embed(?:\s|$)/.test(className)) {
    const href = cleanLink(firstLink(node, () => true) ?? '', baseUrl);
    const text = textWithin(node);
    return href === null || text === '' ? null : cardHtml(href, text);
  }
  if (name === 'blockquote' && isEmbedQuote(className)) {
    const link =
      attribs.cite ?? attribs['data-instgrm-permalink'] ?? firstLink(node, (href) => /^https?:/.test(href));
    return link === null ? null : embedCard(link, textWithin(node), baseUrl);
  }
  if (name === 'amp-youtube')
    return embedCard(`https://www.youtube.com/watch?v=${attribs['data-videoid'] ?? ''}`, '', baseUrl);
  if (!EMBEDS.has(name)) return null;
  const source =
    attribs.src ?? attribs['data-src'] ?? attribs['data-lazy-src'] ?? firstLink(node, () => true);
  if (source === null || isPixel(node)) return null;
  return embedCard(source, attribs.title ?? attribs['aria-label'] ?? '', baseUrl);
}

function isPixel(node: Element): boolean {
  const style = node.attribs.style ?? '';
  return (
    /display:\s*none|visibility:\s*hidden/.test(style) ||
    ['0', '1'].includes(node.attribs.width ?? '') ||
    ['0', '1'].includes(node.attribs.height ?? '')
  );
}
