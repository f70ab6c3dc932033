import { decodeHTMLStrict } from 'entities';
import { Parser } from 'htmlparser2';
import { takeDoctype } from './doctype.js';
import { undoDoubleEncoding } from './double-encoding.js';
import { canonicalName, innerScope, type NamespaceScope } from './namespaces.js';

/** Deeper than any feed; past it the document is an attack or beyond repair. */
const MAX_DEPTH = 256;
/** A feed of 10,000 entries with 30 elements each. */
const MAX_ELEMENTS = 300_000;
/** Of one uninterrupted text: a hundred times a long article. */
const MAX_TEXT_CHARS = 2_000_000;
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
  children: XmlNode[];
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

interface Frame {
  element: XmlElement;
  scope: NamespaceScope;
}

/**
 * Reads XML that need not be well-formed into a tree with canonical names, decoded text and resolved `xml:base`.
 * Never throws. Work and memory are bounded by the caps above; past one, what was read so far is the answer.
 */
export function readXml(source: string, documentBase: string | null): XmlDocument {
  const { text: body, entities } = takeDoctype(source);
  const roots: XmlElement[] = [];
  const problems: string[] = [];
  const stack: Frame[] = [];
  let elements = 0;
  let raw = '';
  let ended = false;
  let stopped = false;

  const append = (text: string, cdata: boolean) => {
    if (text !== '') stack.at(-1)?.element.children.push({ text: undoDoubleEncoding(text), cdata });
  };
  const flush = () => {
    append(decodeEntities(raw, entities), false);
    raw = '';
  };
  const stop = (problem: string) => {
    problems.push(problem);
    stopped = true;
    parser.pause();
  };
  let inCdata = false;
  let tooLong = false;

  const parser = new Parser(
    {
      onopentag(name, attribs) {
        flush();
        if (stopped) return;
        if (++elements > MAX_ELEMENTS) return stop(`more than ${MAX_ELEMENTS} elements`);
        if (stack.length >= MAX_DEPTH) return stop(`nested deeper than ${MAX_DEPTH} elements`);
        const attributes = readAttributes(attribs, entities);
        const scope = innerScope(stack.at(-1)?.scope ?? new Map(), attribs);
        const named = canonicalName(scope, name);
        const parent = parentFor(named.name, stack);
        const outer = parent?.base ?? documentBase;
        const base = resolveBase(
          attributes['xml:base'] ?? (named.name === 'channel' ? attributes.base : undefined),
          outer,
        );
        const element: XmlElement = { ...named, attributes, children: [], base, closed: false };
        if (parent === null) roots.push(element);
        else parent.children.push(element);
        stack.push({ element, scope });
      },
      onclosetag() {
        flush();
        const frame = stopped ? undefined : stack.pop();
        if (frame !== undefined) frame.element.closed = !ended;
      },
      ontext(data) {
        const text = data.slice(0, Math.max(0, MAX_TEXT_CHARS - raw.length));
        if (text.length < data.length) tooLong = true;
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

  for (let at = 0; at < body.length && !stopped; at += CHUNK_CHARS)
    parser.write(body.slice(at, at + CHUNK_CHARS));
  ended = true;
  if (!stopped) {
    if (stack.length > 0) problems.push('cut off');
    parser.end();
  }
  if (tooLong) problems.push(`a text longer than ${MAX_TEXT_CHARS} characters was cut`);
  return { roots, problems };
}

/** An entry that starts directly inside an entry means the end tag of the first was forgotten. */
function parentFor(name: string, stack: readonly Frame[]): XmlElement | null {
  let at = stack.length - 1;
  if (name === 'item' || name === 'entry') {
    while (at > 0 && stack[at]?.element.name === name) at--;
  }
  return stack[at]?.element ?? null;
}

function readAttributes(
  attribs: Readonly<Record<string, string>>,
  entities: ReadonlyMap<string, string>,
): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(attribs)) {
    attributes[name.toLowerCase()] = decodeEntities(value, entities);
  }
  return attributes;
}

/** CDF writes `base` on its channel where the others have `xml:base`. */
function resolveBase(value: string | undefined, outer: string | null): string | null {
  if (value === undefined) return outer;
  const trimmed = value.trim();
  if (!URL.canParse(trimmed, outer ?? undefined)) return outer;
  const url = new URL(trimmed, outer ?? undefined);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : outer;
}

/** Once, as XML says; names nobody declared are taken for HTML's, which is what the feed's author meant. */
function decodeEntities(raw: string, entities: ReadonlyMap<string, string>): string {
  if (!raw.includes('&')) return stripControls(raw);
  const expanded =
    entities.size === 0
      ? raw
      : raw.replace(/&([A-Za-z_][\w.-]*);/g, (all, name) => entities.get(name) ?? all);
  return stripControls(decodeHTMLStrict(expanded));
}

/** What XML 1.0 forbids, section 2.2. */
function stripControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be removed
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
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
