import { plainTextOf } from './tree.js';

/** Some pages carry their text only in a script's data, for a program to draw. In characters. */
const LEAST_CHARS = 500;
const MAX_CANDIDATES = 400;

/** A string literal of some length with paragraphs in it, once or twice escaped. */
const LITERAL = /"((?:[^"\\]|\\.){500,400000})"/g;
const PARAGRAPH = /(?:<|\\+u003c)p[\s>\\]/i;

/** The longest text with paragraphs among the strings of a page's scripts, as HTML; null where there is none. */
export function stateBody(html: string): string | null {
  let best: string | null = null;
  let bestChars = LEAST_CHARS;
  let candidates = 0;
  for (const [, literal = ''] of html.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script/gi)) {
    if (!PARAGRAPH.test(literal)) continue;
    for (const [, inner = ''] of literal.matchAll(LITERAL)) {
      if (++candidates > MAX_CANDIDATES) return best;
      for (const body of bodiesIn(inner)) {
        const chars = plainTextOf(body).length;
        if (chars <= bestChars) continue;
        best = body;
        bestChars = chars;
      }
    }
  }
  return best;
}

/** The literal itself where it is HTML, or the literals in it where it is JSON once more. */
function bodiesIn(literal: string): string[] {
  const text = unquote(literal);
  if (text === null || !PARAGRAPH.test(text)) return [];
  if (/^\s*(?:<|[^[{"\d])/.test(text) && !/^[\da-z]{0,3}:[[{"]/i.test(text)) return [text];
  return [...text.matchAll(LITERAL)]
    .map(([, inner = '']) => unquote(inner))
    .filter((inner): inner is string => inner !== null && PARAGRAPH.test(inner) && /^\s*<|<\/p>/.test(inner));
}

function unquote(literal: string): string | null {
  try {
    return JSON.parse(`"${literal.replace(/\p{Cc}/gu, ' ')}"`) as string;
  } catch {
    return null;
  }
}
