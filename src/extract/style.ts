import type { Measure } from './measures.js';
import { remember } from './remember.js';
import type { Block, Scope } from './segment.js';

/** Blocks that look alike: same element, same class, same parent's class. Class names that count or vary are left out. */
export function styleOf(scope: Scope): string {
  scope.style ??= `${scope.tag}.${steady(scope)}<${scope.parent?.tag ?? ''}.${scope.parent === null ? '' : steady(scope.parent)}`;
  return scope.style;
}

const steady = ({ element }: Scope): string => {
  const names = element?.attribs.class;
  return names === undefined ? '' : steadyNames(names);
};

const steadyNames = remember((names) =>
  PASSING.test(names) ? names.replace(ALL_PASSING, '').replace(/\s+/g, ' ').trim() : names,
);

/** A name with a number in it, or one that says where among its siblings an element stands. */
const PASSING = /(?<!\S)(?:\S*\d\S*|odd|even|first|last)(?!\S)/;
const ALL_PASSING = new RegExp(PASSING, 'g');

export interface StyleTotal {
  /** Characters of prose, of anything, and of links. */
  good: number;
  chars: number;
  links: number;
  count: number;
}

/** What the blocks of each style have in common, by `styleOf`. */
export function styleTotals(
  blocks: readonly Block[],
  measures: readonly Measure[],
): ReadonlyMap<string, StyleTotal> {
  const totals = new Map<string, StyleTotal>();
  for (const [index, { scope, linkChars }] of blocks.entries()) {
    const style = styleOf(scope);
    let total = totals.get(style);
    if (total === undefined) {
      total = { good: 0, chars: 0, links: 0, count: 0 };
      totals.set(style, total);
    }
    const { isGood, chars } = measures[index] as Measure;
    total.good += isGood ? chars : 0;
    total.chars += chars;
    total.links += linkChars;
    total.count++;
  }
  return totals;
}
