import { HINT_NAMES } from './hints.js';
import { type Measure, measure, runningGap, Sums } from './measures.js';
import { PHRASE_NAMES, phraseBits } from './phrases.js';
import { type Block, FLAG, type Scope, type Segments } from './segment.js';
import { squash } from './title.js';

/** What is known about the article from outside its text. */
export interface Evidence {
  title: string | null;
  description: string | null;
  /** `articleBody` of JSON-LD, or the feed's text; null where neither is long enough to tell. */
  statedBody: string | null;
}

const FLAG_NAMES = Object.keys(FLAG);
const FLAG_BITS = Object.values(FLAG);
const TAGS = ['p', 'h1', 'h2', 'h3', 'li', 'td', 'blockquote', 'div', 'figcaption', 'dd'];
const NEIGHBOURS = [-3, -2, -1, 1, 2, 3];
const LEVELS = [1, 2, 3, 4];

const names: string[] = [
  'logChars',
  'words',
  'linkDensity',
  'boldDensity',
  'sentences',
  'endsSentence',
  'endsColon',
  'commas',
  'digits',
  'upper',
  'startsUpper',
  ...TAGS.map((tag) => `tag-${tag}`),
  ...FLAG_NAMES.map((name) => `in-${name}`),
  ...HINT_NAMES.map((name) => `hint-${name}`),
  ...HINT_NAMES.map((name) => `wide-${name}`),
  ...PHRASE_NAMES.map((name) => `phrase-${name}`),
  'index',
  'fromEnd',
  'goodBefore',
  'goodAfter',
  'pageGood',
  'pageBlocks',
  'isTitle',
  'isDescription',
  'stated',
  'duplicates',
  'sinceTitle',
  'sinceRelated',
  'gapBefore',
  'gapAfter',
  'inMain',
  'mainDepth',
  'toMain',
  'parentShare',
  ...LEVELS.flatMap((level) => [`goodShare${level}`, `linkShare${level}`, `blocks${level}`]),
  'styleShare',
  'styleLinks',
  'styleCount',
  'styleMeanChars',
  ...NEIGHBOURS.flatMap((offset) => [
    `chars${offset}`,
    `links${offset}`,
    `p${offset}`,
    `heading${offset}`,
    `sameParent${offset}`,
  ]),
];

export const FEATURE_NAMES: readonly string[] = names;

const HEADING = /^h\d$/;
const RELATED = (1 << PHRASE_NAMES.indexOf('related')) | (1 << PHRASE_NAMES.indexOf('social'));

/** The row of a block that nobody asked about. */
export const NOTHING = new Float32Array();

