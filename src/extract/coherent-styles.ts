import { RAISED } from './coherent-parts.js';
import { type Block, FLAG, type Scope } from './segment.js';
import { styleOf } from './style.js';

/** A paragraph long enough that its look says what it is. In characters. */
const PARAGRAPH_CHARS = 160;
/** Prose has no more of its characters in links. */
const MAX_LINKS = 0.3;
const NO_PROSE =
  FLAG.caption |
  FLAG.figure |
  FLAG.hidden |
  FLAG.table |
  FLAG.aside |
  FLAG.footer |
  FLAG.nav |
  FLAG.form |
  FLAG.button;
/** So many paragraphs of one look are no chance. */
const LEAST_PARAGRAPHS = 3;
/** Of their characters some are taken for text, and not nearly all, whose rest would have been left out for a reason. */
const [LEAST_KEPT, MOST_KEPT] = [0.05, 0.85];
/** How likely they must be on the whole, and one by itself. */
const LEAST_MEAN = 0.18;
const LEAST_LIKELY = 0.08;
const HEADING_LEAST = 0.05;
const LIKELY = 0.5;

/**
 * The likelihoods again, raised where paragraphs that look alike were told apart: a list of twenty things, a paragraph and a heading
 * each, in boxes as teasers have them, where the model is in doubt of each and takes a few. Only from the first to the last block
 * that is text, and in the elements these two stand in.
 */
export function withCoherentStyles(blocks: readonly Block[], likely: readonly number[]): number[] {
  const raised = [...likely];
  const isText = (p: number): boolean => p >= LIKELY;
  const first = likely.findIndex(isText);
  if (first === -1) return raised;
  const start = boxOf(blocks, first)?.first ?? first;
  const end = boxOf(blocks, likely.findLastIndex(isText))?.end ?? blocks.length;
  for (const indexes of paragraphsByStyle(blocks, start, end)) {
    if (!isInDoubt(indexes, blocks, likely)) continue;
    for (const index of indexes) {
      if ((likely[index] ?? 0) < LEAST_LIKELY) continue;
      raise(raised, index);
      const isHeading = /^h[2-6]$/.test(blocks[index - 1]?.scope.tag ?? '');
      if (index - 1 > first && isHeading && (likely[index - 1] ?? 0) >= HEADING_LEAST)
        raise(raised, index - 1);
    }
  }
  return raised;
}

const raise = (likely: number[], index: number): void => {
  likely[index] = Math.max(likely[index] ?? 0, RAISED);
};

const boxOf = (blocks: readonly Block[], index: number): Scope | null => blocks[index]?.scope.parent ?? null;

function paragraphsByStyle(blocks: readonly Block[], start: number, end: number): Iterable<number[]> {
  const styles = new Map<string, number[]>();
  for (let index = start; index < end; index += 1) {
    const block = blocks[index];
    if (block === undefined || !isParagraph(block)) continue;
    const style = styleOf(block.scope);
    const indexes = styles.get(style);
    if (indexes === undefined) styles.set(style, [index]);
    else indexes.push(index);
  }
  return styles.values();
}

const isParagraph = ({ scope, text, linkChars }: Block): boolean =>
  text.length >= PARAGRAPH_CHARS && linkChars <= MAX_LINKS * text.length && (scope.flags & NO_PROSE) === 0;

function isInDoubt(indexes: readonly number[], blocks: readonly Block[], likely: readonly number[]): boolean {
  if (indexes.length < LEAST_PARAGRAPHS) return false;
  let [total, kept, sum] = [0, 0, 0];
  for (const index of indexes) {
    const chars = blocks[index]?.text.length ?? 0;
    const p = likely[index] ?? 0;
    total += chars;
    sum += p * chars;
    if (p >= LIKELY) kept += chars;
  }
  return kept >= LEAST_KEPT * total && kept < MOST_KEPT * total && sum >= LEAST_MEAN * total;
}
