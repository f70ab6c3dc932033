/** So many slots; a power of two. Pages use some hundred names, and invent some. */
const SLOTS = 4_096;
/** From here on names are no longer remembered. */
const MOST_NAMES = SLOTS / 2;

const names: (string | undefined)[] = new Array(SLOTS).fill(undefined);
let known = 0;

/**
 * The name of an element or attribute that stands at `[from, end)`, ASCII letters in lower case. Every page uses the same names: each
 * is made a string once, which the engine then finds in an object without hashing its letters.
 */
export function nameAt(html: string, from: number, end: number): string {
  let slot = 0;
  for (let at = from; at < end; at++) slot = (slot * 31 + lowerCase(html.charCodeAt(at))) & (SLOTS - 1);
  for (;;) {
    const name = names[slot];
    if (name === undefined) break;
    if (isNameAt(name, html, from, end)) return name;
    slot = (slot + 1) & (SLOTS - 1);
  }
  const name = html.slice(from, end).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  if (known >= MOST_NAMES) return name;
  known++;
  // A copy of its own, or the whole page would stay in memory with it.
  names[slot] = Buffer.from(name, 'utf16le').toString('utf16le');
  return names[slot] ?? name;
}

/** Whether a name in lower case stands there, in whichever case. */
function isNameAt(name: string, html: string, from: number, end: number): boolean {
  if (name.length !== end - from) return false;
  for (let at = 0; at < name.length; at++)
    if (name.charCodeAt(at) !== lowerCase(html.charCodeAt(from + at))) return false;
  return true;
}

const UPPER_A = 65;
const UPPER_Z = 90;

function lowerCase(code: number): number {
  return code >= UPPER_A && code <= UPPER_Z ? code | 32 : code;
}
