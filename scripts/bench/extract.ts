import { extractPage } from '../../src/extract/extract-page.js';
import { type CorpusPage, type CorpusSource, corpusPages } from '../../tests/extract/corpus-pages.js';
import {
  type Extractor,
  heldOut,
  metadataShares,
  readability,
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
      const shares = metadataShares(scored);
      console.log(
        `${source.padEnd(7)} title exact ${shares.title.toFixed(3)}, same words ${shares.titleWords.toFixed(3)}, date ${shares.date.toFixed(3)}, authors ${shares.authors.toFixed(3)}, all names F1 ${shares.authorF1.toFixed(3)}`,
      );
    }
  }
  const invented = syntheticPages(corpusPages(['synthetic-ru']) ?? []);
  const overlaps = invented.map(({ page, text }) => tokenOverlap(page.body, text).f1);
  console.log(`invented Russian outlet, three pages fed together: token F1 ${mean(overlaps).toFixed(4)}`);
  printSpeed(corpusPages(['aeb', 'fundus']) ?? []);
}

function printSpeed(pages: readonly CorpusPage[]): void {
  const idleBytes = process.memoryUsage().rss;
  const before = process.cpuUsage();
  for (const page of pages) extractPage(page.html, { url: page.url });
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  console.log(
    `${(pages.length / seconds).toFixed(0)} pages per CPU-second over ${pages.length} pages of AEB and fundus`,
  );
  console.log(
    `${((process.memoryUsage().rss - idleBytes) / 1e6).toFixed(0)} MB more resident memory at the end than before`,
  );
}
