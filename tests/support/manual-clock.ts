import type { Clock } from '../../src/domain/clock.js';

export interface ManualClock extends Clock {
  /** Every sleep asked for, in milliseconds, in order. */
  readonly sleeps: readonly number[];
  advance(ms: number): void;
}

/** A clock that only moves when told, or when somebody sleeps: a sleep ends at once and the time has passed. */
export function createManualClock(startAt = Date.UTC(2026, 10, 1)): ManualClock {
  let now = startAt;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      sleeps.push(ms);
      now += ms;
    },
    advance(ms) {
      now += ms;
    },
  };
}
