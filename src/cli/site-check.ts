import type { Command } from 'commander';
import { TamizdatError } from '../domain/errors.js';
import { countedText } from '../keeper/units.js';
import type { BrokenPointer, TreeReport } from './check-tree.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { printable } from './printable.js';
import { createProgress } from './progress.js';
import { nodeSettings } from './settings.js';
import { renderTable } from './table.js';

const LARGEST = 20;
/** Broken links and heavy documents that are listed; the counts are of all. `--json` has every one. */
const LISTED = 50;

const bytes = (count: number): string => count.toLocaleString('en');

async function check(options: { json?: true; strict?: true }, self: Command, deps: CliDeps) {
  // Loaded when used, so that a server starts without it.
  const { checkTree } = await import('./check-tree.js');
  const { openTree } = await import('../node.js');
  const config = nodeSettings(self, deps);
  const { store } = openTree(config, true);
  const limit = config.line.bodyBytes;
  let report: TreeReport;
  try {
    const bar = createProgress(deps.stderr, 'checking', store.pages.allPaths().length);
    const watched = deps.stderr.isTTY ? bar : null;
    report = checkTree(store, limit, (done) => watched?.update(done));
    watched?.finish();
  } finally {
    store.close();
  }
  deps.stdout.write(options.json ? asJson(report, limit) : asText(report, limit, deps));
  const { over, broken } = report;
  if (broken.length > 0) {
    const hint = 'Some documents are still to be rendered: run `tamizdat sync --once` first.';
    throw new TamizdatError(
      'site-broken',
      `${countedText(broken.length, 'link or request', 'links or requests')} of the tree ${broken.length === 1 ? 'is' : 'are'} wrong`,
      report.pending > 0 ? { hint } : {},
    );
  }
  if (options.strict && over.length > 0)
    throw new TamizdatError(
      'site-over',
      `${countedText(over.length, 'document is', 'documents are')} over ${bytes(limit)} B`,
    );
}

function asJson({ sizes, documents, pending, over, broken }: TreeReport, bodyBytes: number): string {
  const ok = over.length + broken.length === 0;
  return `${JSON.stringify({ ok, documents, bodyBytes, pending, largest: sizes.slice(0, LARGEST), over, broken })}\n`;
}

function asText(
  { sizes, documents, brBytes, pending, over, broken }: TreeReport,
  limit: number,
  deps: CliDeps,
) {
  const isOver = new Set(over.map(({ path }) => path));
  const rows = sizes
    .slice(0, LARGEST)
    .map(({ path, gzipBytes, brBytes }) => [
      bytes(gzipBytes),
      bytes(brBytes),
      isOver.has(path) ? 'over' : path.includes('/full/') ? 'free' : '',
      path,
    ]);
  return [
    `${countedText(documents, 'document')}, ${bytes(brBytes)} B in brotli. The largest:\n\n`,
    renderTable(['GZIP', 'BROTLI', 'LINE', 'PATH'], rows, deps.stdout, deps.env),
    `\nOver ${bytes(limit)} B: ${bytes(over.length)}. Wrong links and requests: ${bytes(broken.length)}.\n`,
    ...over.slice(0, LISTED).map(({ path, gzipBytes }) => `  ${path}: ${bytes(gzipBytes)} B in gzip\n`),
    ...broken.slice(0, LISTED).map(brokenLine),
    pending === 0
      ? ''
      : `${bytes(pending)} groups of documents are out of date and will be rendered by the next pass.\n`,
  ].join('');
}

const brokenLine = ({ path, link, why }: BrokenPointer): string =>
  `  ${path}: ${printable(link).slice(0, 200)} ${why}\n`;

/** `site check`: every document of the tree measured, every link in it followed. Reads only. */
export function register(parent: Command, deps: CliDeps): void {
  const command = parent
    .command('check')
    .description('Measure every page and feed, and follow their links. Changes nothing.')
    .option('--strict', 'exit code 1 where a document is over the line')
    .option('--json', 'print JSON')
    .action((options: { json?: true; strict?: true }, self: Command) => check(options, self, deps));
  addExamples(command, [
    ['site check', 'the largest documents, those over the line, dead links'],
    ['site check --strict', 'for a script: exit code 1 where one is over the line'],
    ['site check --json', 'all of it'],
  ]);
}
