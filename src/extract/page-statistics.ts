import { HintReader } from './hint-reader.js';
import { type Measure, runningGap, Sums } from './measures.js';
import { PHRASE_NAMES, phraseBits } from './phrases.js';
import type { Block, Scope, Segments } from './segment.js';
import { squash } from './squash.js';
import { type StyleTotal, styleTotals } from './style.js';

/** What is known about the article from outside its text. */
export interface Evidence {
  title: string | null;
  heading: string | null;
  description: string | null;
  /** `articleBody` of JSON-LD, or the feed's text; null where neither is long enough to tell. */
  statedBody: string | null;
}

/** An element with so much of the page's prose holds the article. */
const MAIN_SHARE = 0.6;
/** A pointer to other texts is short. In words. */
const POINTER_WORDS = 8;

const bit = (name: (typeof PHRASE_NAMES)[number]): number => 1 << PHRASE_NAMES.indexOf(name);
const POINTS_ELSEWHERE = bit('related') | bit('social');

/**
 * What a block is looked at against: all others of its page. A class, and loops where a callback would be shorter, since the
 * engine forgets the machine code of a function that is made anew for each page, and compiling it again cost a quarter of the time.
 */
export class PageStatistics {
  readonly blocks: readonly Block[];
  readonly measures: readonly Measure[];
  /** Characters of prose, of anything and of links, over any run of blocks. */
  readonly good: Sums;
  readonly chars: Sums;
  readonly linked: Sums;
  readonly pageGood: number;
  /** The deepest element that still holds most of the page's prose. */
  readonly main: Scope;
  readonly title: string;
  readonly description: string;
  readonly stated: string;
  /** Where the headline stands, or -1. */
  readonly titleAt: number;
  readonly styles: ReadonlyMap<string, StyleTotal>;
  readonly hints: HintReader;
  readonly lastGoodAt: readonly number[];
  readonly nextGoodAt: readonly number[];
  readonly logChars: Float64Array;
  readonly phrases: Int32Array;
  /** How many earlier blocks had the same letters. */
  readonly repeats: Int32Array;
  /** The nearest pointer to other texts, at the block or before it, or -1. */
  readonly relatedAt: Int32Array;

  constructor(
    { blocks, scopes }: Segments,
    evidence: Evidence,
    measures: readonly Measure[],
    needed: readonly boolean[],
  ) {
    this.blocks = blocks;
    this.measures = measures;
    const total = blocks.length;
    const good = new Float64Array(total);
    const chars = new Float64Array(total);
    const links = new Float64Array(total);
    this.logChars = new Float64Array(total);
    this.phrases = new Int32Array(total);
    this.repeats = new Int32Array(total);
    this.relatedAt = new Int32Array(total);
    const seen = new Map<string, number>();
    let relatedAt = -1;
    for (let index = 0; index < total; index++) {
      const { linkChars, text } = blocks[index] as Block;
      const item = measures[index] as Measure;
      good[index] = item.isGood ? item.chars : 0;
      chars[index] = item.chars;
      links[index] = linkChars;
      this.logChars[index] = Math.log1p(item.chars);
      const repeats = seen.get(item.squashed) ?? 0;
      this.repeats[index] = repeats;
      seen.set(item.squashed, repeats + 1);
      if (needed[index] === true) {
        const phrases = phraseBits(text);
        this.phrases[index] = phrases;
        if ((phrases & POINTS_ELSEWHERE) !== 0 && item.words < POINTER_WORDS) relatedAt = index;
      }
      this.relatedAt[index] = relatedAt;
    }
    this.good = new Sums(good);
    this.chars = new Sums(chars);
    this.linked = new Sums(links);
    this.pageGood = Math.max(1, this.good.between(0, total));
    this.main = this.#mainScope(scopes);
    this.hints = new HintReader(this);
    this.title = squash(evidence.title ?? '');
    this.description = squash(evidence.description ?? '');
    this.stated = squash(evidence.statedBody ?? '');
    this.titleAt = this.#findTitle(squash(evidence.heading ?? ''));
    this.styles = styleTotals(blocks, measures);
    this.lastGoodAt = runningGap(measures, 1);
    this.nextGoodAt = runningGap(measures, -1);
  }

  /** The part of the page's prose that stands in an element. */
  share(scope: Scope): number {
    return this.good.between(scope.first, scope.end) / this.pageGood;
  }

  #mainScope(scopes: readonly Scope[]): Scope {
    let best = scopes[0] as Scope;
    for (const scope of scopes) if (scope.parent === best && this.share(scope) >= MAIN_SHARE) best = scope;
    return best;
  }

  #findTitle(heading: string): number {
    const { title, blocks, measures } = this;
    if (title === '') return -1;
    for (let index = 0; index < blocks.length; index++) {
      const { squashed } = measures[index] as Measure;
      if (squashed === '') continue;
      if (
        squashed === title ||
        squashed === heading ||
        (blocks[index]?.scope.tag === 'h1' && title.includes(squashed))
      )
        return index;
    }
    return -1;
  }
}
