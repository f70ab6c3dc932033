import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import { systemClock } from '../domain/clock.js';
import type { createEngine } from '../node/engine.js';
import { createLog } from '../observe/log.js';
import type { CliDeps } from './cli-deps.js';
import { mirroredPublishers, settingsOf } from './settings.js';

type Engine = ReturnType<typeof createEngine>;

/** Aborted by Ctrl-C and SIGTERM: what is under way is ended in good order instead of in the middle. */
export function abortedByUser(): AbortSignal {
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  process.once('SIGTERM', () => stopping.abort());
  return stopping.signal;
}

/** Does `task` with the one engine that may write, and closes it again. Throws `writer-busy` while a node syncs into the same folder. */
export async function withEngine<T>(
  self: Command,
  deps: CliDeps,
  task: (engine: Engine, config: Config) => T | Promise<T>,
): Promise<T> {
  const { config } = settingsOf(self, deps);
  const { createEngine } = await import('../node/engine.js');
  const log = createLog({ ...config.log, write: (line) => deps.stderr.write(line) }, { clock: systemClock });
  const engine = createEngine(config, mirroredPublishers(config), log);
  try {
    engine.prepare();
    return await task(engine, config);
  } finally {
    await engine.close();
  }
}
