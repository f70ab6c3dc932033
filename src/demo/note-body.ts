import { pick } from './pick.js';
import type { Shorts } from './stock.js';

/** Paragraphs of stock in a note: with the lots it is then about as long as a founding article. */
const STOCK_PARAGRAPHS = 5;

/**
 * The text of a language's note number `round`, from 0: paragraphs of the stock by twos, and before, between and after them what was
 * drawn by lot. A mirror takes what stands in three articles for furniture, but for one or two paragraphs with a text of their own
 * on either side, as an agency's background has.
 */
export function noteBody({ topics, closings, lots }: Shorts, round: number): string {
  const lap = Math.floor(round / topics.length);
  const neighbor = pick(topics, round + 1 + (lap % (topics.length - 1)));
  const stock = [...pick(topics, round).paragraphs, ...neighbor.paragraphs].slice(0, STOCK_PARAGRAPHS);
  const words = shuffled(lots.words, round);
  const draw = (sentences: readonly string[], turn: number): string =>
    pick(sentences, turn).replaceAll('{w}', () => words.pop() ?? '');
  return [
    draw(lots.opening, round),
    ...stock.slice(0, 2),
    draw(lots.between, round),
    ...stock.slice(2, 4),
    draw(lots.between, round + 1),
    ...stock.slice(4),
    pick(closings, round + lap),
    draw(lots.closing, round + lap),
  ].join('\n\n');
}

/** In an order that chance made (Fisher and Yates), and that is the same for the same seed: a restart tells the same story. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const left = [...items];
  let state = seed;
  return items.flatMap(() => {
    // A step of a Weyl sequence, mixed as MurmurHash3 ends.
    state = (state + 0x9e3779b9) | 0;
    const half = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    const mixed = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
    return left.splice((mixed >>> 8) % left.length, 1);
  });
}
