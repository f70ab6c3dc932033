/** Longest replacement text and most entities kept. How often they may be used is the decoder's to say. */
const MAX_VALUE_CHARS = 256;
const MAX_ENTITIES = 512;
/** A longer declaration is not read but still skipped to its first `>`. */
const MAX_DECLARATION_CHARS = 262_144;

const ENTITY = /<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"]*)"|'([^']*)')\s*>/g;

/**
 * Takes the document type declaration out of `text` and reads its internal entities.
 * Only literal text is kept as a replacement: nothing that names another entity (so no bomb) or a file (so no
 * external entity) is ever expanded.
 */
export function takeDoctype(text: string): {
  /** What stands before and after it; joining them would copy the whole document. */
  parts: readonly string[];
  entities: ReadonlyMap<string, string>;
} {
  const entities = new Map<string, string>();
  const start = startOfDeclaration(text);
  if (start === -1) return { parts: [text], entities };
  const end = endOfDeclaration(text, start);
  for (const [, name = '', double, single] of text.slice(start, end).matchAll(ENTITY)) {
    const value = double ?? single ?? '';
    if (value.length > MAX_VALUE_CHARS || /[&%<]/.test(value.replace(/&#\w+;/g, ''))) continue;
    if (entities.size < MAX_ENTITIES && !entities.has(name)) entities.set(name, value);
  }
  return { parts: [text.slice(0, start), text.slice(end)], entities };
}

/** Before the first element, past comments and instructions: further on, the same letters are somebody's text. */
function startOfDeclaration(text: string): number {
  let at = text.indexOf('<');
  while (at !== -1) {
    if (text.startsWith('<!--', at)) at = after(text, '-->', at);
    else if (text.startsWith('<?', at)) at = after(text, '?>', at);
    else return /^<!DOCTYPE/i.test(text.slice(at, at + 9)) ? at : -1;
    if (at !== -1) at = text.indexOf('<', at);
  }
  return -1;
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? -1 : found + mark.length;
}

function endOfDeclaration(text: string, start: number): number {
  const limit = Math.min(text.length, start + MAX_DECLARATION_CHARS);
  let brackets = 0;
  let quote = '';
  for (let at = start; at < limit; at++) {
    const char = text[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '[') brackets++;
    else if (char === ']') brackets--;
    else if (char === '>' && brackets <= 0) return at + 1;
  }
  // Never closed (often a stray quote): give up on the declaration, not on the feed.
  const close = text.indexOf('>', start);
  return close === -1 ? text.length : close + 1;
}
