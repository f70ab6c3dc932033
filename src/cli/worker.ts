import type { Command } from 'commander';
import { systemClock } from '../domain/clock.js';
import { TamizdatError } from '../domain/errors.js';
import { keepHeapLean } from '../extract/lean-heap.js';
import type { WorkerInit } from '../node.js';
import { createLog } from '../observe/log.js';
import { isDamage, isNoRoom } from '../store/trouble.js';
import type { KeeperWord, SyncJob, SyncReport } from '../sync/sync-process.js';
import type { CliDeps } from './cli-deps.js';

/** `worker`: one pass for the serving process, which speaks to it over a pipe. Not for people, so not in the help. */
export function register(program: Command, deps: CliDeps): void {
  program
    .command('worker', { hidden: true })
    .description('One pass for a serving node. Started by it, not by hand.')
    .action(async () => {
      if (process.send === undefined) {
        deps.stderr.write('worker is started by `serve`. To sync by hand: tamizdat sync --once\n');
        process.exitCode = 2;
        return;
      }
      await runWorker(deps);
    });
}

async function runWorker(deps: CliDeps): Promise<void> {
  keepHeapLean();
  const stopping = new AbortController();
  const report = (message: SyncReport): void => {
    process.send?.(message);
  };
  // The terminal's Ctrl-C reaches every process of the group; the serving one says when to stop.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(1));
  const job = await new Promise<Exclude<SyncJob, { kind: 'stop' }>>((resolve) => {
    process.on('message', (message: SyncJob) => {
      if (message.kind === 'stop') stopping.abort();
      else resolve(message);
    });
  });
  const { config, publishers, rhythm } = job.init as WorkerInit;
  const log = createLog({ ...config.log, write: (line) => deps.stderr.write(line) }, { clock: systemClock });
  const { createEngine } = await import('../node/engine.js');
  const { mendHome, msToReadDatabase, refuseFullDisk } = await import('../node.js');
  let grown = false;
  try {
    refuseFullDisk(config);
    if (job.kind === 'pass' && job.check) {
      report({ kind: 'busy', forMs: msToReadDatabase(config) });
      if ((await mendHome(config, log, 'quick')) !== null) report({ kind: 'rebuilt' });
    }
    const engine = createEngine(config, publishers, log, rhythm === undefined ? {} : { rhythm });
    engine.prepare();
    if (job.kind === 'decide') {
      const obeyed: KeeperWord[] = [];
      for (const word of job.words)
        if ((await engine.sync.decide(word.id, word.verdict)).kind === 'settled') obeyed.push(word);
      await engine.close();
      report({ kind: 'decided', obeyed });
      process.disconnect();
      return;
    }
    const summary = await engine.sync.pass({
      ...(job.publishers === null ? {} : { publishers: job.publishers }),
      force: job.force,
      signal: stopping.signal,
      onProgress: (progress) => {
        report({ kind: 'progress', progress });
        if (process.memoryUsage.rss() <= config.sync.childMemoryBytes) return;
        grown = true;
        stopping.abort();
      },
    });
    if (!stopping.signal.aborted) await engine.keepSafe((progress) => report({ kind: 'progress', progress }));
    await engine.close();
    report({ kind: 'done', summary, again: grown });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (isNoRoom(error)) report({ kind: 'paused', reason });
    else if (error instanceof TamizdatError && error.code === 'writer-busy')
      report({ kind: 'put-off', reason });
    else report({ kind: 'broke', reason, damaged: isDamage(error) });
  }
  process.disconnect();
}
