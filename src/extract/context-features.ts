import type { Measure } from './measures.js';
import type { RowWriter } from './row-writer.js';
import type { Block, Scope } from './segment.js';
import { styleOf } from './style.js';

const NEIGHBOURS = [-3, -2, -1, 1, 2, 3];
/** From here on a block counts as text. */
const LIKELY = 0.5;
/** A block of so many characters, nearly as likely as most of the text, is surely text. */
const STRONG_CHARS = 60;
const NEARLY = 0.12;
const NEAR_BLOCKS = 5;

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

/** What the first look said of a page, as the second look asks for it. A class for the reason given at `PageStatistics`. */
export class PageContext {
  readonly #blocks: readonly Block[];
  readonly #likely: readonly number[];
  readonly #chars: Float64Array;
  /** Likely text in the blocks before each, in characters. */
  readonly #massBefore: Float64Array;
  readonly #total: number;
  readonly #anchor: number;
  readonly #styles = new Map<string, Mean>();
  readonly #parents = new Map<Scope | null, Mean>();
  readonly #grandparents = new Map<Scope | null, Mean>();
  readonly #usualStyle: string;
  readonly #strongBefore: readonly number[];
  readonly #strongAfter: readonly number[];
  readonly #keptShare: number;

  constructor(blocks: readonly Block[], measures: readonly Measure[], likely: readonly number[]) {
    const count = blocks.length;
    this.#blocks = blocks;
    this.#likely = likely;
    this.#chars = new Float64Array(count);
    this.#massBefore = new Float64Array(count + 1);
    const mass = new Float64Array(count);
    const styleMass = new Map<string, number>();
    let keptChars = 0;
    let allChars = 0;
    for (let index = 0; index < count; index++) {
      const { scope } = blocks[index] as Block;
      const p = likely[index] ?? 0;
      const chars = measures[index]?.chars ?? 0;
      this.#chars[index] = chars;
      allChars += chars;
      if (p >= LIKELY) {
        keptChars += chars;
        mass[index] = p * chars;
      }
      this.#massBefore[index + 1] = (this.#massBefore[index] ?? 0) + (mass[index] ?? 0);
      const style = styleOf(scope);
      meanIn(this.#styles, style).add(p, chars);
      meanIn(this.#parents, scope.parent).add(p, chars);
      meanIn(this.#grandparents, scope.parent?.parent ?? null).add(p, chars);
      styleMass.set(style, (styleMass.get(style) ?? 0) + (mass[index] ?? 0));
    }
    this.#total = Math.max(1, this.#massBefore[count] ?? 0);
    this.#keptShare = keptChars / Math.max(1, allChars);
    this.#anchor = anchorOf(likely, mass, this.#total);
    this.#usualStyle = heaviest(styleMass);
    const isStrong: boolean[] = [];
    for (let index = 0; index < count; index++)
      isStrong.push(
        (likely[index] ?? 0) >= this.#anchor - NEARLY && (this.#chars[index] ?? 0) >= STRONG_CHARS,
      );
    this.#strongBefore = nearestStrong(isStrong, 1);
    this.#strongAfter = nearestStrong(isStrong, -1);
  }

  /** Writes a block's row, in the order of `CONTEXT_NAMES`. Whoever needs few rows pays for few. */
  write(index: number, row: RowWriter): void {
    const scope = this.#blocks[index]?.scope as Scope;
    const total = this.#total;
    const likely = this.#likely;
    const p = likely[index] ?? 0;
    const strongBefore = this.#strongBefore[index] ?? -1;
    const strongAfter = this.#strongAfter[index] ?? this.#blocks.length;
    const closest =
      Math.abs(strongAfter - index) < Math.abs(strongBefore - index) ? strongAfter : strongBefore;
    const strong = this.#blocks[closest]?.scope;
    const style = styleOf(scope);
    row.put(p);
    for (const offset of NEIGHBOURS) row.put(likely[index + offset] ?? -0.1);
    row.put(this.#anchor);
    row.put(p - this.#anchor);
    row.put(this.#meanNear(index));
    row.put(this.#styles.get(style)?.value ?? 0);
    row.put(this.#parents.get(scope.parent)?.value ?? 0);
    row.put(this.#grandparents.get(scope.parent?.parent ?? null)?.value ?? 0);
    row.putFlag(style === this.#usualStyle);
    row.put((this.#massBefore[index] ?? 0) / total);
    row.put(1 - (this.#massBefore[index + 1] ?? 0) / total);
    row.put(strongBefore === -1 ? 9 : Math.log1p(index - strongBefore));
    row.put(strongAfter === this.#blocks.length ? 9 : Math.log1p(strongAfter - index));
    row.put(strong === undefined ? -1 : strong.parent === scope.parent ? 1 : 0);
    row.put(strong === undefined ? 0 : scope.depth - strong.depth);
    row.put(this.#keptShare);
  }

  #meanNear(index: number): number {
    const near = new Mean();
    for (let other = index - NEAR_BLOCKS; other <= index + NEAR_BLOCKS; other++) {
      const p = other === index ? undefined : this.#likely[other];
      if (p !== undefined) near.add(p, this.#chars[other] ?? 0);
    }
    return near.value;
  }
}

function meanIn<Key>(means: Map<Key, Mean>, key: Key): Mean {
  let mean = means.get(key);
  if (mean === undefined) {
    mean = new Mean();
    means.set(key, mean);
  }
  return mean;
}

function heaviest(masses: ReadonlyMap<string, number>): string {
  let best = '';
  let most = 0;
  for (const [name, mass] of masses)
    if (mass > most) {
      best = name;
      most = mass;
    }
  return best;
}

/** How sure the first look was of most of the text: by characters, the upper two fifths are at least so likely. */
function anchorOf(likely: readonly number[], mass: Float64Array, total: number): number {
  const order: { p: number; mass: number }[] = [];
  for (const [index, p] of likely.entries()) if (p >= LIKELY) order.push({ p, mass: mass[index] ?? 0 });
  order.sort(likeliestFirst);
  let sum = 0;
  for (const item of order) {
    sum += item.mass;
    if (sum >= 0.4 * total) return item.p;
  }
  return LIKELY;
}

const likeliestFirst = (left: { p: number }, right: { p: number }): number => right.p - left.p;

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
