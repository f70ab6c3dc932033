import { removeElement } from 'domutils';
import type { Block } from './segment.js';
import { styleOf } from './style.js';

/** So many repeated blocks in a row are a letter or an appeal, not an agency's paragraph of background. */
export const APPEAL_BLOCKS = 3;
/** A block so short says too little to be known again: "Once", "Monthly". In characters. */
export const BUTTON_CHARS = 12;
/** Appeals with a smaller share of what looks like text leave the model its judgment of the rest. */
const MISLEADING_SHARE = 0.15;
const LIKELY = 0.5;

/**
 * Takes letters and appeals out of the page that make up so much of what looks like text that a short article beside them no
 * longer does. Whether it took any: then the page has to be judged again.
 */
export function withoutMisleadingAppeals(
  blocks: readonly Block[],
  likely: readonly number[],
  isFurniture: (block: Block) => boolean,
): boolean {
  let run: Block[] = [];
  let repeated = 0;
  let chars = 0;
  let before: Block | null = null;
  const appeals: Block[] = [];
  const endRun = (isLast: boolean): void => {
    // Buttons after the last known block are the appeal's own only where no text follows.
    const own = run.slice(
      run.findIndex(isFurniture),
      isLast ? run.length : run.findLastIndex(isFurniture) + 1,
    );
    if (repeated >= APPEAL_BLOCKS) appeals.push(...withoutBackground(own, before, isFurniture));
    run = [];
    repeated = 0;
  };
  for (const [index, block] of blocks.entries()) {
    if ((likely[index] ?? 0) < LIKELY) {
      if (repeated > 0 && block.text.length <= BUTTON_CHARS) run.push(block);
      continue;
    }
    chars += block.text.length;
    if (isFurniture(block)) repeated++;
    else if (block.text.length > BUTTON_CHARS) {
      endRun(false);
      before = block;
      continue;
    }
    run.push(block);
  }
  endRun(true);
  const appealing = appeals.reduce((sum, { text }) => sum + text.length, 0);
  if (appealing < MISLEADING_SHARE * chars || appealing === 0) return false;
  for (const { leaves } of appeals) for (const leaf of leaves) removeElement(leaf);
  return true;
}

/** An agency's paragraph before a letter looks like the text before it, and the letter does not. */
function withoutBackground(
  run: readonly Block[],
  before: Block | null,
  isFurniture: (block: Block) => boolean,
): readonly Block[] {
  if (before === null) return run;
  const style = styleOf(before.scope);
  const own = run.slice(run.findIndex(({ scope }) => styleOf(scope) !== style));
  return own.filter(isFurniture).length >= APPEAL_BLOCKS ? own : run;
}
