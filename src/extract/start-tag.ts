import { decodeHTMLAttribute } from 'entities';
import { nameAt } from './tag-names.js';

export interface StartTag {
  name: string;
  attribs: Record<string, string>;
  isSelfClosing: boolean;
  /** Behind its `>`. */
  end: number;
}

const TAB = 9;
const LINE_FEED = 10;
const FORM_FEED = 12;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
export const AMPERSAND = 38;
const SINGLE_QUOTE = 39;
export const SLASH = 47;
const EQUALS = 61;
const GREATER = 62;

function isSpace(code: number): boolean {
  return (
    code === SPACE || code === LINE_FEED || code === TAB || code === CARRIAGE_RETURN || code === FORM_FEED
  );
}

export function isNameEnd(code: number): boolean {
  return code === GREATER || code === SLASH || isSpace(code);
}

/** Where the name of a tag ends that begins at `from`; the end of the page where nothing ends it. */
export function nameEnd(html: string, from: number): number {
  let at = from;
  while (at < html.length && !isNameEnd(html.charCodeAt(at))) at++;
  return at;
}

/** The start tag whose name begins at `from`, or null where the page ends in it: then it is none. */
export function readStartTag(html: string, from: number): StartTag | null {
  const { length } = html;
  let at = nameEnd(html, from);
  const name = nameAt(html, from, at);
  // Anybody names attributes, "constructor" too: nothing may be there before.
  const attribs: Record<string, string> = Object.create(null);
  let isSelfClosing = false;
  while (at < length) {
    const code = html.charCodeAt(at);
    if (code === GREATER) return { name, attribs, isSelfClosing, end: at + 1 };
    if (code === SLASH) isSelfClosing = true;
    if (code === SLASH || isSpace(code)) {
      at++;
      continue;
    }
    isSelfClosing = false;
    // An attribute. Its name may begin with whatever stands here.
    const nameFrom = at++;
    while (at < length && !isAttributeNameEnd(html.charCodeAt(at))) at++;
    const key = nameAt(html, nameFrom, at);
    let next = at;
    while (next < length && isSpace(html.charCodeAt(next))) next++;
    if (html.charCodeAt(next) !== EQUALS) {
      attribs[key] ??= '';
      continue;
    }
    at = next + 1;
    while (at < length && isSpace(html.charCodeAt(at))) at++;
    const quote = html.charCodeAt(at);
    const isQuoted = quote === DOUBLE_QUOTE || quote === SINGLE_QUOTE;
    const valueFrom = isQuoted ? ++at : at;
    let hasEntities = false;
    for (; at < length; at++) {
      const letter = html.charCodeAt(at);
      if (isQuoted ? letter === quote : letter === GREATER || isSpace(letter)) break;
      if (letter === AMPERSAND) hasEntities = true;
    }
    const value = html.slice(valueFrom, at);
    attribs[key] ??= hasEntities ? decodeHTMLAttribute(value) : value;
    if (isQuoted) at++;
  }
  return null;
}

function isAttributeNameEnd(code: number): boolean {
  return code === EQUALS || isNameEnd(code);
}
