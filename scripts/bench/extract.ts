import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type CorpusSource, corpusPages } from '../../tests/extract/corpus-pages.js';
import {
  type Extractor,
  heldOut,
  metadataShares,
  readability,
  readabilityData,
  scorePages,
  shipped,
  summarize,
} from '../../tests/extract/measure-extractor.js';
import { mean, tokenOverlap } from '../../tests/extract/scoring.js';
import { syntheticPages } from '../../tests/extract/synthetic-pages.js';
import { corpusDir } from '../../tests/support/corpus.js';

const SOURCES: readonly CorpusSource[] = ['aeb', 'fundus', 'wcxb'];

/** Prints how well and how fast articles are extracted, beside Readability in the same run. `speed`: only how fast. */
export async function run([only]: string[]): Promise<void> {
  if (only === 'speed') return printSpeed();
  const extractors: readonly (readonly [string, Extractor])[] = [
    ['ours, held out', heldOut],
    ['ours, as shipped', shipped],
    ['Readability', readability],
  ];
  console.log('source  extractor          precision recall  F1      mean F1 below 0.8');
  for (const source of SOURCES) {
    const pages = corpusPages([source]);
    if (pages === null) {
      console.log('not run: the corpus is not here (set TAMIZDAT_CORPUS to its folder)');
      return;
    }
    for (const [name, extractor] of extractors) {
      const scored = scorePages(pages, extractor);
      const { precision, recall, f1, meanF1, below } = summarize(scored);
      console.log(
        source.padEnd(7),
        name.padEnd(18),
        precision.toFixed(4).padEnd(9),
        recall.toFixed(4).padEnd(7),
        f1.toFixed(4).padEnd(7),
        meanF1.toFixed(4).padEnd(7),
        `${(100 * below).toFixed(1)} %`,
      );
      if (extractor !== heldOut || source === 'aeb') continue;
      for (const [whose, shares] of [
        ['ours', metadataShares(scored)],
        ['Readability', metadataShares(scorePages(pages, readabilityData))],
      ] as const)
        console.log(
          `${source.padEnd(7)} ${whose.padEnd(11)} title letter for letter ${shares.title.toFixed(3)}, mean F1 over its words ${shares.titleF1.toFixed(3)} (goal 0.95), four fifths of the words ${shares.titleWords.toFixed(3)}, date ${shares.date.toFixed(3)} (0.95), authors ${shares.authors.toFixed(3)} (0.88), mean F1 over names ${shares.authorF1.toFixed(3)}`,
        );
    }
  }
  const invented = syntheticPages(corpusPages(['synthetic-ru']) ?? []);
  const overlaps = invented.map(({ page, text }) => tokenOverlap(page.body, text).f1);
  console.log(`invented Russian outlet, three pages fed together: token F1 ${mean(overlaps).toFixed(4)}`);
  await printSpeed();
}

/** Speed is that of the bundle, in a process of its own: what ships is measured, and no compiler of tests stands between. */
async function printSpeed(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-bench-'));
  try {
    const program = join(folder, 'extract-speed.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('extract-speed.ts', import.meta.url))],
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      external: ['canvas'],
      // As in scripts/build.mjs.
      banner: {
        js: "import { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);",
      },
    });
    const env = { ...process.env, TAMIZDAT_CORPUS: corpusDir() ?? '' };
    execFileSync(process.execPath, [program], { stdio: 'inherit', env });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
