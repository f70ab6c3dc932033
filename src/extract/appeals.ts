import { removeElement } from 'domutils';
import type { Block } from './segment.js';

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
  const appeals: Block[] = [];
  const endRun = (): void => {
    if (repeated >= APPEAL_BLOCKS) appeals.push(...run);
    run = [];
    repeated = 0;
  };
  for (const [index, block] of blocks.entries()) {
    if ((likely[index] ?? 0) < LIKELY) continue;
    chars += block.text.length;
    if (isFurniture(block)) repeated++;
    else if (block.text.length > BUTTON_CHARS) {
      endRun();
      continue;
    }
    run.push(block);
  }
  endRun();
  const appealing = appeals.reduce((sum, { text }) => sum + text.length, 0);
  if (appealing < MISLEADING_SHARE * chars || appealing === 0) return false;
  for (const { leaves } of appeals) for (const leaf of leaves) removeElement(leaf);
  return true;
}