/** One row of numbers for each block, in the order of `FEATURE_NAMES`; `NOTHING` for a block that is not needed. */
export function featuresOf(
  { blocks, scopes }: Segments,
  evidence: Evidence,
  isNeeded: (block: Block, measure: Measure) => boolean = () => true,
): { rows: Float32Array[]; measures: Measure[] } {
  const measures = blocks.map(measure);
  const good = new Sums(measures.map(({ isGood, chars }) => (isGood ? chars : 0)));
  const chars = new Sums(measures.map((item) => item.chars));
  const linked = new Sums(blocks.map(({ linkChars }) => linkChars));
  const total = blocks.length;
  const pageGood = Math.max(1, good.between(0, total));
  const share = (scope: Scope): number => good.between(scope.first, scope.end) / pageGood;
  const main = mainScope(scopes, share);
  const title = squash(evidence.title ?? '');
  const description = squash(evidence.description ?? '');
  const stated = evidence.statedBody === null ? '' : squash(evidence.statedBody);
  const titleAt =
    title === ''
      ? -1
      : measures.findIndex(
          (item, index) =>
            item.squashed !== '' &&
            (item.squashed === title || (blocks[index]?.scope.tag === 'h1' && title.includes(item.squashed))),
        );
  const seen = new Map<string, number>();
  let relatedAt = -1;
  const styles = styleTotals(blocks, measures);
  const lastGoodAt = runningGap(measures, 1);
  const nextGoodAt = runningGap(measures, -1);
  const hints = hintReader(share);
  const logChars = measures.map((item) => Math.log1p(item.chars));
  const isParagraph = blocks.map(({ scope }) => (scope.tag === 'p' ? 1 : 0));
  const isHeading = blocks.map(({ scope }) => (HEADING.test(scope.tag) ? 1 : 0));
  const needed = blocks.map((block, index) => isNeeded(block, measures[index] as Measure));
  // One piece of memory for the whole page: thousands of small ones cost more than what is written into them.
  const table = new Float32Array(names.length * needed.filter(Boolean).length);
  let from = 0;

  const rows = blocks.map((block, index) => {
    const item = measures[index] as Measure;
    if (needed[index] !== true) {
      seen.set(item.squashed, (seen.get(item.squashed) ?? 0) + 1);
      return NOTHING;
    }
    const row = table.subarray(from, from + names.length);
    from += names.length;
    const { text, scope } = block;
    let at = 0;
    const put = (value: number): void => {
      row[at++] = value;
    };
    put(logChars[index] ?? 0);
    put(Math.min(200, item.words));
    put(item.linkDensity);
    put(Math.min(1, block.boldChars / Math.max(1, item.chars)));
    put(Math.min(10, text.match(/[.!?…。！？।։።](?=\s|$|["”»')])/g)?.length ?? 0));
    put(/[.!?…。！？।։።]["”»’'“)\]]*$/.test(text) ? 1 : 0);
    put(/[:：]$/.test(text) ? 1 : 0);
    put(Math.min(10, item.counts.commas));
    put(item.counts.digits / item.chars);
    put(item.counts.upper / item.chars);
    put(/^["“„«‘']?\p{Lu}/u.test(text) ? 1 : 0);
    for (const tag of TAGS) put(scope.tag === tag ? 1 : 0);
    for (const bit of FLAG_BITS) put((scope.flags & bit) === 0 ? 0 : 1);
    const { own, near, wide } = hints(scope);
    for (let bit = 0; bit < HINT_NAMES.length; bit++)
      put((own & (1 << bit)) !== 0 ? 2 : (near & (1 << bit)) !== 0 ? 1 : 0);
    for (let bit = 0; bit < HINT_NAMES.length; bit++) put((wide >> bit) & 1);
    const bits = phraseBits(text);
    for (let bit = 0; bit < PHRASE_NAMES.length; bit++) put((bits >> bit) & 1);
    put(index / total);
    put((total - index) / total);
    put(good.between(0, index) / pageGood);
    put(good.between(index + 1, total) / pageGood);
    put(Math.log1p(pageGood));
    put(Math.log1p(total));
    put(item.squashed !== '' && item.squashed === title ? 1 : 0);
    put(
      item.squashed.length > 20 &&
        description !== '' &&
        (description.includes(item.squashed) || item.squashed.includes(description))
        ? 1
        : 0,
    );
    put(stated === '' ? 0 : item.squashed !== '' && stated.includes(item.squashed) ? 1 : -1);
    put(Math.min(5, seen.get(item.squashed) ?? 0));
    seen.set(item.squashed, (seen.get(item.squashed) ?? 0) + 1);
    put(titleAt === -1 ? 0 : Math.sign(index - titleAt) * Math.log1p(Math.abs(index - titleAt)));
    if ((bits & RELATED) !== 0 && item.words < 8) relatedAt = index;
    put(relatedAt === -1 ? 6 : Math.log1p(index - relatedAt));
    put(Math.log1p(index - (lastGoodAt[index] ?? -1)));
    put(Math.log1p((nextGoodAt[index] ?? total) - index));
    put(index >= main.first && index < main.end ? 1 : 0);
    put(scope.depth - main.depth);
    put(index < main.first ? index - main.first : index >= main.end ? index - main.end + 1 : 0);
    put(scope.parent === null ? 1 : share(scope.parent));
    let ancestor: Scope | null = scope.parent;
    for (const _ of LEVELS) {
      const from = ancestor?.first ?? 0;
      const end = ancestor?.end ?? total;
      put(good.between(from, end) / pageGood);
      put(linked.between(from, end) / Math.max(1, chars.between(from, end)));
      put(Math.log1p(end - from));
      ancestor = ancestor?.parent ?? null;
    }
    const style = styles.get(styleOf(scope));
    put((style?.good ?? 0) / pageGood);
    put((style?.links ?? 0) / Math.max(1, style?.chars ?? 1));
    put(Math.log1p(style?.count ?? 0));
    put(Math.log1p((style?.chars ?? 0) / Math.max(1, style?.count ?? 1)));
    for (const offset of NEIGHBOURS) {
      const other = blocks[index + offset];
      put(logChars[index + offset] ?? 0);
      put(measures[index + offset]?.linkDensity ?? 1);
      put(isParagraph[index + offset] ?? 0);
      put(isHeading[index + offset] ?? 0);
      put(other === undefined ? 0 : other.scope.parent === scope.parent ? 1 : other.scope === scope ? 1 : 0);
    }
    return row;
  });
  return { rows, measures };
}

/** The deepest element that still holds most of the page's prose. */
function mainScope(scopes: readonly Scope[], share: (scope: Scope) => number): Scope {
  let best = scopes[0] as Scope;
  for (const scope of scopes) if (scope.parent === best && share(scope) >= 0.6) best = scope;
  return best;
}

/**
 * Hints of an element, of it and its parent, and of wider ones that do not hold half of the page: what a page's body is called
 * says nothing.
 */
function hintReader(share: (scope: Scope) => number) {
  const wider = new Map<Scope, number>();
  const widerOf = (scope: Scope | null): number => {
    const path: Scope[] = [];
    let bits = 0;
    for (let box = scope; box !== null; box = box.parent) {
      const known = wider.get(box);
      if (known !== undefined) {
        bits = known;
        break;
      }
      path.push(box);
    }
    for (let box = path.pop(); box !== undefined; box = path.pop()) {
      bits |= share(box) < 0.5 ? box.hints : box.hints & 0b111;
      wider.set(box, bits);
    }
    return bits;
  };
  return (scope: Scope): { own: number; near: number; wide: number } => {
    const above = scope.parent?.parent ?? null;
    return {
      own: scope.hints,
      near: scope.hints | (scope.parent?.hints ?? 0),
      wide: (above?.hints ?? 0) | widerOf(above),
    };
  };
}

/** Blocks that look alike: same element, same class, same parent's class. Class names that count or vary are left out. */
export function styleOf(scope: Scope): string {
  scope.style ??= `${scope.tag}.${steady(scope)}<${scope.parent?.tag ?? ''}.${scope.parent === null ? '' : steady(scope.parent)}`;
  return scope.style;
}

function steady({ element }: Scope): string {
  const names = element?.attribs.class;
  if (names === undefined || !/\d/.test(names)) return names ?? '';
  return names
    .replace(/\S*\d\S*/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

interface StyleTotal {
  good: number;
  chars: number;
  links: number;
  count: number;
}

function styleTotals(blocks: readonly Block[], measures: readonly Measure[]): Map<string, StyleTotal> {
  const totals = new Map<string, StyleTotal>();
  blocks.forEach((block, index) => {
    const key = styleOf(block.scope);
    const total = totals.get(key) ?? { good: 0, chars: 0, links: 0, count: 0 };
    const item = measures[index];
    total.good += item?.isGood ? item.chars : 0;
    total.chars += item?.chars ?? 0;
    total.links += block.linkChars;
    total.count++;
    totals.set(key, total);
  });
  return totals;
}
