import { withCoherentParts } from './coherent-parts.js';
import { withCoherentStyles } from './coherent-styles.js';
import { CONTEXT_NAMES, PageContext } from './context-features.js';
import { FEATURE_NAMES, featuresOf, NOTHING } from './features.js';
import { withoutKnownFurniture } from './known-furniture.js';
import type { Measure } from './measures.js';
import { probability, type TreeModel } from './model.js';
import type { Evidence } from './page-statistics.js';
import { RowWriter } from './row-writer.js';
import { type Block, FLAG, type Segments } from './segment.js';

/** Two looks at a page: each block by itself and its place, then again with the first look at all the others in hand. */
export interface Weights {
  first: TreeModel;
  second: TreeModel;
}

/**
 * What the second look sees of each block: what the first said of its surroundings, and all that the first saw. `NOTHING` for
 * blocks without a row, and for those that are not `isOpen`.
 */
export function secondRows(
  { blocks }: Segments,
  { rows, measures }: { rows: readonly Float32Array[]; measures: readonly Measure[] },
  likely: readonly number[],
  isOpen: (likely: number) => boolean = () => true,
): Float32Array[] {
  const context = new PageContext(blocks, measures, likely);
  const isWanted = rows.map((row, index) => row !== NOTHING && isOpen(likely[index] ?? 0));
  const width = CONTEXT_NAMES.length + FEATURE_NAMES.length;
  // One piece of memory, as for the first look.
  const table = new Float32Array(width * isWanted.filter(Boolean).length);
  let from = 0;
  const joined: Float32Array[] = [];
  for (const [index, row] of rows.entries()) {
    if (isWanted[index] !== true) {
      joined.push(NOTHING);
      continue;
    }
    const both = table.subarray(from, from + width);
    from += width;
    context.write(index, new RowWriter(both));
    both.set(row, CONTEXT_NAMES.length);
    joined.push(both);
  }
  return joined;
}

const MENU_WORDS = 5;
const MENU_FLAGS = FLAG.nav | FLAG.footer | FLAG.header | FLAG.aside | FLAG.form | FLAG.button | FLAG.list;

/** A short link in a list or at the page's edge: half of all blocks, and never text. */
function isMenuItem({ scope }: Block, { words, linkDensity }: Measure): boolean {
  return words <= MENU_WORDS && linkDensity >= 0.9 && (scope.flags & MENU_FLAGS) !== 0;
}

/** Blocks the first look is so sure of not wanting are not looked at again. */
const HOPELESS = 0.01;
const isOpen = (p: number): boolean => p >= HOPELESS;

/** How likely each block belongs to the article, between 0 and 1. */
export function judgeBlocks(segments: Segments, evidence: Evidence, { first, second }: Weights): number[] {
  const seen = featuresOf(segments, evidence, (block, measure) => !isMenuItem(block, measure));
  const likely: number[] = [];
  for (const row of seen.rows) likely.push(row === NOTHING ? 0 : probability(first, row));
  const again = [...likely];
  for (const [index, row] of secondRows(segments, seen, likely, isOpen).entries())
    if (row !== NOTHING) again[index] = probability(second, row);
  const { blocks } = segments;
  return withCoherentParts(blocks, withCoherentStyles(blocks, withoutKnownFurniture(blocks, again)));
}
