import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
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

const SOURCES: readonly CorpusSource[] = ['aeb', 'fundus', 'wcxb'];

/** Prints how well and how fast articles are extracted, beside Readability in the same run. No arguments. */
export async function run(_args: string[]): Promise<void> {
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
  printSpeed();
}

function printSpeed(): void {
  const program = fileURLToPath(new URL('extract-speed.ts', import.meta.url));
  execFileSync(process.execPath, ['--import', 'tsx', program], { stdio: 'inherit' });
}
