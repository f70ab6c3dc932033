import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpusDir } from '../../tests/support/corpus.js';
import { type FeedReader, readers } from './feed-readers.js';
import { emptyTally, type FeedCase, FIELDS, feedCases, scoreFeed, type Tally } from './feed-score.js';

const COLUMNS = ['files', 'entries', 'failed', 'count', ...FIELDS, 'ms'];

/**
 * `npm run bench feeds [--wrong]`: agreement with the corpus' oracle, ours beside three libraries, by suite and in total.
 * `--wrong` lists each of our disagreements instead.
 */
export async function run(args: string[]): Promise<void> {
  const corpus = corpusDir();
  if (corpus === null) {
    console.log('not run: the corpus is absent (see TAMIZDAT_CORPUS)');
    return;
  }
  const cases = feedCases(corpus);
  if (args.includes('--wrong')) {
    await listWrong(corpus, cases);
    return;
  }
  const suites = [...new Set(cases.map(({ suite }) => suite))];
  const groups = [
    ...suites.filter((suite) => suite !== 'real').map((suite) => ({ name: suite, of: [suite] })),
    { name: 'total', of: suites },
    { name: 'real feeds', of: ['real'] },
  ];
  console.log(
    'Share that agrees, where the oracle has a value; failed: files with entries on which it threw or saw no feed.',
  );
  for (const { name, of } of groups) {
    console.log(`\n${name.padEnd(16)}${COLUMNS.map((column) => column.padStart(9)).join('')}`);
    const chosen = cases.filter(({ suite }) => of.includes(suite));
    for (const reader of readers) console.log(await row(reader, corpus, chosen));
  }
}

async function row(reader: FeedReader, corpus: string, cases: readonly FeedCase[]): Promise<string> {
  const tally = emptyTally();
  const startedAt = performance.now();
  for (const feed of cases) scoreFeed(tally, feed, await readCase(reader, corpus, feed));
  const ms = Math.round(performance.now() - startedAt);
  return `${reader.name.padEnd(16)}${cells(tally, ms)
    .map((cell) => cell.padStart(9))
    .join('')}`;
}

function cells(tally: Tally, ms: number): string[] {
  const percent = (right: number, of: number) => (of === 0 ? '-' : `${((100 * right) / of).toFixed(1)} %`);
  return [
    String(tally.files),
    String(tally.withEntries),
    String(tally.failed),
    percent(tally.countRight, tally.withEntries),
    ...FIELDS.map((field) => percent(tally.fields[field].right, tally.fields[field].of)),
    String(ms),
  ];
}

async function listWrong(corpus: string, cases: readonly FeedCase[]): Promise<void> {
  const [ours] = readers;
  if (ours === undefined) return;
  for (const feed of cases) {
    for (const wrong of scoreFeed(emptyTally(), feed, await readCase(ours, corpus, feed))) {
      console.log(
        `${wrong.field}\t${wrong.path}\t${JSON.stringify(wrong.ours)}\t${JSON.stringify(wrong.oracle)}`,
      );
    }
  }
}

async function readCase(reader: FeedReader, corpus: string, feed: FeedCase) {
  try {
    return await reader.read(readFileSync(join(corpus, 'feeds', feed.path)), feed.headers);
  } catch {
    // A library's way of saying that it could not read this one: counted as failed.
    return null;
  }
}
