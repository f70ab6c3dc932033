import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import { systemClock } from '../domain/clock.js';
import { UsageError } from '../domain/errors.js';
import { makeFolder } from '../files/make-folder.js';
import { runningNode } from '../keeper/probe.js';
import { settingsMark } from '../keeper/settings-mark.js';
import type { createEngine } from '../node/engine.js';
import { createLog } from '../observe/log.js';
import type { CliDeps } from './cli-deps.js';
import { type Mirror, mirrorOf } from './mirror-of.js';
import { openForReading } from './open-for-reading.js';

type Engine = ReturnType<typeof createEngine>;

/** Aborted by Ctrl-C and SIGTERM: what is under way is ended in good order instead of in the middle. */
export function abortedByUser(): AbortSignal {
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  process.once('SIGTERM', () => stopping.abort());
  return stopping.signal;
}

/**
 * A command with other settings than the node's would take its publishers away and have everything rendered again, until the node's
 * next pass takes that back. @throws UsageError
 */
async function refuseOtherSettings({ config, publishers }: Mirror): Promise<void> {
  const running = await runningNode(config.home);
  const ids = publishers.map(({ id }) => id);
  if (running?.settings === undefined || running.settings === settingsMark(config, ids)) return;
  throw new UsageError(
    'other-settings',
    `the node that runs on ${config.home} has other settings than this command`,
    {
      hint: 'Give it the same --config and TAMIZDAT_ variables as the node, or put them into config.yaml in that folder and restart the node.',
    },
  );
}

type Task<T> = (engine: Engine, config: Config) => T | Promise<T>;

/**
 * Does `task` with the one engine that may write, and closes it again. Makes no node where none has run, in a mistyped folder for
 * example. Throws `writer-busy` while a node syncs into the same folder, and UsageError where one runs there with other settings.
 */
export async function withEngine<T>(self: Command, deps: CliDeps, task: Task<T>): Promise<T> {
  const { config, store } = await openForReading(self, deps);
  store.close();
  return withNewEngine(await mirrorOf(config), deps, task);
}

/** As `withEngine`, and begins a node where none has run. */
export async function withNewEngine<T>(mirror: Mirror, deps: CliDeps, task: Task<T>): Promise<T> {
  const { config, publishers } = mirror;
  await refuseOtherSettings(mirror);
  const { createEngine } = await import('../node/engine.js');
  const log = createLog({ ...config.log, write: (line) => deps.stderr.write(line) }, { clock: systemClock });
  makeFolder(config.home, 0o700);
  const engine = createEngine(config, publishers, log);
  try {
    engine.prepare();
    return await task(engine, config);
  } finally {
    await engine.close();
  }
}
