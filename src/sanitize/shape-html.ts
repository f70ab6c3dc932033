import { type ChildNode, DomHandler, type Element, isTag, isText } from 'domhandler';
import { Parser } from 'htmlparser2';
import {
  BOUNDARY_TAGS,
  DROPPED_TAGS,
  INLINE_TAGS,
  MAX_BOX_DEPTH,
  MAX_INLINE_DEPTH,
  RENAMED_TAGS,
} from './allow-list.js';
import {
  addBlock,
  type Block,
  type Box,
  type BoxKind,
  closeBox,
  flushParagraph,
  openBox,
  pictureBlock,
  render,
} from './box.js';
import { cleanLink } from './clean-url.js';
import { cardHtml, embedCard, isEmbedQuote } from './embed-card.js';
import { escapeAttribute, type Wrapper } from './paragraph.js';
import { pictureOf } from './picture.js';

const BOX_KINDS: Readonly<Record<string, BoxKind>> = {
  blockquote: 'flow',
  ul: 'list',
  ol: 'list',
  dl: 'defs',
  li: 'flow',
  dt: 'phrase',
  dd: 'flow',
  pre: 'pre',
  table: 'table',
  caption: 'phrase',
  thead: 'rows',
  tbody: 'rows',
  tfoot: 'rows',
  tr: 'row',
  td: 'flow',
  th: 'flow',
  figure: 'figure',
  figcaption: 'phrase',
  section: 'flow',
};

/** Boxes that only mean something directly inside certain others; elsewhere they are unwrapped. */
const NEEDS_PARENT: Readonly<Record<string, readonly BoxKind[]>> = {
  li: ['list'],
  dt: ['defs'],
  dd: ['defs'],
  caption: ['table'],
  thead: ['table'],
  tbody: ['table'],
  tfoot: ['table'],
  tr: ['table', 'rows'],
  td: ['row'],
  th: ['row'],
  figcaption: ['figure'],
};

const TEXT_KINDS: ReadonlySet<BoxKind> = new Set(['flow', 'figure', 'phrase', 'pre', 'list', 'defs']);
const INLINE: ReadonlySet<string> = new Set(INLINE_TAGS);
const HEADING = /^h[2-6]$/;
const EMBEDS: ReadonlySet<string> = new Set([
  'iframe',
  'video',
  'audio',
  'embed',
  'amp-youtube',
  'amp-twitter',
]);

/** What a node inherits on the way down. */
interface Context {
  wrappers: readonly Wrapper[];
  /** `dir` and `lang` of unwrapped ancestors inside the same box. */
  attrs: string;
  paragraphTag: string;
}

type Step = { kind: 'enter'; node: ChildNode; context: Context } | { kind: 'edge' } | { kind: 'close' };

