import type { Scope } from './segment.js';

/** Hints of the first three kinds say that text is near, and hold however wide the element. */
const TEXT_HINTS = 0b111;
/** What an element with more of the page's prose is called says nothing of a block in it. */
const WIDE_SHARE = 0.5;

/** The hints of the elements round a block, found once for each. */
export class HintReader {
  readonly #page: { share(scope: Scope): number };
  readonly #wider = new Map<Scope, number>();

  constructor(page: { share(scope: Scope): number }) {
    this.#page = page;
  }

  /** Of an element and its parent. */
  near(scope: Scope): number {
    return scope.hints | (scope.parent?.hints ?? 0);
  }

  /** Of wider ones that do not hold half of the page: what a page's body is called says nothing. */
  wide(scope: Scope): number {
    const above = scope.parent?.parent ?? null;
    return above === null ? 0 : above.hints | this.#of(above);
  }

  #of(scope: Scope): number {
    const path: Scope[] = [];
    let bits = 0;
    for (let box: Scope | null = scope; box !== null; box = box.parent) {
      const known = this.#wider.get(box);
      if (known !== undefined) {
        bits = known;
        break;
      }
      path.push(box);
    }
    for (let box = path.pop(); box !== undefined; box = path.pop()) {
      bits |= this.#page.share(box) < WIDE_SHARE ? box.hints : box.hints & TEXT_HINTS;
      this.#wider.set(box, bits);
    }
    return bits;
  }
}
