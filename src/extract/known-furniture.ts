import { HINT_NAMES } from './hints.js';
import { Sums } from './measures.js';
import { pointsElsewhere } from './phrases.js';
import { type Block, FLAG, type Scope } from './segment.js';

/*
 * What is known of furniture without learning it. Each rule lowers a block's log-odds by a fixed amount, so that a block the
 * model is nearly sure of survives a misleading class name, and one it is half sure of does not.
 */
const HIDDEN = 4;
const NAMED = 1.6;
const POINTER = 1.5;
const LINKED_POINTER = 3.2;
const REPEATED = 5;
/** From here on a block counts as text. */
const LIKELY = 0.5;

/** A pointer to another text is short. In characters. */
const POINTER_CHARS = 220;
const REPEATED_CHARS = 40;
/** Links so close under a pointer are what it points to. */
const POINTED_BLOCKS = 4;
/** An element that holds more of the likely text than this is the article, whatever it is called. */
const LARGE_SHARE = 0.3;
/** Readers' comments and windows over the page may hold more than the article does. */
const LARGE_FOREIGN_SHARE = 0.7;

const bit = (name: (typeof HINT_NAMES)[number]): number => 1 << HINT_NAMES.indexOf(name);
const FOREIGN_HINTS = bit('comment') | bit('overlay');
const NAMED_HINTS = FOREIGN_HINTS | bit('appeal') | bit('advertisement') | bit('social');

/** The likelihoods again, lower where a block is hidden, stands in a small box named as furniture, points elsewhere or repeats. */
export function withoutKnownFurniture(blocks: readonly Block[], likely: readonly number[]): number[] {
  const mass = new Float64Array(blocks.length);
  let total = 0;
  let hidden = 0;
  for (const [index, { scope, text }] of blocks.entries()) {
    const p = likely[index] ?? 0;
    if (p < LIKELY) continue;
    mass[index] = p * text.length;
    total += p * text.length;
    if ((scope.flags & FLAG.hidden) !== 0) hidden += text.length;
  }
  total = Math.max(1, total);
  const sums = new Sums(mass);
  const seen = new Set<string>();
  let pointerAt = Number.NEGATIVE_INFINITY;
  const lowered: number[] = [];
  for (const [index, block] of blocks.entries()) {
    const p = likely[index] ?? 0;
    let penalty = 0;
    if ((block.scope.flags & FLAG.hidden) !== 0 && hidden < 0.5 * total) penalty += HIDDEN;
    if (standsInNamedBox(block.scope, sums, total)) penalty += NAMED;
    const isShort = block.text.length <= POINTER_CHARS;
    const isLink = block.linkChars > 0.9 * block.text.length;
    const isPointer = isShort && pointsElsewhere(block.text);
    if (isPointer) pointerAt = index;
    else if (isShort && isLink && index - pointerAt <= POINTED_BLOCKS) penalty += LINKED_POINTER;
    if (isPointer) penalty += block.linkChars > 0.4 * block.text.length ? LINKED_POINTER : POINTER;
    if (block.text.length >= REPEATED_CHARS && seen.has(block.text)) penalty += REPEATED;
    const left = penalty === 0 ? p : lower(p, penalty);
    if (left >= LIKELY) seen.add(block.text);
    lowered.push(left);
  }
  return lowered;
}

function standsInNamedBox(scope: Scope, mass: Sums, total: number): boolean {
  for (let box: Scope | null = scope; box !== null; box = box.parent) {
    if ((box.hints & NAMED_HINTS) === 0) continue;
    const limit = (box.hints & FOREIGN_HINTS) !== 0 ? LARGE_FOREIGN_SHARE : LARGE_SHARE;
    if (mass.between(box.first, box.end) < limit * total) return true;
  }
  return false;
}

function lower(p: number, penalty: number): number {
  const odds = (p / Math.max(1e-9, 1 - p)) * Math.exp(-penalty);
  return odds / (1 + odds);
}
