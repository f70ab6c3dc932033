import { type Measure, styleOf } from './features.js';
import type { Block } from './segment.js';

const NEIGHBOURS = [-3, -2, -1, 1, 2, 3];

/** What the first look says of a block's surroundings: the second look sees the whole text before it judges a part. */
export const CONTEXT_NAMES: readonly string[] = [
  'likely',
  ...NEIGHBOURS.map((offset) => `likely${offset}`),
  'anchor',
  'toAnchor',
  'nearMean',
  'styleMean',
  'parentMean',
  'grandparentMean',
  'isUsualStyle',
  'massBefore',
  'massAfter',
  'toStrongBefore',
  'toStrongAfter',
  'sameParentAsStrong',
  'depthToStrong',
  'keptShare',
];

class Mean {
  #sum = 0;
  #weight = 0;
  add(value: number, weight: number): void {
    this.#sum += value * weight;
    this.#weight += weight;
  }
  get value(): number {
    return this.#weight === 0 ? 0 : this.#sum / this.#weight;
  }
}

/** One row for each block, in the order of `CONTEXT_NAMES`, from the first look's word on all of them. */
export function contextOf(
  blocks: readonly Block[],
  measures: readonly Measure[],
  likely: readonly number[],
): Float32Array[] {
  const charsOf = (index: number): number => measures[index]?.chars ?? 0;
  const mass = likely.map((p, index) => (p >= 0.5 ? p * charsOf(index) : 0));
  const total = Math.max(
    1,
    mass.reduce((sum, value) => sum + value, 0),
  );
  const anchor = anchorOf(likely, mass, total);
  const styles = new Map<string, Mean>();
  const parents = new Map<unknown, Mean>();
  const grandparents = new Map<unknown, Mean>();
  const styleMass = new Map<string, number>();
  const meanIn = <Key>(means: Map<Key, Mean>, key: Key): Mean => {
    const mean = means.get(key) ?? new Mean();
    means.set(key, mean);
    return mean;
  };
  blocks.forEach(({ scope }, index) => {
    const p = likely[index] ?? 0;
    const style = styleOf(scope);
    meanIn(styles, style).add(p, charsOf(index));
    meanIn(parents, scope.parent).add(p, charsOf(index));
    meanIn(grandparents, scope.parent?.parent ?? null).add(p, charsOf(index));
    styleMass.set(style, (styleMass.get(style) ?? 0) + (mass[index] ?? 0));
  });
  const usual = [...styleMass].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0])[0];
  const isStrong = likely.map((p, index) => p >= anchor - 0.12 && charsOf(index) >= 60);
  const before = nearestStrong(isStrong, 1);
  const after = nearestStrong(isStrong, -1);
  const keptChars = likely.reduce((sum, p, index) => sum + (p >= 0.5 ? charsOf(index) : 0), 0);
  const allChars = Math.max(
    1,
    measures.reduce((sum, { chars }) => sum + chars, 0),
  );
  let massBefore = 0;

  return blocks.map(({ scope }, index) => {
    const p = likely[index] ?? 0;
    const near = new Mean();
    for (let other = index - 5; other <= index + 5; other++)
      if (other !== index && likely[other] !== undefined) near.add(likely[other] ?? 0, charsOf(other));
    const places = [before[index] ?? -1, after[index] ?? blocks.length];
    const closest =
      [...places].sort((left, right) => Math.abs(left - index) - Math.abs(right - index))[0] ?? -1;
    const strong = blocks[closest]?.scope;
    const row = Float32Array.from([
      p,
      ...NEIGHBOURS.map((offset) => likely[index + offset] ?? -0.1),
      anchor,
      p - anchor,
      near.value,
      styles.get(styleOf(scope))?.value ?? 0,
      parents.get(scope.parent)?.value ?? 0,
      grandparents.get(scope.parent?.parent ?? null)?.value ?? 0,
      styleOf(scope) === usual ? 1 : 0,
      massBefore / total,
      1 - (massBefore + (mass[index] ?? 0)) / total,
      places[0] === -1 ? 9 : Math.log1p(index - (places[0] ?? 0)),
      places[1] === blocks.length ? 9 : Math.log1p((places[1] ?? 0) - index),
      strong === undefined ? -1 : strong.parent === scope.parent ? 1 : 0,
      strong === undefined ? 0 : scope.depth - strong.depth,
      keptChars / allChars,
    ]);
    massBefore += mass[index] ?? 0;
    return row;
  });
}

/** How sure the first look was of most of the text: by characters, the upper two fifths are at least so likely. */
function anchorOf(likely: readonly number[], mass: readonly number[], total: number): number {
  const order = likely
    .map((p, index) => ({ p, mass: mass[index] ?? 0 }))
    .sort((left, right) => right.p - left.p);
  let sum = 0;
  for (const item of order) {
    sum += item.mass;
    if (sum >= 0.4 * total) return item.p;
  }
  return 0.5;
}

function nearestStrong(isStrong: readonly boolean[], direction: 1 | -1): number[] {
  const total = isStrong.length;
  const places: number[] = new Array(total);
  let last = direction === 1 ? -1 : total;
  for (let step = 0; step < total; step++) {
    const index = direction === 1 ? step : total - 1 - step;
    places[index] = last;
    if (isStrong[index]) last = index;
  }
  return places;
}
