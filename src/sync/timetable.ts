import cron from 'node-cron';

export interface Timetable {
  /** When the next pass is due, jitter not counted; null when stopped. */
  nextAt(): number | null;
  stop(): Promise<void>;
}

/** Starts a pass by a cron expression, each up to `jitterMs` later by chance, never two at once. */
export function createTimetable(options: {
  cron: string;
  jitterMs: number;
  run: () => Promise<unknown>;
}): Timetable {
  const task = cron.schedule(options.cron, options.run, {
    noOverlap: true,
    maxRandomDelay: options.jitterMs,
    suppressMissedWarning: true,
    // A pass that outlasts the cron's pause is no news; what went wrong in one is logged where it happens.
    logger: { info() {}, warn() {}, error() {}, debug() {} },
  });
  return {
    nextAt: () => task.getNextRun()?.getTime() ?? null,
    stop: async () => {
      await task.destroy();
    },
  };
}

/** The shortest pause between two passes of the next few; it is how long a source rests when it does not say. */
export function intervalOf(expression: string): number {
  const task = cron.createTask(expression, () => {});
  const runs = task.getNextRuns(6).map((run) => run.getTime());
  void task.destroy();
  const pauses = runs.slice(1).map((run, index) => run - (runs[index] ?? run));
  return pauses.length === 0 ? 600_000 : Math.min(...pauses);
}
