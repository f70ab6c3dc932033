import type { ChildNode, ParentNode, Text } from 'domhandler';
import { boilerplateBlocks } from './boilerplate.js';
import { styleOf } from './features.js';
import type { PageView } from './page-view.js';
import { type Block, FLAG, type Segments } from './segment.js';
import { contains, selectAll } from './select.js';
import { squash } from './title.js';

/** From here on a block belongs to the article. */
const LIKELY = 0.5;
/** Inside the publisher's own selectors only what is surely furniture goes. */
const HARDLY = 0.04;
/** A block seen on three articles stays only where everything else speaks for it: agencies repeat paragraphs of background. */
const NEARLY_SURE = 0.9;
/** So many repeated blocks in a row at either end are an appeal. */
const APPEAL_BLOCKS = 3;

export interface Choice {
  blocks: Block[];
  /** Where the publisher's selectors say that the text is; null where they matched nothing or none were given. */
  roots: ParentNode[] | null;
}

/** The blocks that make up the article, in order. `likely` is the model's word for each block of the page. */
export function chooseBlocks(
  view: PageView,
  { blocks }: Segments,
  likely: readonly number[],
  isFurniture: (text: string) => boolean,
): Choice {
  const { rules, elements } = view;
  const roots = selectRoots(view);
  const keep = (rules?.keep ?? []).flatMap((selector) => selectAll(elements, selector));
  const isUnder = (tops: readonly ParentNode[], block: Block): boolean =>
    tops.some((top) => block.leaves.some((leaf) => contains(top, leaf as ChildNode)));
  const title = squash(view.title ?? '');
  const least = roots === null ? LIKELY : HARDLY;
  const candidates = blocks
    .map((block, index) => ({ block, likely: likely[index] ?? 0, isKept: isUnder(keep, block) }))
    .filter(({ block, likely: p, isKept }) => {
      if ((block.scope.flags & FLAG.caption) !== 0) return false;
      if (roots !== null && !isUnder(roots, block)) return isKept;
      return isKept || p >= least;
    })
    .filter(({ block, isKept }) => isKept || title === '' || squash(block.text) !== title);
  const dropped = boilerplateBlocks(
    candidates.map(({ block }) => block.text),
    rules?.boilerplate ?? [],
  );
  const remaining = candidates.filter((_, index) => !dropped.has(index));
  const chosen = withoutFurniture(remaining, isFurniture);
  return { blocks: chosen.map(({ block }) => block), roots };
}

interface Candidate {
  block: Block;
  likely: number;
  isKept: boolean;
}

/**
 * Repeated blocks go, but for those that look like the text round them and stand in it: agencies end many articles with the
 * same paragraph of background. A run of repeated blocks at either end is a letter or an appeal, however it looks.
 */
function withoutFurniture(
  candidates: readonly Candidate[],
  isFurniture: (text: string) => boolean,
): Candidate[] {
  const usual = usualStyle(candidates.map(({ block }) => block));
  const repeated = new Set(candidates.filter(({ block, isKept }) => !isKept && isFurniture(block.text)));
  const likelyText = candidates.filter(
    (candidate) =>
      !repeated.has(candidate) ||
      (candidate.likely >= NEARLY_SURE && styleOf(candidate.block.scope) === usual),
  );
  let first = likelyText.findIndex((candidate) => !repeated.has(candidate));
  let last = likelyText.findLastIndex((candidate) => !repeated.has(candidate));
  if (first === -1) return [];
  if (first < APPEAL_BLOCKS) first = 0;
  if (likelyText.length - 1 - last < APPEAL_BLOCKS) last = likelyText.length - 1;
  return likelyText.slice(first, last + 1);
}

function selectRoots({ elements, rules }: PageView): ParentNode[] | null {
  for (const selector of rules?.content ?? []) {
    const found = selectAll(elements, selector);
    if (found.length > 0) return found;
  }
  return null;
}

/** How most of the text looks. */
function usualStyle(blocks: readonly Block[]): string | null {
  const chars = new Map<string, number>();
  for (const { scope, text } of blocks) {
    const style = styleOf(scope);
    chars.set(style, (chars.get(style) ?? 0) + text.length);
  }
  return [...chars].sort((left, right) => right[1] - left[1])[0]?.[0] ?? null;
}

export function leavesOf(blocks: readonly Block[]): Set<Text> {
  return new Set(blocks.flatMap(({ leaves }) => leaves));
}
