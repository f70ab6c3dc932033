import { type CharacterCounts, countCharacters } from './count-characters.js';
import type { Block } from './segment.js';
import { squash } from './squash.js';

/** What a block is by itself: counted once, asked for by every feature. */
export interface Measure {
  counts: CharacterCounts;
  chars: number;
  words: number;
  linkDensity: number;
  isGood: boolean;
  squashed: string;
}

export function measure(block: Block): Measure {
  const { text } = block;
  const counts = countCharacters(text);
  let spaces = 1;
  for (let at = text.indexOf(' '); at !== -1; at = text.indexOf(' ', at + 1)) spaces++;
  const words = spaces + counts.unspaced / 2;
  const linkDensity = Math.min(1, block.linkChars / Math.max(1, text.length));
  return {
    counts,
    chars: text.length,
    words,
    linkDensity,
    isGood: words >= 10 && linkDensity < 0.4 && /[.!?…。！？।։።”"»]/.test(text),
    squashed: squash(text),
  };
}

/** Sums over any run of blocks in constant time. */
export class Sums {
  readonly #totals: Float64Array;
  constructor(values: Float64Array) {
    this.#totals = new Float64Array(values.length + 1);
    for (let index = 0; index < values.length; index++)
      this.#totals[index + 1] = (this.#totals[index] ?? 0) + (values[index] ?? 0);
  }
  between(first: number, end: number): number {
    return (this.#totals[end] ?? 0) - (this.#totals[first] ?? 0);
  }
}

/** For each block the place of the nearest earlier (`1`) or later (`-1`) block of prose. */
export function runningGap(measures: readonly Measure[], direction: 1 | -1): number[] {
  const total = measures.length;
  const places: number[] = new Array(total);
  let last = direction === 1 ? -1 : total;
  for (let step = 0; step < total; step++) {
    const index = direction === 1 ? step : total - 1 - step;
    places[index] = last;
    if (measures[index]?.isGood) last = index;
  }
  return places;
}
