import { setTimeout as rest } from 'node:timers/promises';

/** Those that wait beyond this are told to come again: at some 20 ms each the last would wait more than a second. */
const MOST_WAITING = 32;

/**
 * Work that holds the event loop, one piece after another, each followed by a rest as long as it took: pages are served in
 * between, and all of it never takes more than half of the processor. Null where too many wait.
 */
export function createTurns(): <T>(work: () => T) => Promise<T> | null {
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  return (work) => {
    if (waiting >= MOST_WAITING) return null;
    waiting += 1;
    let tookMs = 0;
    const done = last.then(() => {
      const startedAt = performance.now();
      try {
        return work();
      } finally {
        tookMs = performance.now() - startedAt;
        waiting -= 1;
      }
    });
    last = done.then(
      () => rest(tookMs),
      () => rest(tookMs),
    );
    return done;
  };
}
