import { closeDirections } from '../domain/close-directions.js';
import { brotli, gzip } from './compress.js';

/** What a text weighs on the wire: the larger of gzip and brotli, since either may be asked for. */
export function wireBytes(text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  const zipped = gzip(bytes).length;
  // Brotli is smaller than gzip on every page measured; it is only worth its milliseconds where it could decide.
  return zipped > bytes.length ? Math.max(zipped, brotli(bytes).length) : zipped;
}

/** The first of `candidates`, best first, whose text fits `limit`; the last one where none does. */
export function firstThatFits<T>(
  candidates: readonly T[],
  limit: number,
  render: (candidate: T) => string,
): { chosen: T; text: string } {
  let last: { chosen: T; text: string } | null = null;
  for (const chosen of candidates) {
    last = { chosen, text: render(chosen) };
    if (wireBytes(last.text) <= limit) return last;
  }
  if (last === null) throw new Error('nothing to choose from');
  return last;
}

/** The largest count from 1 to `most` that `fits`, supposing that fewer always fit where more do; 0 where not even one does. */
export function largestThatFits(most: number, fits: (count: number) => boolean): number {
  if (most === 0 || fits(most)) return most;
  let low = 0;
  let high = most;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Of a headline where others stand beside it; its own page shows it whole. Four times the longest that newspapers print. */
export const LONGEST_TITLE_CHARS = 400;

/** Ideographs and kana take the width of two letters. */
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** `text` cut at a word's end to the width of at most `length` Latin letters, with an ellipsis where something is left out. */
export function cut(text: string, length: number): string {
  const wide = text.slice(0, length).match(WIDE)?.length ?? 0;
  const room = Math.floor((length * length) / (length + wide));
  if (text.length <= room) return text;
  const kept = text.slice(0, room);
  const end = kept.search(/\s+\S*$/);
  const words = kept.slice(0, end > room * 0.6 ? end : room);
  return closeDirections(`${words.replace(/[\s,;:.–—-]+$/u, '').replace(/[\ud800-\udbff]$/, '')}…`);
}
