import type { Document, Element } from 'domhandler';
import { decodeHTML } from 'entities';
import { AMPERSAND, isNameEnd, nameEnd, readStartTag, SLASH, type StartTag } from './start-tag.js';
import { nameAt } from './tag-names.js';
import { TreeBuilder } from './tree-builder.js';

/** News pages are 50 KB to 2 MB of HTML; what is larger is no page for a person. In UTF-16 code units. */
const MAX_PAGE_CHARS = 8_000_000;
/** Deepest nesting that is read; real pages stay under 100, with hundreds where an editor never closes a tag. */
const MAX_DEPTH = 1_500;
const MAX_ELEMENTS = 200_000;

export type ParsedPage =
  /** `elements`: all of them, in document order. */
  | { kind: 'document'; document: Document; elements: readonly Element[] }
  | { kind: 'refused'; reason: string };

/** What stands in these is text, whatever it looks like, up to their own end; in the first two entities count. */
const TEXT_ONLY: ReadonlySet<string> = new Set(
  'title textarea script iframe noembed noframes xmp plaintext'.split(' '),
);
const WITH_ENTITIES: ReadonlySet<string> = new Set(['title', 'textarea']);

const EXCLAMATION = 33;
const LESS = 60;
const QUESTION = 63;

/**
 * HTML as a tree, or why it is none: what a browser would see of elements and texts, without scripts (but JSON-LD, which describes the
 * article), styles, drawings and comments. Stops as soon as a bound is passed.
 */
export function parsePage(html: string): ParsedPage {
  if (html.length > MAX_PAGE_CHARS) return refused(`longer than ${MAX_PAGE_CHARS} characters`);
  const tree = new TreeBuilder();
  const { length } = html;
  let at = 0;
  while (at < length) {
    const from = at;
    let hasEntities = false;
    for (; at < length; at++) {
      const code = html.charCodeAt(at);
      if (code === LESS && isMarkup(html.charCodeAt(at + 1))) break;
      if (code === AMPERSAND) hasEntities = true;
    }
    if (at > from) {
      const text = html.slice(from, at);
      tree.addText(hasEntities ? decodeHTML(text) : text);
    }
    if (at >= length) break;
    const second = html.charCodeAt(at + 1);
    if (second === SLASH) at = readEndTag(html, at, tree);
    else if (second === EXCLAMATION || second === QUESTION) at = endOfComment(html, at);
    else {
      const tag = readStartTag(html, at + 1);
      if (tag === null) break;
      at = addElement(html, tag, tree);
      if (tree.depth > MAX_DEPTH) return refused(`nested deeper than ${MAX_DEPTH} tags`);
      if (tree.count > MAX_ELEMENTS) return refused(`more than ${MAX_ELEMENTS} elements`);
    }
  }
  return { kind: 'document', document: tree.document, elements: tree.elements };
}

const refused = (reason: string): ParsedPage => ({ kind: 'refused', reason });

/** Whether `<` and this begin something other than text. */
function isMarkup(code: number): boolean {
  return code === SLASH || code === EXCLAMATION || code === QUESTION || isLetter(code);
}

function isLetter(code: number): boolean {
  const lower = code | 32;
  return lower >= 97 && lower <= 122;
}

/** Adds what a start tag begins, with its text where it holds nothing else; gives where reading goes on. */
function addElement(
  html: string,
  { name, attribs, isSelfClosing, end }: StartTag,
  tree: TreeBuilder,
): number {
  if (name === 'style' || (name === 'script' && !isJsonLd(attribs)))
    return behind(html, '>', findEndTag(html, name, end));
  tree.openElement(name, attribs, isSelfClosing);
  if (!TEXT_ONLY.has(name)) return end;
  const textEnd = name === 'plaintext' ? html.length : findEndTag(html, name, end);
  if (textEnd > end) {
    const text = html.slice(end, textEnd);
    tree.addText(WITH_ENTITIES.has(name) ? decodeHTML(text) : text);
  }
  return textEnd;
}

const isJsonLd = ({ type }: Record<string, string>): boolean => type !== undefined && /ld\+json/i.test(type);

/** Where the end tag of an element begins, looked for from `from` on; the end of the page where there is none, as in a browser. */
function findEndTag(html: string, name: string, from: number): number {
  for (let at = html.indexOf('</', from); at !== -1; at = html.indexOf('</', at + 2)) {
    const end = at + 2 + name.length;
    if (isNameEnd(html.charCodeAt(end)) && html.slice(at + 2, end).toLowerCase() === name) return at;
  }
  return html.length;
}

/** Closes what an end tag names; gives where it ends. What has no name is a comment. */
function readEndTag(html: string, from: number, tree: TreeBuilder): number {
  const nameFrom = from + 2;
  if (isLetter(html.charCodeAt(nameFrom))) {
    const end = nameEnd(html, nameFrom);
    if (end < html.length) tree.closeElement(nameAt(html, nameFrom, end));
  }
  return behind(html, '>', nameFrom);
}

const COMMENT_END = /--!?>/g;

/** Where a comment, a declaration or a processing instruction ends. */
function endOfComment(html: string, from: number): number {
  if (!html.startsWith('<!--', from)) return behind(html, '>', from);
  // Its own dashes may be those of its end.
  COMMENT_END.lastIndex = from + 2;
  return COMMENT_END.test(html) ? COMMENT_END.lastIndex : html.length;
}

/** Behind the next such mark; the end of the page where there is none. */
function behind(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from);
  return at === -1 ? html.length : at + mark.length;
}
