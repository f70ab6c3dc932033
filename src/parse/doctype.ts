/** Longest replacement text and most entities kept: with both, expansion stays far below the size of the document. */
const MAX_VALUE_CHARS = 256;
const MAX_ENTITIES = 512;

const ENTITY = /<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"]*)"|'([^']*)')\s*>/g;

/**
 * Takes the document type declaration out of `text` and reads its internal entities.
 * Only literal text is kept as a replacement: nothing that names another entity (so no bomb) or a file (so no
 * external entity) is ever expanded.
 */
export function takeDoctype(text: string): { text: string; entities: ReadonlyMap<string, string> } {
  const entities = new Map<string, string>();
  const start = text.slice(0, 65_536).search(/<!DOCTYPE/i);
  if (start === -1) return { text, entities };
  const end = endOfDeclaration(text, start);
  for (const [, name = '', double, single] of text.slice(start, end).matchAll(ENTITY)) {
    const value = double ?? single ?? '';
    if (value.length > MAX_VALUE_CHARS || /[&%<]/.test(value.replace(/&#\w+;/g, ''))) continue;
    if (entities.size < MAX_ENTITIES && !entities.has(name)) entities.set(name, value);
  }
  return { text: text.slice(0, start) + text.slice(end), entities };
}

function endOfDeclaration(text: string, start: number): number {
  let brackets = 0;
  let quote = '';
  for (let at = start; at < text.length; at++) {
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
