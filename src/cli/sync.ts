import type { Command } from 'commander';
import { systemClock } from '../domain/clock.js';
import type { FollowSummary } from '../domain/follow-summary.js';
import { makeFolder } from '../files/make-folder.js';
import { createLog } from '../observe/log.js';
import type { PublisherSummary, SyncProgress } from '../sync/progress.js';
import type { CliDeps } from './cli-deps.js';
import { abortedByUser, withNewEngine } from './engine-task.js';
import { addExamples } from './examples.js';
import { mirrorOf, requireMirrored } from './mirror-of.js';
import { createProgress, type Progress } from './progress.js';
import { settingsOf } from './settings.js';
import { renderTable } from './table.js';

const HEADINGS = ['PUBLISHER', 'NEW', 'CHANGED', 'UNCHANGED', 'REMOVED', 'FAILED', 'OUTCOME'];

/** `sync`: one pass now, whatever the cron says. Exit code 1 where no publisher answered. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('sync')
    .description('Sync once now: fetch, store, render, and exit.')
    .option('--once', 'one pass (the default; `serve` keeps the cron)')
    .option('--publisher <id>', 'only this publisher')
    .option('--json', 'print JSON')
    .action(async (options: { once?: true; publisher?: string; json?: true }, self: Command) => {
      const mirror = await mirrorOf(settingsOf(self, deps).config);
      const { config, publishers } = mirror;
      if (options.publisher !== undefined) requireMirrored(options.publisher, publishers);
      // Loaded when used: every other command starts without the rooms of the sync.
      const { mendHome, refuseFullDisk } = await import('../node.js');
      const log = createLog(
        { ...config.log, write: (line) => deps.stderr.write(line) },
        { clock: systemClock },
      );
      makeFolder(config.home, 0o700);
      refuseFullDisk(config);
      await mendHome(config, log, 'glance');
      const watch = watcher(deps);
      await withNewEngine(mirror, deps, async ({ sync }) => {
        const summary = await sync
          .pass({
            ...(options.publisher === undefined ? {} : { publishers: [options.publisher] }),
            force: true,
            signal: abortedByUser(),
            onProgress: watch.onProgress,
          })
          .finally(watch.finish);
        if (options.json === true) deps.stdout.write(`${JSON.stringify(summary)}\n`);
        else deps.stdout.write(table(summary.publishers, deps) + followedTable(summary.followed, deps));
        const outcomes = [...summary.publishers, ...summary.followed].map(({ outcome }) => outcome);
        const trouble =
          outcomes.length > 0 && outcomes.every((outcome) => outcome === 'trouble' || outcome === 'alarm');
        if (trouble) process.exitCode = 1;
      });
    });
  addExamples(command, [
    ['sync --once', 'one pass over every publisher'],
    ['sync --publisher moscow-times', 'only one'],
    ['sync --once --json', 'counts and problems, for a program'],
  ]);
}

/** A bar for pages and pictures, which take the time; a line for each source. */
function watcher(deps: CliDeps): { onProgress: (progress: SyncProgress) => void; finish: () => void } {
  let bar: { label: string; progress: Progress } | null = null;
  const finish = (): void => {
    bar?.progress.finish();
    bar = null;
  };
  const show = (label: string, done: number, total: number): void => {
    if (bar?.label !== label) {
      finish();
      bar = { label, progress: createProgress(deps.stderr, label, total) };
    }
    bar.progress.update(done);
  };
  return {
    finish,
    onProgress: (progress) => {
      if (progress.kind === 'pages' || progress.kind === 'pictures') {
        show(`${progress.publisherId} ${progress.kind}`, progress.done, progress.total);
      } else if (progress.kind === 'source') {
        finish();
        deps.stderr.write(`${progress.publisherId} ${progress.url} ${progress.outcome}\n`);
      }
    },
  };
}

const FOLLOWED = ['FOLLOWED', 'NEW', 'CHANGED', 'REMOVED', 'MISSING', 'OUTCOME'];

function followedTable(followed: readonly FollowSummary[], deps: CliDeps): string {
  if (followed.length === 0) return '';
  const rows = followed.map((one) => [
    one.repository ?? 'not proved yet',
    ...[one.fresh, one.changed, one.removed, one.missing].map(String),
    one.reason === null ? one.outcome : `${one.outcome}: ${one.reason}`,
  ]);
  return renderTable(FOLLOWED, rows, deps.stdout, deps.env);
}

function table(summaries: readonly PublisherSummary[], deps: CliDeps): string {
  if (summaries.length === 0) return '';
  const rows = summaries.map((summary) => [
    summary.publisherId,
    ...[summary.fresh, summary.changed, summary.unchanged, summary.removed, summary.failed].map(String),
    summary.reason === null ? summary.outcome : `${summary.outcome}: ${summary.reason}`,
  ]);
  const problems = summaries.flatMap((summary) =>
    summary.problems.map((problem) => `  ${problem.subject}: ${problem.reason}`),
  );
  const listed =
    problems.length === 0 ? '' : `\nWhat went wrong or looks odd:\n${problems.slice(0, 20).join('\n')}\n`;
  return renderTable(HEADINGS, rows, deps.stdout, deps.env) + listed;
}
