import { HostileJson } from './refusals.js';

/** Nothing of ours or of TUF's nests deeper than nine; ten thousand levels would take the stack of whoever walks them. */
const MOST_DEPTH = 32;

// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 section 7 forbids exactly these in a string
const STRING = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;

/**
 * The value of JSON from a stranger. Throws `HostileJson` for what is no JSON in UTF-8, and for what parsers disagree on: a key
 * twice in one object, `__proto__`, half a character, nesting without end.
 */
export function parseStrictJson(bytes: Uint8Array | string, subject: string): unknown {
  const text = typeof bytes === 'string' ? bytes : decode(bytes, subject);
  scan(text, subject);
  try {
    return JSON.parse(text);
  } catch {
    throw new HostileJson(subject, 'is no JSON');
  }
}

function decode(bytes: Uint8Array, subject: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new HostileJson(subject, 'is no UTF-8');
  }
}

/** One walk over the text, without recursion: the keys of each open object, and how deep it goes. */
function scan(text: string, subject: string): void {
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '{' || sign === '[') {
      open.push(sign === '{' ? new Set() : null);
      if (open.length > MOST_DEPTH) throw new HostileJson(subject, `nests deeper than ${MOST_DEPTH} levels`);
    } else if (sign === '}' || sign === ']') {
      open.pop();
    } else if (sign === '"') {
      STRING.lastIndex = at;
      const [token] = STRING.exec(text) ?? [];
      if (token === undefined) throw new HostileJson(subject, 'has a string without an end');
      at += token.length - 1;
      const value = textOf(token, subject);
      const keys = open.at(-1);
      if (keys instanceof Set && /^\s*:/.test(text.slice(at + 1, at + 64))) addKey(keys, value, subject);
    }
  }
}

function textOf(token: string, subject: string): string {
  let value = token.slice(1, -1);
  if (token.includes('\\')) {
    try {
      value = JSON.parse(token) as string;
    } catch {
      throw new HostileJson(subject, 'has a string that is none');
    }
  }
  if (/\p{Surrogate}/u.test(value)) throw new HostileJson(subject, 'holds half a character');
  return value;
}

function addKey(keys: Set<string>, key: string, subject: string): void {
  if (key === '__proto__') throw new HostileJson(subject, 'has the key __proto__');
  if (keys.has(key)) throw new HostileJson(subject, `has the key ${JSON.stringify(key.slice(0, 40))} twice`);
  keys.add(key);
}
