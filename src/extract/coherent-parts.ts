import { type Block, FLAG, type Scope } from './segment.js';
import { styleOf } from './style.js';

/** A heading with text on both sides of it belongs there, unless the model is rather sure that it does not. */
const HEADING_LEAST = 0.15;
const TEXT_LIKELY = 0.75;
/** Of headings that look alike and most of which head text, one may be less likely. */
const [LEAST_HEADINGS, HEADING_SHARE, RECURRING_LEAST] = [3, 0.7, 0.05];
/** What a raised block is given: just enough. */
export const RAISED = 0.55;
/** Lists and tables with more text than this in one cell, or in all, are layout. In characters. */
const MAX_MEAN_CHARS = 160;
const MAX_PART_CHARS = 6_000;

/** The likelihoods again, raised where a block is a part of a whole that is in: a heading over text, a cell, a list item. */
export function withCoherentParts(blocks: readonly Block[], likely: readonly number[]): number[] {
  const raised = [...likely];
  for (const index of headingsOfText(blocks, likely)) raised[index] = Math.max(raised[index] ?? 0, RAISED);
  for (const [part, indexes] of partsOf(blocks)) {
    const chars = (index: number): number => blocks[index]?.text.length ?? 0;
    const total = indexes.reduce((sum, index) => sum + chars(index), 0);
    const links = indexes.reduce((sum, index) => sum + (blocks[index]?.linkChars ?? 0), 0);
    const kept = indexes.reduce((sum, index) => sum + ((raised[index] ?? 0) >= 0.5 ? chars(index) : 0), 0);
    const isLayout =
      total > MAX_PART_CHARS || total > MAX_MEAN_CHARS * indexes.length || part.end - part.first > 400;
    if (isLayout || links > 0.4 * total) continue;
    const mayBeOfText =
      part.tag === 'table' || (kept > 0 && indexes.some((index) => isNested(blocks[index]?.scope)));
    if (kept < 0.5 * total && !(mayBeOfText && standsInText(part, blocks, raised))) continue;
    for (const index of indexes) raised[index] = Math.max(raised[index] ?? 0, RAISED);
  }
  return raised;
}

/** Headings that the text round them makes its own: one with text on both sides, and all of a look that most often heads text. */
function headingsOfText(blocks: readonly Block[], likely: readonly number[]): number[] {
  const isText = (index: number): boolean => (likely[index] ?? 0) >= TEXT_LIKELY;
  const styles = new Map<string, { headings: number[]; heading: number }>();
  const found: number[] = [];
  for (const [index, { scope }] of blocks.entries()) {
    if (!isHeading(scope)) continue;
    const headsText = isText(nextUncaptioned(blocks, index));
    if (headsText && isText(index - 1) && (likely[index] ?? 0) >= HEADING_LEAST) found.push(index);
    const style = styles.get(styleOf(scope)) ?? { headings: [], heading: 0 };
    styles.set(styleOf(scope), style);
    style.headings.push(index);
    if (headsText) style.heading++;
  }
  for (const { headings, heading } of styles.values())
    if (heading >= LEAST_HEADINGS && heading >= HEADING_SHARE * headings.length)
      found.push(
        ...headings.filter(
          (index) => (likely[index] ?? 0) >= RECURRING_LEAST && isText(nextUncaptioned(blocks, index)),
        ),
      );
  return found;
}

const isHeading = ({ tag }: Scope): boolean => tag.length === 2 && /^h[2-6]$/.test(tag);

/** The next block that is no picture's caption. */
function nextUncaptioned(blocks: readonly Block[], index: number): number {
  let next = index + 1;
  while (((blocks[next]?.scope.flags ?? 0) & (FLAG.caption | FLAG.figure)) !== 0) next++;
  return next;
}

/** Whether a part's own siblings before and after it are text of the article. */
function standsInText(part: Scope, blocks: readonly Block[], likely: readonly number[]): boolean {
  const isText = (index: number): boolean =>
    (likely[index] ?? 0) >= TEXT_LIKELY && blocks[index]?.scope.parent === part.parent;
  return isText(part.first - 1) && isText(part.end);
}

/** Whether it stands in a list that stands in another. */
function isNested(scope: Scope | undefined): boolean {
  let lists = 0;
  for (let at = scope ?? null; at !== null; at = at.parent) if (/^[uod]l$/.test(at.tag)) lists += 1;
  return lists > 1;
}

/** The blocks of each table and each list, by the outermost such element. */
function partsOf(blocks: readonly Block[]): Map<Scope, number[]> {
  const parts = new Map<Scope, number[]>();
  for (const [index, { scope }] of blocks.entries()) {
    if (!isInPart(scope)) continue;
    let part = scope;
    while (part.parent !== null && isInPart(part.parent)) part = part.parent;
    const indexes = parts.get(part);
    if (indexes === undefined) parts.set(part, [index]);
    else indexes.push(index);
  }
  return parts;
}

/** Of the element itself and of all round it. */
const isInPart = ({ flags }: Scope): boolean => (flags & (FLAG.table | FLAG.list)) !== 0;
