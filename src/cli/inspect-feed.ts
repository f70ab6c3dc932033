import type { Command } from 'commander';
import { readBatch } from './batch.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { createInputReader, readAll, requireSource } from './inspect-input.js';
import { settingsOf } from './settings.js';

interface FeedOptions {
  contentType?: string;
  base?: string;
  json?: true;
  batch?: true;
}

async function inspect(source: string | undefined, options: FeedOptions, self: Command, deps: CliDeps) {
  // Loaded when used, so that a server starts without the parsers.
  const { feedAnswer, feedJson, feedText } = await import('./feed-report.js');
  const reader = createInputReader(settingsOf(self, deps).config, deps);
  try {
    if (options.batch) {
      for (const line of readBatch((await readAll(deps.stdin)).toString('utf8'))) {
        deps.stdout.write(await feedAnswer(line, reader));
      }
      return;
    }
    const found = await reader.read(requireSource(source), 'feed');
    const input = {
      bytes: found.bytes,
      contentType: options.contentType ?? found.contentType,
      url: options.base ?? found.url,
    };
    deps.stdout.write(options.json ? feedJson(input) : feedText(input, deps));
  } finally {
    await reader.close();
  }
}

/** `inspect feed`: what this program reads in a feed. */
export function register(parent: Command, deps: CliDeps): void {
  const command = parent
    .command('feed')
    .description('Show what this program reads in a feed.')
    .argument('[source]', 'a file, an http(s) URL, or - for standard input')
    .option('--content-type <type>', 'Content-Type it came with')
    .option('--base <url>', 'where it came from, for relative links')
    .option('--json', 'print JSON')
    .option('--batch', 'read JSON lines {"path","url","publisher","headers"} and answer a JSON line each')
    .action((source: string | undefined, options: FeedOptions, self: Command) =>
      inspect(source, options, self, deps),
    );
  addExamples(command, [
    ['inspect feed https://www.themoscowtimes.com/rss/all', 'fetched as a sync would'],
    ['inspect feed --base https://news.example/ saved.xml', 'a saved file, its links made absolute'],
    ['inspect feed --json - < saved.xml', 'as JSON, for a script'],
    ['inspect feed --batch < list.jsonl', 'many, a JSON line each, in order'],
  ]);
}
