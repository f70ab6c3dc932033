import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import { demoHome } from '../config/demo-home.js';
import { systemClock } from '../domain/clock.js';
import { UsageError } from '../domain/errors.js';
import type { Publisher } from '../domain/publisher.js';
import { makeFolder } from '../files/make-folder.js';
import { hostPort, runningNode } from '../keeper/probe.js';
import type { Rhythm } from '../node.js';
import { createLog } from '../observe/log.js';
import type { SyncProgress } from '../sync/progress.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { mirroredPublishers, settingsOf } from './settings.js';
import { createStyle } from './style.js';

/** The demo's pace: whoever watches sees the cron at work within a minute. Nobody's server but our own is asked. */
const DEMO_RHYTHM: Rhythm = {
  cron: '*/20 * * * * *',
  jitterMs: 0,
  recheckMs: [60_000, 120_000, 180_000, 300_000, 600_000, 1_800_000],
  confirmRemovalMs: 30_000,
  politenessMs: 0,
};

const ENTRY = fileURLToPath(new URL('../main.js', import.meta.url));

/** `serve`: the node itself, until it is told to stop. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('serve')
    .description('Serve the mirror, and sync its publishers on a schedule.')
    .option('--demo', 'mirror a small invented newsroom that runs on this machine; needs no network')
    .action(async (options: { demo?: true }, self: Command) => {
      const told = untilToldToStop();
      await (options.demo === true ? serveDemo(self, deps, told) : serveMirror(self, deps, told));
    });
  addExamples(command, [
    ['serve --demo', 'try it: no network, no configuration'],
    ['serve', 'mirror the configured publishers'],
    ['serve --listen 127.0.0.1:8090', 'on another port'],
  ]);
}

async function serveMirror(self: Command, deps: CliDeps, told: Promise<void>): Promise<void> {
  const { config } = settingsOf(self, deps);
  await refuseDemoHome(config.home);
  const publishers = mirroredPublishers(config);
  makeFolder(config.home, 0o700);
  await run(config, publishers, deps, {
    isDemo: false,
    told,
    greet: () => permissionNotice(publishers, deps),
  });
}

/** @throws UsageError where the demo has run: its articles would stand among real ones. */
async function refuseDemoHome(home: string): Promise<void> {
  const { newsroomOfHome } = await import('../demo/newsroom-of-home.js');
  if (newsroomOfHome(home) === null) return;
  throw new UsageError('demo-home', `the demo has run in ${home}`, {
    hint: `Name another folder with --home, or start the demo again: tamizdat serve --demo --home ${dirname(home)}`,
  });
}

async function serveDemo(self: Command, deps: CliDeps, told: Promise<void>): Promise<void> {
  const { config: given } = settingsOf(self, deps);
  const home = demoHome(given.home);
  makeFolder(home, 0o700);
  const { createDemoNewsroom } = await import('../demo/demo-newsroom.js');
  const { diaryFile } = await import('../demo/diary.js');
  const newsroom = createDemoNewsroom({ clock: systemClock, diaryFile: diaryFile(home) });
  try {
    const { origin } = await newsroom.start();
    const config: Config = {
      ...given,
      home,
      fetch: { ...given.fetch, allow: [new URL(origin).host], route: null },
    };
    deps.stdout.write(
      `Demo newsroom at ${origin}: it publishes another note every minute, edits one, withdraws one.\n`,
    );
    await run(config, newsroom.publishers, deps, { isDemo: true, told, greet: () => {} });
  } finally {
    await newsroom.stop();
  }
}

interface RunOptions {
  isDemo: boolean;
  /** Settles when the node is to stop. */
  told: Promise<void>;
  /** What is said once, after the addresses, where publishers are asked. */
  greet: () => void;
}

async function run(
  config: Config,
  publishers: readonly Publisher[],
  deps: CliDeps,
  { isDemo, told, greet }: RunOptions,
): Promise<void> {
  const log = createLog({ ...config.log, write: (line) => deps.stderr.write(line) }, { clock: systemClock });
  const style = createStyle(deps.stdout, deps.env);
  const say = (line: string): void => deps.stdout.write(`${line}\n`);
  const { createNode } = await import('../node.js');
  const node = createNode(config, publishers, {
    entry: ENTRY,
    log,
    ...(isDemo ? { rhythm: DEMO_RHYTHM } : {}),
    onProgress: (progress) => narrate(progress, say),
    onNextPass: (at) => {
      // The demo's come every twenty seconds.
      if (!isDemo) say(`Next pass at ${new Date(at).toISOString().slice(11, 16)} UTC.`);
    },
  });
  const other = await runningNode(config.home);
  if (other !== null)
    deps.stderr.write(
      `Another node runs on ${config.home} already, for its keeper on ${hostPort(other.keeper)}. Both serve, and take turns to sync; stop one of them.\n`,
    );
  const running = await node.start();
  const whose = running.followsOnly
    ? 'what other nodes publish'
    : publishers.map((publisher) => publisher.id).join(', ');
  say(`Serving ${whose} from ${config.home}`);
  say(`Open ${style('bold', running.url)}   (keeper: ${running.adminUrl})   Ctrl-C stops.`);
  if (running.quiet) say('Quiet: only its secret addresses answer. `tamizdat paths list` shows them.');
  if (!running.followsOnly) greet();
  await told;
  say('Stopping.');
  await running.stop();
}

/** A pass in words. One that brings nothing says nothing. */
function narrate(progress: SyncProgress, say: (line: string) => void): void {
  if (
    (progress.kind === 'pages' || progress.kind === 'pictures') &&
    progress.done === 1 &&
    progress.total > 2
  ) {
    say(
      `${progress.publisherId}: ${progress.kind === 'pages' ? 'reading' : 'shrinking'} ${progress.total} ${progress.kind}`,
    );
  }
  if (progress.kind === 'followed') {
    const { repository, outcome, reason, fresh, changed, removed } = progress.summary;
    const news = `${fresh} new, ${changed} changed, ${removed} removed`;
    say(`${repository ?? 'a followed node'}: ${reason ?? (outcome === 'news' ? news : 'nothing new')}`);
    return;
  }
  if (progress.kind !== 'publisher') return;
  const { summary } = progress;
  const counts = [
    [summary.fresh, 'new'],
    [summary.changed, 'changed'],
    [summary.removed, 'removed'],
    [summary.failed, 'failed'],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  if (told.length > 0) say(`${summary.publisherId}: ${told.join(', ')}`);
  if (summary.outcome === 'trouble') say(`${summary.publisherId}: nothing came. ${summary.reason ?? ''}`);
}

function permissionNotice(publishers: readonly Publisher[], deps: CliDeps): void {
  const without = publishers.filter(
    (publisher) => publisher.rights.basis === 'none-recorded' && publisher.publish === 'full',
  );
  if (without.length === 0) return;
  deps.stdout.write('\nNo permission to republish is recorded for:\n');
  for (const publisher of without) {
    deps.stdout.write(`  ${publisher.id}: ask ${publisher.rights.contact ?? publisher.homepage}\n`);
  }
  deps.stdout.write(
    'Whole texts are shown, since a mirror is of no use otherwise. To show two paragraphs and the link instead, put a copy of\n' +
      'data/publishers/ID.yaml into <home>/publishers/ with `publish: teaser`.\n\n',
  );
}

/** From its call on: whoever stops a node while it starts has it stopped in good order as soon as it stands. */
function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    let asked = 0;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        asked += 1;
        // A second Ctrl-C does not wait for answers under way.
        if (asked > 1) process.exit(130);
        resolve();
      });
    }
  });
}
