import { Parser } from 'htmlparser2';
import { toHttpUrl } from '../domain/http-url.js';
import { takeDoctype } from './doctype.js';
import { undoDoubleEncoding } from './double-encoding.js';
import { canonicalName, innerScope, type NamespaceScope } from './namespaces.js';
import { createEntityDecoder, stripControls } from './xml-text.js';

/** Deeper than any feed; past it the document is an attack or beyond repair. */
const MAX_DEPTH = 256;
/** In the tree at a time: a feed of 10,000 entries with 20 elements each. */
const MAX_ELEMENTS = 200_000;
/** Of one uninterrupted text: thirty times a long article, and more than the signed tree can hold of one. */
const MAX_TEXT_CHARS = 600_000;
/** Of one element: the fullest ones of feeds have a dozen. */
const MAX_ATTRIBUTES = 50;
/** Of one attribute: no address and no teaser put into one is longer. */
const MAX_ATTRIBUTE_CHARS = 65_536;
const CHUNK_CHARS = 65_536;

export interface XmlText {
  text: string;
  cdata: boolean;
}

export interface XmlElement {
  /** Canonical name in lower case, see `canonicalName`. */
  name: string;
  isAtom: boolean;
  /** Names in lower case, prefixes as written. */
  attributes: Readonly<Record<string, string>>;
  children: readonly XmlNode[];
  /** Absolute base of relative links inside; null where none is known. */
  base: string | null;
  /** Whether its end tag was seen, or that of something around it. */
  closed: boolean;
}

export type XmlNode = XmlElement | XmlText;

export interface XmlDocument {
  /** The outermost elements, normally one. */
  roots: readonly XmlElement[];
  problems: readonly string[];
}

const TEXT_CUT = `a text longer than ${MAX_TEXT_CHARS} characters was cut`;

const NO_NAMESPACES: NamespaceScope = new Map();

interface Frame {
  element: XmlElement;
  scope: NamespaceScope;
  /** Elements in the tree before this one. */
  before: number;
}

/** Told of each element as it ends; answers whether that is all that is wanted of it. It then leaves the tree. */
export type TakeElement = (element: XmlElement, parent: XmlElement | null) => boolean;

/**
 * Reads XML that need not be well-formed into a tree with canonical names, decoded text and resolved `xml:base`.
 * Never throws. Work and memory are bounded by the caps above; past one, what was read so far is the answer.
 */
