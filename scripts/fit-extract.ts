import { writeFileSync } from 'node:fs';
import { CONTEXT_NAMES } from '../src/extract/context-features.js';
import { FEATURE_NAMES } from '../src/extract/features.js';
import { secondRows, type Weights } from '../src/extract/judge-blocks.js';
import { probability, type TreeModel } from '../src/extract/model.js';
import { corpusPages } from '../tests/extract/corpus-pages.js';
import { FOLDS } from '../tests/extract/folds.js';
import { type BoostOptions, boost } from './fit/boost.js';
import { type PageSamples, pageSamples, samplesOf } from './fit/corpus-samples.js';

/*
 * Fits the extractor's weights: `npx tsx scripts/fit-extract.ts` writes `src/extract/weights.ts` from the whole corpus and
 * `tests/extract/fold-weights.json`, five models that each left one fifth of the domains out and judge only that fifth.
 * The same corpus gives the same bytes.
 */
const OPTIONS: BoostOptions = {
  trees: 90,
  depth: 4,
  rate: 0.12,
  rows: 0.7,
  features: 0.3,
  lambda: 2,
  minHessian: 1,
};
const SECOND: BoostOptions = { ...OPTIONS, trees: 50, features: 0.4 };

const firstOf = (pages: readonly PageSamples[]): TreeModel =>
  boost(
    pages.flatMap((page) => samplesOf(page, page.rows)),
    FEATURE_NAMES.length,
    OPTIONS,
  );

/**
 * Both looks from these pages alone. The second learns from what a first look says of pages it has not seen: the domains are
 * halved by fold number and each half is judged by the other.
 */
function fitWeights(pages: readonly PageSamples[]): Weights {
  const folds = [...new Set(pages.map(({ fold }) => fold))].sort();
  const inHalf = (page: PageSamples): boolean => folds.indexOf(page.fold) % 2 === 0;
  const halves = [pages.filter(inHalf), pages.filter((page) => !inHalf(page))];
  const second = halves.flatMap((half, index) => {
    const judge = firstOf(halves[1 - index] ?? []);
    return half.flatMap((page) => {
      const likely = page.rows.map((row) => probability(judge, row));
      return samplesOf(page, secondRows(page.segments, page, likely));
    });
  });
  return {
    first: firstOf(pages),
    second: boost(second, CONTEXT_NAMES.length + FEATURE_NAMES.length, SECOND, 2),
  };
}

/** Six digits of a threshold and four of a leaf decide as the full numbers do, and keep the file small. */
function compact({ first, second }: Weights): string {
  const pack = ({ base, trees }: TreeModel): unknown => [
    Number(base.toPrecision(6)),
    trees.map(({ feature, value }) => [
      Array.from(feature),
      Array.from(value, (number) => Number(number.toPrecision(6))),
    ]),
  ];
  return JSON.stringify([pack(first), pack(second)]);
}

const corpus = corpusPages(['aeb', 'fundus', 'wcxb']);
if (corpus === null) {
  console.error('The corpus is not here: set TAMIZDAT_CORPUS to its folder.');
  process.exit(2);
}
const pages = corpus.map(pageSamples).filter((page) => page !== null);
const folds: string[] = [];
for (let fold = 0; fold < FOLDS; fold++) {
  folds.push(compact(fitWeights(pages.filter((page) => page.fold !== fold))));
  console.log(`fitted without fold ${fold}`);
  writeFileSync(
    new URL('../tests/extract/fold-weights.json', import.meta.url),
    `[\n${folds.join(',\n')}\n]\n`,
  );
}
writeFileSync(
  new URL('../src/extract/weights.ts', import.meta.url),
  `import { readWeights } from './model.js';

/** Fitted by scripts/fit-extract.ts on the corpus of pages, not edited by hand. Features by their place among the names. */
export const WEIGHTS = readWeights(
  // biome-ignore format: data
  '${compact(fitWeights(pages))}',
);
`,
);
