import { setMaxListeners } from 'node:events';

export interface Deadline {
  signal: AbortSignal;
  /** Whether it was time that ran out, and not somebody who called it off. */
  timedOut(): boolean;
  /** To be called when all is done, so that nothing is kept alive. */
  stop(): void;
}

/**
 * A signal that aborts after `ms` (null: never by itself), or with any of `signals`. On real time even where a test moves
 * the clock: what it bounds is a real socket. (`AbortSignal.any` would do, but in Node 20 it leaks on signals that live long.)
 */
export function startDeadline(ms: number | null, signals: readonly (AbortSignal | undefined)[]): Deadline {
  const controller = new AbortController();
  let timedOut = false;
  const timer =
    ms === null
      ? null
      : setTimeout(() => {
          timedOut = true;
          controller.abort(new Error('time ran out'));
        }, ms);
  const abort = () => controller.abort(new Error('called off'));
  for (const signal of signals) {
    if (signal === undefined) continue;
    if (signal.aborted) abort();
    // A whole pass may hang on one signal: Node's warning past ten listeners is meant for leaks.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', abort, { once: true });
  }
  return {
    signal: controller.signal,
    timedOut: () => timedOut,
    stop() {
      if (timer !== null) clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener('abort', abort);
    },
  };
}
