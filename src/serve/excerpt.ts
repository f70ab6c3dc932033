import { openDirectionsClosed } from '../domain/close-directions.js';
import type { Highlighter, Segment } from '../store/tokenizer.js';

/** A word is looked for no further than this: a longer article shows its beginning. In characters. */
const MOST_CHARS = 60_000;

/**
 * Cuts `text` round the first word that `highlight` finds: about so many characters, its words marked; the beginning where none is
 * found. Cut at blanks where there are any, with an ellipsis at each cut. The word is looked for once, however often it is cut.
 */
export function createExcerpt(
  text: string,
  language: string,
  highlight: Highlighter,
): (chars: number) => Segment[] {
  let hit: number | null = null;
  return (chars) => {
    if (chars === 0) return [];
    hit ??= highlight.first(text.slice(0, MOST_CHARS), language) ?? 0;
    // The words before a hit say what it is about; the ones after it, what is said.
    const from = hit <= chars / 3 ? 0 : afterBlank(text, hit - Math.floor(chars / 3), hit);
    const to = text.length - from <= chars ? text.length : beforeBlank(text, from, from + chars);
    const shown = text.slice(from, to).replace(/\s+/g, ' ');
    const closing = openDirectionsClosed(shown);
    return [
      ...(from > 0 ? [{ text: '…', hit: false }] : []),
      ...highlight.mark(shown, language),
      ...(closing === '' ? [] : [{ text: closing, hit: false }]),
      ...(to < text.length ? [{ text: '…', hit: false }] : []),
    ];
  };
}

/** The last blank in the second half of the stretch; its end where there is none, but never inside a character. */
function beforeBlank(text: string, from: number, to: number): number {
  for (let at = to; at > (from + to) / 2; at -= 1) if (/\s/.test(text[at] ?? '')) return at;
  return insideCharacter(text, to) ? to - 1 : to;
}

/** Just after the first blank of the stretch; its beginning where there is none. */
function afterBlank(text: string, from: number, to: number): number {
  for (let at = from; at < to; at += 1) if (/\s/.test(text[at] ?? '')) return at + 1;
  return insideCharacter(text, from) ? from + 1 : from;
}

const insideCharacter = (text: string, at: number): boolean => /[\udc00-\udfff]/.test(text[at] ?? '');
