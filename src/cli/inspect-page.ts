import type { Command } from 'commander';
import { choosePublishers } from '../config/load-publishers.js';
import { keepHeapLean } from '../extract/lean-heap.js';
import { readBatch } from './batch.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { createInputReader, readAll, requireSource, requireUrl } from './inspect-input.js';
import { publishersOf, settingsOf } from './settings.js';

interface PageOptions {
  url?: string;
  publisher?: string;
  contentType?: string;
  json?: true;
  batch?: true;
}

async function inspect(source: string | undefined, options: PageOptions, self: Command, deps: CliDeps) {
  // Loaded when used, so that a server starts without the extractor.
  const { pageJson, pageText } = await import('./page-report.js');
  const { config } = settingsOf(self, deps);
  const publishers = publishersOf(config);
  const reader = createInputReader(config, deps);
  try {
    if (options.batch) {
      const { answerPages } = await import('./page-batch.js');
      keepHeapLean();
      const lines = readBatch((await readAll(deps.stdin)).toString('utf8'));
      for (const answer of await answerPages(lines, publishers, reader)) deps.stdout.write(answer);
      return;
    }
    const [publisher] = options.publisher ? choosePublishers(publishers, [options.publisher]) : [];
    const found = await reader.read(requireSource(source), 'page');
    const input = { ...found, contentType: options.contentType ?? found.contentType };
    const context = { url: requireUrl(options.url ?? found.url), publisher };
    deps.stdout.write(options.json ? pageJson(input, context) : pageText(input, context));
  } finally {
    await reader.close();
  }
}

/** `inspect page`: the article this program finds on a page. */
export function register(parent: Command, deps: CliDeps): void {
  const command = parent
    .command('page')
    .description('Show the article this program finds on a page.')
    .argument('[source]', 'a file, an http(s) URL, or - for standard input')
    .option('--url <url>', 'address of the page, where the source is not its URL')
    .option('--publisher <id>', 'read it with the selectors of this publisher')
    .option('--content-type <type>', 'Content-Type it came with')
    .option('--json', 'print JSON')
    .option('--batch', 'read JSON lines {"path","url","publisher","headers"} and answer a JSON line each')
    .action((source: string | undefined, options: PageOptions, self: Command) =>
      inspect(source, options, self, deps),
    );
  addExamples(command, [
    ['inspect page https://news.example/2026/oil-a12', 'fetched as a sync would'],
    ['inspect page saved.html --url https://news.example/2026/oil-a12', 'a saved page'],
    ['inspect page - --url https://news.example/x --json < saved.html', 'as JSON, for a script'],
    ['inspect page --batch < list.jsonl', 'many, those of one publisher read together'],
  ]);
}
