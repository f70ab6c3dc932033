import { HINT_NAMES } from './hints.js';
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
  const mass = [0];
  blocks.forEach(({ text }, index) => {
    const p = likely[index] ?? 0;
    mass.push((mass[index] ?? 0) + (p >= 0.5 ? p * text.length : 0));
  });
  const between = (scope: Scope): number => (mass[scope.end] ?? 0) - (mass[scope.first] ?? 0);
  const total = Math.max(1, mass.at(-1) ?? 1);
  const isNamed = (scope: Scope): boolean => {
    const share = between(scope) / total;
    return (
      (share < LARGE_SHARE && (scope.hints & NAMED_HINTS) !== 0) ||
      (share < LARGE_FOREIGN_SHARE && (scope.hints & FOREIGN_HINTS) !== 0)
    );
  };
  const hidden = blocks.reduce(
    (sum, { scope, text }, index) =>
      sum + ((scope.flags & FLAG.hidden) !== 0 && (likely[index] ?? 0) >= 0.5 ? text.length : 0),
    0,
  );
  const seen = new Set<string>();
  let pointerAt = Number.NEGATIVE_INFINITY;
  return blocks.map((block, index) => {
    const p = likely[index] ?? 0;
    let penalty = 0;
    if ((block.scope.flags & FLAG.hidden) !== 0 && hidden < 0.5 * total) penalty += HIDDEN;
    if (standsInNamedBox(block.scope, isNamed)) penalty += NAMED;
    const isShort = block.text.length <= POINTER_CHARS;
    const isLink = block.linkChars > 0.9 * block.text.length;
    const isPointer = isShort && pointsElsewhere(block.text);
    if (isPointer) pointerAt = index;
    else if (isShort && isLink && index - pointerAt <= POINTED_BLOCKS) penalty += LINKED_POINTER;
    if (isPointer) penalty += block.linkChars > 0.4 * block.text.length ? LINKED_POINTER : POINTER;
    if (block.text.length >= REPEATED_CHARS && seen.has(block.text)) penalty += REPEATED;
    const lowered = penalty === 0 ? p : lower(p, penalty);
    if (lowered >= 0.5) seen.add(block.text);
    return lowered;
  });
}

function standsInNamedBox(scope: Scope, isNamed: (scope: Scope) => boolean): boolean {
  for (let box: Scope | null = scope; box !== null; box = box.parent) if (isNamed(box)) return true;
  return false;
}

function lower(p: number, penalty: number): number {
  const odds = (p / Math.max(1e-9, 1 - p)) * Math.exp(-penalty);
  return odds / (1 + odds);
}
