import type { Config } from '../config/config.js';
import type { Log } from '../domain/log.js';
import type { Publisher } from '../domain/publisher.js';
import type { PassSummary, SyncProgress } from '../sync/progress.js';
import { createSyncProcess, type KeeperWord } from '../sync/sync-process.js';
import { createTimetable } from '../sync/timetable.js';
import type { Rhythm } from './engine.js';

/** What the sync process is told: enough to build an engine of its own. */
export interface WorkerInit {
  config: Config;
  publishers: readonly Publisher[];
  rhythm?: Rhythm;
}

export interface PassesOptions {
  /** The program's entry file, which the sync process is started from. */
  entry: string;
  log: Log;
  onProgress: (progress: SyncProgress) => void;
  /** The database was damaged, and another has taken its place. */
  onRebuilt: () => void;
  /** A pass is over; the next one is due at `nextAt`, null where there will be none. `summary` is null where it broke or was stopped. */
  onPassed: (nextAt: number | null, summary: PassSummary | null) => void;
}

/** After so long without a pass the head is signed again, so that followers see that this desk lives (at least every 30 minutes: docs/formats.md, "Keys and roles"). */
const HEARTBEAT_MS = 25 * 60_000;

/** Passes on the cron, each in the sync process, never two at once. `start` runs the first one without waiting for the clock. */
export function createPasses(init: WorkerInit, options: PassesOptions) {
  const { config, rhythm } = init;
  const worker = createSyncProcess({
    entry: options.entry,
    init,
    log: options.log,
    onProgress: options.onProgress,
    onRebuilt: options.onRebuilt,
  });
  let underWay: Promise<void> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  /** One at a time, in the order they were asked for: there is one writer. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  }

  function start() {
    let beat: NodeJS.Timeout | null = null;
    let stopping = false;
    const armHeartbeat = (): void => {
      if (beat !== null) clearTimeout(beat);
      // A pass over no publisher: it renders and signs what there is.
      if (!stopping)
        beat = setTimeout(
          () => void inTurn(() => worker.pass([], false)).finally(armHeartbeat),
          HEARTBEAT_MS,
        );
    };
    const onePass = async (): Promise<void> => {
      const summary = await worker.pass(null, false).finally(armHeartbeat);
      options.onPassed(timetable.nextAt(), summary);
    };
    const runPass = (): Promise<void> => {
      underWay ??= inTurn(onePass).finally(() => {
        underWay = null;
      });
      return underWay;
    };
    const timetable = createTimetable({
      cron: rhythm?.cron ?? config.sync.cron,
      jitterMs: rhythm?.jitterMs ?? config.sync.jitterMs,
      run: runPass,
    });
    // A fresh node would show nothing for ten minutes.
    const first = runPass();
    return {
      /** The keeper's words, obeyed when the pass under way is over. Rejects with `not-decided` where they could not be. */
      decide: (words: readonly KeeperWord[]): Promise<readonly KeeperWord[]> =>
        inTurn(() => worker.decide(words)),
      stop: async (): Promise<void> => {
        stopping = true;
        if (beat !== null) clearTimeout(beat);
        await timetable.stop();
        await worker.stop();
        await first.catch(() => {});
      },
    };
  }

  return { start };
}
