import { type ChildNode, DomHandler, type Element, isTag, isText } from 'domhandler';
import { Parser } from 'htmlparser2';
import { BOUNDARY_TAGS, DROPPED_TAGS, MAX_BOX_DEPTH, RENAMED_TAGS } from './allow-list.js';
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
import { pictureOf } from './picture.js';
import {
  boxAttributes,
  type Context,
  cardFor,
  directionOf,
  EMBEDS,
  INLINE,
  isLayout,
  wellFormed,
  withWrapper,
} from './read-element.js';

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
const HEADING = /^h[2-6]$/;

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
