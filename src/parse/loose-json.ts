import { stripControls } from './xml-text.js';

/**
 * JSON that may have been cut off: past the last complete object of a list, everything is dropped and what is open is
 * closed. Null where not even that gives JSON.
 */
export function parseLooseJson(text: string): { value: unknown; cut: boolean } | null {
  if (isTooDeep(text)) return null;
  const whole = tryJson(text);
  if (whole !== null) return { ...whole, cut: false };
  const rescued = lastWhole(text);
  const part = rescued === null ? null : tryJson(rescued);
  return part === null ? null : { ...part, cut: true };
}

/** No feed and no listing is nested deeper; JSON that only opens brackets costs thirty times its size. */
const MAX_DEPTH = 100;

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) at = endOfString(text, at);
    else if (char === BRACKET || char === BRACE) {
      if (++depth > MAX_DEPTH) return true;
    } else if (char === BRACKET + 2 || char === BRACE + 2) depth--;
  }
  return false;
}

const QUOTE = 0x22;
/** Two before the one that closes it. */
const BRACKET = 0x5b;
const BRACE = 0x7b;

function tryJson(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text, storable) };
  } catch {
    return null;
  }
}

/** Half a surrogate pair, such as an emoji that was cut leaves, comes back from the store as another text than went in. */
const storable = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? stripControls(value).replace(/\p{Surrogate}/gu, '\ufffd') : value;

/** The text up to the last object that ended inside the outermost list of objects, with the closing brackets it lacks. */
function lastWhole(text: string): string | null {
  const open: string[] = [];
  let end = -1;
  let closers = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      at = endOfString(text, at);
    } else if (char === '{' || char === '[') {
      open.push(char === '{' ? '}' : ']');
    } else if (char === '}' || char === ']') {
      open.pop();
      const shallow = open.length <= 2 && open.at(-1) === ']' && char === '}';
      if (!shallow) continue;
      end = at + 1;
      closers = open.toReversed().join('');
    }
  }
  return end === -1 ? null : text.slice(0, end) + closers;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