export function readXml(
  source: string,
  documentBase: string | null,
  take: TakeElement = () => false,
): XmlDocument {
  const { parts, entities } = takeDoctype(source);
  const decode = createEntityDecoder(entities);
  const roots: XmlElement[] = [];
  const problems = new Set<string>();
  const stack: Frame[] = [];
  let elements = 0;
  let raw = '';
  let inCdata = false;
  let ended = false;
  let stopped = false;

  const append = (text: string, cdata: boolean) => {
    const parent = stack.at(-1)?.element;
    if (text === '' || parent === undefined) return;
    const read = undoDoubleEncoding(text);
    const last = parent.children.at(-1);
    if (last === undefined || isElement(last) || last.cdata !== cdata)
      addChild(parent, { text: read, cdata });
    else if (isBlank(last.text) && isBlank(read)) return;
    else if (last.text.length + read.length <= MAX_TEXT_CHARS) last.text += read;
    else problems.add(TEXT_CUT);
  };
  // Text comes in pieces, an entity across two of them: it is decoded when it is known to end.
  const flush = () => {
    append(decode(raw), false);
    raw = '';
  };
  const stop = (problem: string) => {
    problems.add(problem);
    stopped = true;
    parser.pause();
  };

  const parser = new Parser(
    {
      onopentag(tag, attribs) {
        flush();
        if (stopped) return;
        if (++elements > MAX_ELEMENTS) return stop(`more than ${MAX_ELEMENTS} elements`);
        if (stack.length >= MAX_DEPTH) return stop(`nested deeper than ${MAX_DEPTH} elements`);
        const attributes = readAttributes(attribs, decode);
        const scope = innerScope(stack.at(-1)?.scope ?? NO_NAMESPACES, attribs);
        const { name, isAtom } = canonicalName(scope, tag);
        const parent = parentFor(name, stack);
        // CDF writes `base` on its channel where the others have `xml:base`.
        const ownBase = attributes['xml:base'] ?? (name === 'channel' ? attributes.base : undefined);
        const base = resolveBase(ownBase, parent?.base ?? documentBase);
        const element: XmlElement = { name, isAtom, attributes, children: NO_CHILDREN, base, closed: false };
        if (parent === null) roots.push(element);
        else addChild(parent, element);
        stack.push({ element, scope, before: elements - 1 });
      },
      onclosetag() {
        flush();
        const frame = stopped ? undefined : stack.pop();
        if (frame === undefined) return;
        frame.element.closed = !ended;
        const parent = stack.at(-1)?.element ?? null;
        if (!take(frame.element, parent)) return;
        const siblings = (parent?.children ?? roots) as XmlNode[];
        if (siblings.at(-1) === frame.element) siblings.pop();
        elements = frame.before;
      },
      ontext(data) {
        const text = data.slice(0, Math.max(0, MAX_TEXT_CHARS - raw.length));
        if (text.length < data.length) problems.add(TEXT_CUT);
        if (inCdata) append(stripControls(text), true);
        else raw += text;
      },
      oncdatastart() {
        flush();
        inCdata = true;
      },
      oncdataend() {
        inCdata = false;
      },
    },
    { xmlMode: true, decodeEntities: false },
  );

  for (const part of parts) {
    for (let at = 0; at < part.length && !stopped; at += CHUNK_CHARS)
      parser.write(part.slice(at, at + CHUNK_CHARS));
  }
  ended = true;
  if (!stopped) {
    if (stack.length > 0) problems.add('cut off');
    parser.end();
  }
  return { roots, problems: [...problems] };
}

/** Indentation between elements that left the tree. Long texts are not asked, since each asking would copy them. */
const isBlank = (text: string): boolean => text.length < 200 && text.trim() === '';

const NO_CHILDREN: readonly XmlNode[] = [];

/** Most elements hold one text: a list of one takes an eighth of what a list takes that was pushed to, which has room for 17. */
function addChild(parent: XmlElement, child: XmlNode): void {
  if (parent.children === NO_CHILDREN) parent.children = [child];
  else (parent.children as XmlNode[]).push(child);
}

/** An entry that starts directly inside an entry means the end tag of the first was forgotten. */
function parentFor(name: string, stack: readonly Frame[]): XmlElement | null {
  let at = stack.length - 1;
  if (name === 'item' || name === 'entry') {
    while (at > 0 && stack[at]?.element.name === name) at--;
  }
  return stack[at]?.element ?? null;
}

const NO_ATTRIBUTES: Readonly<Record<string, string>> = {};

function readAttributes(
  attribs: Readonly<Record<string, string>>,
  decode: (raw: string) => string,
): Readonly<Record<string, string>> {
  const given = Object.entries(attribs);
  if (given.length === 0) return NO_ATTRIBUTES;
  const attributes: Record<string, string> = {};
  for (const [name, value] of given.slice(0, MAX_ATTRIBUTES)) {
    attributes[name.toLowerCase()] = decode(value.slice(0, MAX_ATTRIBUTE_CHARS));
  }
  return attributes;
}

function resolveBase(value: string | undefined, outer: string | null): string | null {
  if (value === undefined) return outer;
  return toHttpUrl(value, outer ?? undefined) ?? outer;
}

export function isElement(node: XmlNode): node is XmlElement {
  return 'children' in node;
}

export function childElements(element: XmlElement, ...names: readonly string[]): XmlElement[] {
  return element.children.filter((node): node is XmlElement => isElement(node) && names.includes(node.name));
}

/** All text inside, in order, untrimmed. */
export function textOf(element: XmlElement): string {
  let text = '';
  for (const node of element.children) text += isElement(node) ? textOf(node) : node.text;
  return text;
}
