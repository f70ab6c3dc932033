import { HINT_NAMES } from './hints.js';
import { type Measure, measure } from './measures.js';
import { type Evidence, PageStatistics } from './page-statistics.js';
import { PHRASE_NAMES } from './phrases.js';
import { RowWriter } from './row-writer.js';
import { type Block, FLAG, type Scope, type Segments } from './segment.js';
import { styleOf } from './style.js';

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

/** The row of a block that nobody asked about. */
export const NOTHING = new Float32Array();

/** One row of numbers for each block, in the order of `FEATURE_NAMES`; `NOTHING` for a block that is not needed. */
export function featuresOf(
  segments: Segments,
  evidence: Evidence,
  isNeeded: (block: Block, measure: Measure) => boolean = () => true,
): { rows: Float32Array[]; measures: Measure[] } {
  const { blocks } = segments;
  const measures = blocks.map(measure);
  const needed = measures.map((item, index) => isNeeded(blocks[index] as Block, item));
  const page = new PageStatistics(segments, evidence, measures, needed);
  // One piece of memory for the whole page: thousands of small ones cost more than what is written into them.
  const table = new Float32Array(names.length * needed.filter(Boolean).length);
  const rows: Float32Array[] = [];
  let from = 0;
  for (let index = 0; index < blocks.length; index++) {
    if (needed[index] !== true) {
      rows.push(NOTHING);
      continue;
    }
    const row = table.subarray(from, from + names.length);
    from += names.length;
    writeRow(page, index, new RowWriter(row));
    rows.push(row);
  }
  return { rows, measures };
}

function writeRow(page: PageStatistics, index: number, row: RowWriter): void {
  const block = page.blocks[index] as Block;
  const item = page.measures[index] as Measure;
  writeText(page, block, item, index, row);
  writeElement(page, block.scope, row);
  writePhrases(page.phrases[index] ?? 0, row);
  writePlace(page, block, item, index, row);
  writeAncestors(page, block.scope, row);
  writeStyle(page, block.scope, row);
  writeNeighbours(page, block.scope, index, row);
}

const SENTENCE_END = /[.!?…。！？།։።](?=\s|$|["”»')])/g;
const ENDS_SENTENCE = /[.!?…。！？།։።]["”»’'“)\]]*$/;
const ENDS_COLON = /[:：]$/;
const STARTS_UPPER = /^["“„«‘']?\p{Lu}/u;

function writeText(
  page: PageStatistics,
  { text, boldChars }: Block,
  item: Measure,
  index: number,
  row: RowWriter,
): void {
  row.put(page.logChars[index] ?? 0);
  row.put(Math.min(200, item.words));
  row.put(item.linkDensity);
  row.put(Math.min(1, boldChars / Math.max(1, item.chars)));
  row.put(Math.min(10, text.match(SENTENCE_END)?.length ?? 0));
  row.putFlag(ENDS_SENTENCE.test(text));
  row.putFlag(ENDS_COLON.test(text));
  row.put(Math.min(10, item.counts.commas));
  row.put(item.counts.digits / item.chars);
  row.put(item.counts.upper / item.chars);
  row.putFlag(STARTS_UPPER.test(text));
}

function writeElement({ hints }: PageStatistics, scope: Scope, row: RowWriter): void {
  for (const tag of TAGS) row.putFlag(scope.tag === tag);
  for (const bit of FLAG_BITS) row.putFlag((scope.flags & bit) !== 0);
  const own = scope.hints;
  const near = hints.near(scope);
  const wide = hints.wide(scope);
  for (let bit = 0; bit < HINT_NAMES.length; bit++)
    row.put((own & (1 << bit)) !== 0 ? 2 : (near & (1 << bit)) !== 0 ? 1 : 0);
  for (let bit = 0; bit < HINT_NAMES.length; bit++) row.put((wide >> bit) & 1);
}

function writePhrases(phrases: number, row: RowWriter): void {
  for (let bit = 0; bit < PHRASE_NAMES.length; bit++) row.put((phrases >> bit) & 1);
}

/** Where no pointer to other texts stands before a block. */
const NO_POINTER = 6;

function writePlace(
  page: PageStatistics,
  { scope }: Block,
  { squashed }: Measure,
  index: number,
  row: RowWriter,
): void {
  const { blocks, good, pageGood, main, title, description, stated, titleAt } = page;
  const total = blocks.length;
  row.put(index / total);
  row.put((total - index) / total);
  row.put(good.between(0, index) / pageGood);
  row.put(good.between(index + 1, total) / pageGood);
  row.put(Math.log1p(pageGood));
  row.put(Math.log1p(total));
  row.putFlag(squashed !== '' && squashed === title);
  row.putFlag(
    squashed.length > 20 &&
      description !== '' &&
      (description.includes(squashed) || squashed.includes(description)),
  );
  row.put(stated === '' ? 0 : squashed !== '' && stated.includes(squashed) ? 1 : -1);
  row.put(Math.min(5, page.repeats[index] ?? 0));
  row.put(titleAt === -1 ? 0 : Math.sign(index - titleAt) * Math.log1p(Math.abs(index - titleAt)));
  const relatedAt = page.relatedAt[index] ?? -1;
  row.put(relatedAt === -1 ? NO_POINTER : Math.log1p(index - relatedAt));
  row.put(Math.log1p(index - (page.lastGoodAt[index] ?? -1)));
  row.put(Math.log1p((page.nextGoodAt[index] ?? total) - index));
  row.putFlag(index >= main.first && index < main.end);
  row.put(scope.depth - main.depth);
  row.put(index < main.first ? index - main.first : index >= main.end ? index - main.end + 1 : 0);
}

function writeAncestors(page: PageStatistics, scope: Scope, row: RowWriter): void {
  row.put(scope.parent === null ? 1 : page.share(scope.parent));
  let ancestor = scope.parent;
  for (const _ of LEVELS) {
    const from = ancestor?.first ?? 0;
    const end = ancestor?.end ?? page.blocks.length;
    row.put(page.good.between(from, end) / page.pageGood);
    row.put(page.linked.between(from, end) / Math.max(1, page.chars.between(from, end)));
    row.put(Math.log1p(end - from));
    ancestor = ancestor?.parent ?? null;
  }
}

function writeStyle(page: PageStatistics, scope: Scope, row: RowWriter): void {
  const style = page.styles.get(styleOf(scope));
  row.put((style?.good ?? 0) / page.pageGood);
  row.put((style?.links ?? 0) / Math.max(1, style?.chars ?? 1));
  row.put(Math.log1p(style?.count ?? 0));
  row.put(Math.log1p((style?.chars ?? 0) / Math.max(1, style?.count ?? 1)));
}

const HEADING = /^h\d$/;

function writeNeighbours(page: PageStatistics, scope: Scope, index: number, row: RowWriter): void {
  for (const offset of NEIGHBOURS) {
    const other = page.blocks[index + offset]?.scope;
    row.put(page.logChars[index + offset] ?? 0);
    row.put(page.measures[index + offset]?.linkDensity ?? 1);
    row.putFlag(other?.tag === 'p');
    row.putFlag(other !== undefined && HEADING.test(other.tag));
    row.putFlag(other !== undefined && (other.parent === scope.parent || other === scope));
  }
}
