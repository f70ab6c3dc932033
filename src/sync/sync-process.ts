import { type ChildProcess, fork } from 'node:child_process';
import { TamizdatError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import type { Verdict } from '../store/decision-table.js';
import type { PassSummary, SyncProgress } from './progress.js';

/** What the serving process asks of the sync process, and what it hears back. Plain JSON both ways. */
export type SyncJob =
  | { kind: 'pass'; init: unknown; publishers: readonly string[] | null; force: boolean; check: boolean }
  | { kind: 'decide'; init: unknown; words: readonly KeeperWord[] }
  | { kind: 'stop' };
export type SyncReport =
  | { kind: 'progress'; progress: SyncProgress }
  /** `again`: it stopped early because it had grown; what is left is for its successor. */
  | { kind: 'done'; summary: PassSummary; again: boolean }
  /** The words that were obeyed; the others did not wait any more. */
  | { kind: 'decided'; obeyed: readonly KeeperWord[] }
  /** It will say nothing for so long: it reads the whole database. */
  | { kind: 'busy'; forMs: number }
  /** The database was damaged; another has taken its place. */
  | { kind: 'rebuilt' }
  /** There is no room: nothing was begun, or what was begun is taken back. */
  | { kind: 'paused'; reason: string }
  /** Another process writes, a command by hand for one: the next pass comes anyway. */
  | { kind: 'put-off'; reason: string }
  /** `damaged`: the database seems to be, so the next process looks through all of it first. */
  | { kind: 'broke'; reason: string; damaged?: boolean };

/** What the keeper says to a decision that waits. */
export interface KeeperWord {
  id: number;
  verdict: Verdict;
}

type Job = Exclude<SyncJob, { kind: 'stop' }>;
type End = Exclude<SyncReport, { kind: 'progress' | 'busy' | 'rebuilt' }>;

export interface SyncProcessOptions {
  /** The program's own entry file; started with the argument `worker`. */
  entry: string;
  /** Whatever the worker needs to build its engine. */
  init: unknown;
  log: Log;
  onProgress: (progress: SyncProgress) => void;
  onRebuilt: () => void;
}

/** A pass that says nothing for so long hangs, and is ended. Longer than any fetch, page or group of documents takes. */
const SILENCE_MS = 180_000;
const STOP_GRACE_MS = 8_000;
/** Successors of one pass: each goes on where the last one stopped. */
const MOST_SUCCESSORS = 20;

/** Runs each pass in a process of its own, so that parsing, extracting, encoding and rendering never hold up an answer, and their memory goes with it. */
export function createSyncProcess(options: SyncProcessOptions) {
  let child: ChildProcess | null = null;
  let stopping = false;
  /** The first process looks through the database, and one after a trouble that may come of it. */
  let check = true;
  let paused = false;

  function once(job: Job): Promise<End> {
    return new Promise((resolve) => {
      const started = fork(options.entry, ['worker'], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        serialization: 'json',
      });
      child = started;
      let ended: End | null = null;
      const watchdog = setInterval(() => {
        if (Date.now() - heardAt < SILENCE_MS) return;
        ended = { kind: 'broke', reason: `said nothing for ${SILENCE_MS / 1000} s` };
        started.kill('SIGKILL');
      }, 5_000);
      let heardAt = Date.now();
      started.on('message', (report: SyncReport) => {
        heardAt = Date.now();
        if (report.kind === 'progress') options.onProgress(report.progress);
        else if (report.kind === 'busy') heardAt += report.forMs;
        else if (report.kind === 'rebuilt') options.onRebuilt();
        else ended = report;
      });
      started.on('error', (error) => {
        ended ??= { kind: 'broke', reason: error.message };
      });
      started.on('exit', (code, signal) => {
        clearInterval(watchdog);
        child = null;
        resolve(
          ended ?? {
            kind: 'broke',
            reason: signal === null ? `ended with code ${code}` : `was ended by ${signal}`,
          },
        );
      });
      started.send(job);
    });
  }

  /** One whole pass. Null where it broke or was stopped: the next one goes on where it was. */
  async function pass(publishers: readonly string[] | null, force: boolean): Promise<PassSummary | null> {
    for (let round = 0; round < MOST_SUCCESSORS && !stopping; round += 1) {
      const report = await once({ kind: 'pass', init: options.init, publishers, force, check });
      // What was put off has looked at nothing.
      if (report.kind !== 'put-off') check = report.kind === 'broke' && report.damaged === true;
      if (report.kind === 'paused') {
        if (!paused) options.log.warn('sync-paused', { reason: report.reason });
        paused = true;
        return null;
      }
      if (report.kind === 'put-off') {
        options.log.info('sync-put-off', { reason: report.reason });
        return null;
      }
      if (paused) options.log.info('sync-resumed');
      paused = false;
      if (report.kind === 'broke') {
        if (!stopping) options.log.error('sync-process-broke', { reason: report.reason });
        return null;
      }
      if (report.kind === 'done' && !report.again) return report.summary;
    }
    return null;
  }

  /** The keeper's words, each obeyed at once. Answers those that were; throws `not-decided` with the reason where the process broke. */
  async function decide(words: readonly KeeperWord[]): Promise<readonly KeeperWord[]> {
    if (stopping) return [];
    const report = await once({ kind: 'decide', init: options.init, words });
    if (report.kind === 'decided') return report.obeyed;
    const reason =
      report.kind === 'broke' || report.kind === 'paused' || report.kind === 'put-off'
        ? report.reason
        : 'the process answered something else';
    throw new TamizdatError('not-decided', reason, { retryable: true });
  }

  /** Asks a running pass to end after the article in hand, and ends it after a grace. */
  async function stop(): Promise<void> {
    stopping = true;
    const running = child;
    if (running === null) return;
    await new Promise<void>((resolve) => {
      const hurry = setTimeout(() => running.kill('SIGKILL'), STOP_GRACE_MS);
      running.once('exit', () => {
        clearTimeout(hurry);
        resolve();
      });
      if (running.connected) running.send({ kind: 'stop' } satisfies SyncJob);
    });
  }

  return { pass, decide, stop };
}
