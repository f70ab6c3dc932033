import { withCoherentParts } from './coherent-parts.js';
import { contextOf } from './context-features.js';
import { type Evidence, featuresOf, type Measure, NOTHING } from './features.js';
import { withoutKnownFurniture } from './known-furniture.js';
import { probability, type TreeModel } from './model.js';
import { type Block, FLAG, type Segments } from './segment.js';

/** Two looks at a page: each block by itself and its place, then again with the first look at all the others in hand. */
export interface Weights {
  first: TreeModel;
  second: TreeModel;
}

/** What the second look sees of each block: all that the first saw, and what the first said. */
export function secondRows(
  { blocks }: Segments,
  { rows, measures }: { rows: readonly Float32Array[]; measures: readonly Measure[] },
  likely: readonly number[],
): Float32Array[] {
  const context = contextOf(blocks, measures, likely);
  return rows.map((row, index) => {
    if (row === NOTHING) return NOTHING;
    const own = context[index] ?? new Float32Array();
    const joined = new Float32Array(own.length + row.length);
    joined.set(own);
    joined.set(row, own.length);
    return joined;
  });
}

const MENU_WORDS = 5;
const MENU_FLAGS = FLAG.nav | FLAG.footer | FLAG.header | FLAG.aside | FLAG.form | FLAG.button | FLAG.list;

/** A short link in a list or at the page's edge: half of all blocks, and never text. */
function isMenuItem({ scope }: Block, { words, linkDensity }: Measure): boolean {
  return words <= MENU_WORDS && linkDensity >= 0.9 && (scope.flags & MENU_FLAGS) !== 0;
}

/** Blocks the first look is so sure of not wanting are not looked at again. */
const HOPELESS = 0.01;

/** How likely each block belongs to the article, between 0 and 1. */
export function judgeBlocks(segments: Segments, evidence: Evidence, { first, second }: Weights): number[] {
  const seen = featuresOf(segments, evidence, (block, measure) => !isMenuItem(block, measure));
  const likely = seen.rows.map((row) => (row === NOTHING ? 0 : probability(first, row)));
  const again = secondRows(segments, seen, likely).map((row, index) =>
    (likely[index] ?? 0) < HOPELESS ? (likely[index] ?? 0) : probability(second, row),
  );
  return withCoherentParts(segments.blocks, withoutKnownFurniture(segments.blocks, again));
}
