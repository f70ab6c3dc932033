import { type Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../domain/clock.js';
import type { CliDeps } from './cli-deps.js';
import { abortedByUser, withNewEngine } from './engine-task.js';
import { addExamples } from './examples.js';
import { mirrorOf, requireMirrored } from './mirror-of.js';
import { createProgress } from './progress.js';
import { settingsOf } from './settings.js';

function day(text: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new InvalidArgumentError('not a day such as 2026-01-31.');
  if (at > systemClock.now()) throw new InvalidArgumentError('that day is still to come.');
  return at;
}

/** `backfill`: what a publisher published before this node listened. Exit code 1 where the walk stopped before its end. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('backfill')
    .description('Fetch older articles from a publisher’s archive, slowly; run it again to resume.')
    .requiredOption('--publisher <id>', 'whose archive')
    .requiredOption('--since <day>', 'how far back: a day such as 2026-01-31, UTC', day)
    .option('--json', 'print JSON')
    .action(async (options: { publisher: string; since: number; json?: true }, self: Command) => {
      const mirror = await mirrorOf(settingsOf(self, deps).config);
      requireMirrored(options.publisher, mirror.publishers);
      const bar = createProgress(deps.stderr, `${options.publisher} backfill`, 100);
      await withNewEngine(mirror, deps, async ({ sync }) => {
        const summary = await sync
          .backfill({
            publisherId: options.publisher,
            sinceAt: options.since,
            signal: abortedByUser(),
            onProgress: ({ share, held }) => bar.update(Math.round(share * 100), estimate(share, held)),
          })
          .finally(bar.finish);
        if (options.json) deps.stdout.write(`${JSON.stringify(summary)}\n`);
        else {
          const { fresh, unchanged, failed, stopped } = summary;
          deps.stdout.write(`${fresh} new, ${unchanged} known, ${failed} failed\n`);
          if (stopped !== null) deps.stdout.write(`Stopped: ${stopped}\nRun it again to go on from there.\n`);
        }
        if (summary.stopped !== null) process.exitCode = 1;
      });
    });
  addExamples(command, [['backfill --publisher example-news --since 2026-01-01', 'this year’s articles']]);
}

/** How much there will be, were it as dense as what was walked so far. */
const estimate = (share: number, held: number): string =>
  share < 0.02 ? `% ${held} articles` : `% ${held} of about ${Math.round(held / share)} articles`;
