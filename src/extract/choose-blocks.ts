import type { ChildNode, Element, ParentNode, Text } from 'domhandler';
import { APPEAL_BLOCKS, BUTTON_CHARS } from './appeals.js';
import { isEmbedQuote } from './assemble.js';
import { boilerplateBlocks } from './boilerplate.js';
import type { PageView } from './page-view.js';
import { type Block, FLAG, type Segments } from './segment.js';
import { contains, selectAll } from './select.js';
import { squash } from './squash.js';
import { styleOf } from './style.js';

/** From here on a block belongs to the article. */
const LIKELY = 0.5;
/** Inside the publisher's own selectors only what is surely furniture goes. */
const HARDLY = 0.04;
/** A block seen on three articles stays only where everything else speaks for it: agencies repeat paragraphs of background. */
const NEARLY_SURE = 0.6;

export interface Choice {
  blocks: Block[];
  /** Where the publisher's selectors say that the text is; null where they matched nothing or none were given. */
  roots: ParentNode[] | null;
}

/** The blocks that make up the article, in order. `likely` is the model's word for each block of the page;
 * `hadAppeals`: its publisher's letters were known and are gone already. */
export function chooseBlocks(
  view: PageView,
  { blocks }: Segments,
  likely: readonly number[],
  isFurniture: (block: Block) => boolean,
  hadAppeals = false,
): Choice {
  const { rules } = view;
  const roots = selectRoots(view);
  const keep = keptBoxes(view);
  const title = squash(view.title ?? '');
  const inside: Candidate[] = blocks
    .map((block, index) => ({ block, likely: likely[index] ?? 0, isKept: isUnder(keep, block) }))
    .filter(({ block, isKept }) => roots === null || isKept || isUnder(roots, block));
  const isFurnitureAt = (among: readonly Candidate[], index: number): boolean => {
    const candidate = among[index];
    return candidate !== undefined && isFurniture(candidate.block);
  };
  const worded = inside.filter(({ block }) => (block.scope.flags & (FLAG.caption | FLAG.button)) === 0);
  const named = boilerplateBlocks(
    worded.map(({ block }) => block.text),
    roots === null ? [] : (rules?.boilerplate ?? []),
    (index) => isFurnitureAt(worded, index),
    hadAppeals,
  );
  const candidates = worded.filter(({ block, likely: p, isKept }, index) => {
    if (isKept) return true;
    if (named.has(index) || p < (roots === null || isEmbedded(block) ? LIKELY : HARDLY)) return false;
    return title === '' || block.text.length >= 3 * title.length + 20 || squash(block.text) !== title;
  });
  const dropped = boilerplateBlocks(
    roots === null ? candidates.map(({ block }) => block.text) : [],
    rules?.boilerplate ?? [],
    (index) => isFurnitureAt(candidates, index),
    hadAppeals,
  );
  const chosen = withoutFurniture(
    candidates.filter(({ isKept }, index) => isKept || !dropped.has(index)),
    isFurniture,
  );
  return {
    blocks: chosen.map(({ block }) => block),
    roots: roots === null ? null : inOrder([...roots, ...keep], view),
  };
}

/** Text of somebody's post on another service: it stays a quotation where the model takes it for text, else it is a card. */
function isEmbedded({ scope }: Block): boolean {
  for (let box: Block['scope'] | null = scope; box !== null; box = box.parent)
    if (box.element !== null && isEmbedQuote(box.element)) return true;
  return false;
}

function isUnder(tops: readonly ParentNode[], { leaves }: Block): boolean {
  return tops.some((top) => leaves.some((leaf) => contains(top, leaf as ChildNode)));
}

function keptBoxes({ rules, elements }: PageView): Element[] {
  return (rules?.keep ?? []).flatMap((selector) => selectAll(elements, selector));
}

/** Elements in document order, those inside another left out. */
function inOrder(boxes: readonly Element[], { elements }: PageView): Element[] {
  const wanted = new Set(boxes);
  return elements.filter(
    (element) => wanted.has(element) && !boxes.some((outer) => outer !== element && contains(outer, element)),
  );
}

interface Candidate {
  block: Block;
  likely: number;
  isKept: boolean;
}

/**
 * Repeated blocks go, but for those that look like the text round them and stand in it: agencies end many articles with the
 * same paragraph of background. A run of repeated blocks at either end is a letter or an appeal, however it looks, and takes
 * with it the buttons between, too short to be known. What the publisher's rules keep is no end of such a run.
 */
function withoutFurniture(
  candidates: readonly Candidate[],
  isFurniture: (block: Block) => boolean,
): Candidate[] {
  const repeated = new Set(candidates.filter(({ block, isKept }) => !isKept && isFurniture(block)));
  if (repeated.size === 0) return [...candidates];
  const fresh = candidates.filter((candidate) => !repeated.has(candidate));
  const usual = usualStyle((fresh.length > 0 ? fresh : candidates).map(({ block }) => block));
  const likelyText = candidates.filter(
    (candidate) =>
      !repeated.has(candidate) ||
      (candidate.likely >= NEARLY_SURE && styleOf(candidate.block.scope) === usual),
  );
  const open = likelyText.filter(({ isKept }) => !isKept);
  const isText = (candidate: Candidate): boolean =>
    !repeated.has(candidate) && candidate.block.text.length > BUTTON_CHARS;
  const first = open.findIndex(isText);
  if (first === -1) return likelyText.filter((candidate) => !repeated.has(candidate));
  const isRepeated = (candidate: Candidate): boolean => repeated.has(candidate);
  const head = open.slice(0, first);
  const tail = open.slice(open.findLastIndex(isText) + 1);
  const runs = [
    head.slice(0, head.findLastIndex(isRepeated) + 1),
    tail.slice(Math.max(0, tail.findIndex(isRepeated))),
  ];
  const appeals = new Set(runs.filter((run) => run.filter(isRepeated).length >= APPEAL_BLOCKS).flat());
  return likelyText.filter((candidate) => !appeals.has(candidate));
}

function selectRoots({ elements, rules }: PageView): Element[] | null {
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
