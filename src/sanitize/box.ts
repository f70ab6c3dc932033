import { closeDirections } from '../domain/close-directions.js';
import { escapeAttribute, type Run, writeParagraphs, writePhrase, writePreformatted } from './paragraph.js';

/** How an open box takes what comes into it. */
export type BoxKind = 'flow' | 'phrase' | 'pre' | 'list' | 'defs' | 'table' | 'rows' | 'row' | 'figure';

export interface Block {
  tag: string;
  attrs: string;
  html: string;
}

export interface Picture {
  src: string;
  alt: string;
}

/** An element of the result while it is being filled. */
export interface Box {
  tag: string;
  kind: BoxKind;
  attrs: string;
  blocks: Block[];
  /** The paragraph under way, and the element it becomes. */
  runs: Run[];
  paragraphTag: string;
  paragraphAttrs: string;
  /** Pictures and cards met inside a paragraph: they follow it. */
  pending: Block[];
  pictures: Picture[];
  captions: string[];
}

export function openBox(tag: string, kind: BoxKind, attrs: string): Box {
  return {
    tag,
    kind,
    attrs,
    blocks: [],
    runs: [],
    paragraphTag: 'p',
    paragraphAttrs: '',
    pending: [],
    pictures: [],
    captions: [],
  };
}

/** Ends the paragraph under way. Boxes of one phrase only note the edge as a line break. */
export function flushParagraph(box: Box): void {
  if (box.kind === 'phrase' || box.kind === 'pre') {
    if (box.runs.length > 0 && box.runs.at(-1)?.kind !== 'br')
      box.runs.push({ kind: 'br', text: '', wrappers: [] });
    return;
  }
  if (box.runs.length > 0) {
    const paragraphs = writeParagraphs(box.runs);
    box.runs = [];
    for (const html of paragraphs) addBlock(box, { tag: box.paragraphTag, attrs: box.paragraphAttrs, html });
  }
  for (const block of box.pending) addBlock(box, block);
  box.pending = [];
}

/** Puts a finished block into a box, wrapped as that box needs it. */
export function addBlock(box: Box, block: Block): void {
  const wrapper = box.kind === 'list' ? 'li' : box.kind === 'defs' && block.tag !== 'dt' ? 'dd' : block.tag;
  if (wrapper !== block.tag)
    box.blocks.push({ tag: wrapper, attrs: '', html: render(unwrapSole(wrapper, [block])) });
  else box.blocks.push(block);
}

/** A block without its element, for boxes that hold one paragraph directly. */
const bare = (block: Block): Block => ({ tag: '', attrs: '', html: block.html });

export function render(blocks: readonly Block[]): string {
  return blocks
    .map(({ tag, attrs, html }) =>
      tag === '' ? html : tag === 'hr' ? '<hr />' : `<${tag}${attrs}>${html}</${tag}>`,
    )
    .join('');
}

/** What a closed box adds to the one around it: nothing where it is empty, several where a figure held more. */
export function closeBox(box: Box): Block[] {
  if (box.kind === 'phrase' || box.kind === 'pre') {
    const html = box.kind === 'pre' ? writePreformatted(box.runs) : writePhrase(box.runs);
    return html === '' ? [] : [{ tag: box.tag, attrs: box.attrs, html }];
  }
  flushParagraph(box);
  if (box.kind === 'figure') return figureBlocks(box);
  if (box.kind === 'table') return tableBlocks(box);
  const isCell = box.tag === 'td' || box.tag === 'th';
  if (box.blocks.length === 0 && !isCell) return [];
  return [{ tag: box.tag, attrs: box.attrs, html: render(unwrapSole(box.tag, box.blocks)) }];
}

/** `<li>text</li>` rather than `<li><p>text</p></li>`, where a single paragraph (and lists below it) is all there is. */
function unwrapSole(tag: string, blocks: readonly Block[]): readonly Block[] {
  const [first, ...rest] = blocks;
  if (first?.tag !== 'p' || first.attrs !== '' || !['li', 'dd', 'td', 'th'].includes(tag)) return blocks;
  const isSole =
    rest.length === 0 || (tag === 'li' && rest.every((block) => block.tag === 'ul' || block.tag === 'ol'));
  return isSole ? [bare(first), ...rest] : blocks;
}

/** Captions longer than this are text that happened to stand in a figure. In characters of HTML. */
const MAX_CAPTION_CHARS = 1_500;

/** One figure for each picture; the caption stands with the first. A figure without pictures is only its content. */
function figureBlocks(box: Box): Block[] {
  const loose = box.blocks.filter(({ tag }) => tag === 'p');
  const others = box.blocks.filter(({ tag }) => tag !== 'p');
  const captions = [...box.captions];
  if (box.pictures.length === 0) {
    return [...box.blocks, ...captions.map((html) => ({ tag: 'p', attrs: '', html }))];
  }
  const looseHtml = loose.map(({ html }) => html).join('<br />');
  const takesLoose = captions.length === 0 && looseHtml.length <= MAX_CAPTION_CHARS;
  if (takesLoose && looseHtml !== '') captions.push(looseHtml);
  const caption = captions.length === 0 ? '' : `<figcaption>${captions.join('<br />')}</figcaption>`;
  return [
    ...box.pictures.map((picture, index) => pictureBlock(picture, index === 0 ? caption : '', box.attrs)),
    ...(takesLoose ? others : box.blocks),
  ];
}

export function pictureBlock(picture: Picture, captionHtml: string, attrs: string): Block {
  const alt = picture.alt === '' ? '' : ` data-alt="${escapeAttribute(closeDirections(picture.alt))}"`;
  return {
    tag: 'figure',
    attrs: ` data-src="${escapeAttribute(picture.src)}"${alt}${attrs}`,
    html: captionHtml,
  };
}

/** Caption first, then rows; rows without a group go into one `tbody`. */
function tableBlocks(box: Box): Block[] {
  const parts: Block[] = [];
  for (const block of box.blocks) {
    const last = parts.at(-1);
    if (block.tag !== 'tr') parts.push(block);
    else if (last?.tag === 'tbody' && last.attrs === '') last.html += render([block]);
    else parts.push({ tag: 'tbody', attrs: '', html: render([block]) });
  }
  const captions = parts.filter(({ tag }) => tag === 'caption').slice(0, 1);
  const rows = parts.filter(({ tag }) => tag !== 'caption');
  return rows.length === 0 ? [] : [{ tag: 'table', attrs: box.attrs, html: render([...captions, ...rows]) }];
}
