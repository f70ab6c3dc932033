import { styleOf } from './features.js';
import type { Measure } from './measures.js';
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

/**
 * Writes a block's row, in the order of `CONTEXT_NAMES`, from the first look's word on all blocks. Whoever needs
 * few rows pays for few.
 */
export function contextWriter(
  blocks: readonly Block[],
  measures: readonly Measure[],
  likely: readonly number[],
): (index: number, row: Float32Array) => void {
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
  const massBefore = new Float64Array(blocks.length + 1);
  mass.forEach((value, index) => {
    massBefore[index + 1] = (massBefore[index] ?? 0) + value;
  });

  return (index, row) => {
    const scope = blocks[index]?.scope as Block['scope'];
    const p = likely[index] ?? 0;
    const near = new Mean();
    for (let other = index - 5; other <= index + 5; other++)
      if (other !== index && likely[other] !== undefined) near.add(likely[other] ?? 0, charsOf(other));
    const strongBefore = before[index] ?? -1;
    const strongAfter = after[index] ?? blocks.length;
    const closest =
      Math.abs(strongAfter - index) < Math.abs(strongBefore - index) ? strongAfter : strongBefore;
    const strong = blocks[closest]?.scope;
    const style = styleOf(scope);
    let at = 0;
    const put = (value: number): void => {
      row[at++] = value;
    };
    put(p);
    for (const offset of NEIGHBOURS) put(likely[index + offset] ?? -0.1);
    put(anchor);
    put(p - anchor);
    put(near.value);
    put(styles.get(style)?.value ?? 0);
    put(parents.get(scope.parent)?.value ?? 0);
    put(grandparents.get(scope.parent?.parent ?? null)?.value ?? 0);
    put(style === usual ? 1 : 0);
    put((massBefore[index] ?? 0) / total);
    put(1 - (massBefore[index + 1] ?? 0) / total);
    put(strongBefore === -1 ? 9 : Math.log1p(index - strongBefore));
    put(strongAfter === blocks.length ? 9 : Math.log1p(strongAfter - index));
    put(strong === undefined ? -1 : strong.parent === scope.parent ? 1 : 0);
    put(strong === undefined ? 0 : scope.depth - strong.depth);
    put(keptChars / allChars);
  };
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