/** HTML of our own shape: see `sanitizeHtml`. Iterative, so that depth costs no stack. */
export function shapeHtml(html: string, baseUrl: string): string {
  const root = openBox('', 'flow', '');
  const boxes: Box[] = [root];
  const steps: Step[] = [];
  const inner = (): Box => boxes.at(-1) ?? root;
  /** The nearest box that takes text: text between the cells of a table goes before the table, as in a browser. */
  const nearest = (accepts: (box: Box) => boolean): Box => boxes.findLast(accepts) ?? root;

  const descend = (node: Element, context: Context): void => {
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (child !== undefined) steps.push({ kind: 'enter', node: child, context });
    }
  };
  const addText = (text: string, context: Context): void => {
    const box = nearest(({ kind }) => TEXT_KINDS.has(kind));
    if (box !== inner() && text.trim() === '') return;
    startRun(box, context);
    box.runs.push({ kind: 'text', text, wrappers: context.wrappers });
  };
  /** Pictures and cards: at once between paragraphs, after the paragraph inside one. */
  const addObject = (block: Block): void => {
    const box = nearest(({ kind }) => kind === 'flow' || kind === 'figure');
    if (box.runs.some(({ kind, text }) => kind === 'text' && text.trim() !== '') || box !== inner())
      box.pending.push(block);
    else {
      flushParagraph(box);
      addBlock(box, block);
    }
  };
  const unwrap = (node: Element, context: Context): void => {
    flushParagraph(inner());
    steps.push({ kind: 'edge' });
    descend(node, context);
  };

  const enter = (node: Element, inherited: Context): void => {
    const tag = RENAMED_TAGS[node.name] ?? node.name;
    if (DROPPED_TAGS.has(node.name)) return;
    const own = directionOf(node);
    if (tag === 'br' || tag === 'wbr') {
      const box = nearest(({ kind }) => TEXT_KINDS.has(kind));
      startRun(box, inherited);
      box.runs.push({ kind: tag, text: '', wrappers: inherited.wrappers });
      return;
    }
    if (tag === 'hr') {
      addObject({ tag: 'hr', attrs: '', html: '' });
      return;
    }
    if (tag === 'img' || tag === 'amp-img') {
      enterImage(node, inherited);
      return;
    }
    const card = cardFor(node, baseUrl);
    if (card !== null) {
      addObject({ tag: '', attrs: '', html: card });
      return;
    }
    if (EMBEDS.has(tag)) return;
    if (INLINE.has(tag)) {
      descend(node, withWrapper(node, tag, own, inherited, baseUrl));
      return;
    }
    const context: Context = { ...inherited, attrs: own === '' ? inherited.attrs : own };
    if (HEADING.test(tag) || tag === 'p') {
      const inCell = inner().kind !== 'flow' && inner().kind !== 'figure';
      unwrap(node, { ...context, paragraphTag: inCell && tag !== 'p' ? 'p' : tag });
      return;
    }
    const kind = BOX_KINDS[tag];
    const isBox =
      kind !== undefined &&
      boxes.length <= MAX_BOX_DEPTH &&
      inner().kind !== 'phrase' &&
      inner().kind !== 'pre' &&
      (NEEDS_PARENT[tag]?.includes(inner().kind) ?? true) &&
      !(tag === 'table' && isLayout(node)) &&
      !(tag === 'section' && !/(?:^|\s)update(?:\s|$)/.test(node.attribs.class ?? ''));
    if (!isBox) {
      if (kind !== undefined || BOUNDARY_TAGS.has(tag) || tag === 'aside') unwrap(node, context);
      else descend(node, context);
      return;
    }
    flushParagraph(inner());
    const box = openBox(tag, kind, boxAttributes(node, tag) + context.attrs);
    if (tag === 'figure') {
      const src = cleanLink(node.attribs['data-src'] ?? '', baseUrl);
      if (src?.startsWith('http')) box.pictures.push({ src, alt: node.attribs['data-alt'] ?? '' });
    }
    boxes.push(box);
    steps.push({ kind: 'close' });
    descend(node, { wrappers: kind === 'pre' ? [] : inherited.wrappers, attrs: '', paragraphTag: 'p' });
  };

  const enterImage = (node: Element, context: Context): void => {
    const picture = pictureOf(node, baseUrl);
    if (typeof picture === 'string') {
      addText(picture, context);
      return;
    }
    if (picture === null) return;
    const figure = boxes.findLast(({ kind }) => kind === 'figure' || kind === 'flow');
    if (figure?.kind === 'figure') {
      if (!figure.pictures.some(({ src }) => src === picture.src)) figure.pictures.push(picture);
    } else addObject(pictureBlock(picture, '', ''));
  };

  const close = (): void => {
    const box = boxes.pop();
    if (box === undefined) return;
    const blocks = closeBox(box);
    const parent = inner();
    if (box.tag === 'figcaption') parent.captions.push(...blocks.map(({ html }) => html));
    else for (const block of blocks) addBlock(parent, block);
    if (box.pending.length > 0 && box.kind !== 'flow') for (const block of box.pending) addObject(block);
  };

  const outermost: Context = { wrappers: [], attrs: '', paragraphTag: 'p' };
  for (const node of parse(html).reverse()) steps.push({ kind: 'enter', node, context: outermost });
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if (step.kind === 'close') close();
    else if (step.kind === 'edge') flushParagraph(inner());
    else if (isText(step.node)) addText(wellFormed(step.node.data), step.context);
    else if (isTag(step.node)) enter(step.node, step.context);
  }
  flushParagraph(root);
  return render(root.blocks);
}

/** The parser's cost grows with depth times length, so reading stops at text nested deeper than any author nests. */
const MAX_PARSE_DEPTH = 1_000;
const CHUNK_CHARS = 16_384;

function parse(html: string): ChildNode[] {
  let depth = 0;
  const handler = new DomHandler();
  const parser = new Parser({
    onopentag: (name, attributes) => {
      depth++;
      handler.onopentag(name, attributes);
    },
    onclosetag: () => {
      depth--;
      handler.onclosetag();
    },
    ontext: (text) => handler.ontext(text),
    oncomment: (text) => handler.oncomment(text),
    oncommentend: () => handler.oncommentend(),
    onend: () => handler.onend(),
  });
  for (let at = 0; at < html.length && depth < MAX_PARSE_DEPTH; at += CHUNK_CHARS)
    parser.write(html.slice(at, at + CHUNK_CHARS));
  parser.end();
  return handler.root.children;
}

function startRun(box: Box, context: Context): void {
  if (box.runs.length > 0) return;
  box.paragraphTag = context.paragraphTag;
  box.paragraphAttrs = context.attrs;
}

/** C0 and C1 controls and lone surrogates: no text needs them and XML forbids them. */
function wellFormed(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]|\p{Cs}|[\ufffe\uffff]/gu, '');
}

const LANGUAGE = /^[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,4}$/i;

function directionOf(node: Element): string {
  const dir = (node.attribs.dir ?? '').trim().toLowerCase();
  const lang = (node.attribs.lang ?? node.attribs['xml:lang'] ?? '').trim();
  return `${/^(?:ltr|rtl|auto)$/.test(dir) ? ` dir="${dir}"` : ''}${LANGUAGE.test(lang) ? ` lang="${lang}"` : ''}`;
}

/** One more inline element round the text below; the same context where it says nothing. */
function withWrapper(node: Element, tag: string, own: string, context: Context, baseUrl: string): Context {
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

function boxAttributes(node: Element, tag: string): string {
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
function isLayout(table: Element): boolean {
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
function cardFor(node: Element, baseUrl: string): string | null {
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
