import type { Clock } from '../domain/clock.js';
import type { FetchOptions } from './fetch-options.js';
import { untilAborted } from './until-aborted.js';

/** Keeps fetches from one host few at a time and apart from each other; hosts do not wait for one another. */
export interface HostQueue {
  /** Runs `task` when fewer than `perHost` others of this host are under way, in the order they came. */
  inTurn<T>(host: string, signal: AbortSignal, task: () => Promise<T>): Promise<T>;
  /** Waits until the host may be asked again, and takes that moment. */
  pace(host: string, signal: AbortSignal): Promise<void>;
}

interface Line {
  running: number;
  waiting: (() => void)[];
  /** When the host may next be asked. */
  nextAt: number;
}

export function createHostQueue(
  options: Pick<FetchOptions, 'perHost' | 'politenessMs'>,
  deps: { clock: Clock; random: () => number },
): HostQueue {
  const lines = new Map<string, Line>();

  function lineOf(host: string): Line {
    const line = lines.get(host) ?? { running: 0, waiting: [], nextAt: 0 };
    lines.set(host, line);
    return line;
  }

  /** Forgets hosts that nobody waits for and that may be asked at once. */
  function tidy(): void {
    for (const [host, line] of lines) {
      if (line.running === 0 && line.waiting.length === 0 && line.nextAt <= deps.clock.now())
        lines.delete(host);
    }
  }

  async function enter(line: Line, signal: AbortSignal): Promise<void> {
    if (line.running < options.perHost) {
      line.running += 1;
      return;
    }
    let admit = () => {};
    const admitted = new Promise<void>((resolve) => {
      admit = resolve;
    });
    line.waiting.push(admit);
    try {
      await untilAborted(admitted, signal);
    } catch (error) {
      // Already admitted when the signal came: the place goes to the next one.
      if (line.waiting.includes(admit)) line.waiting.splice(line.waiting.indexOf(admit), 1);
      else leave(line);
      throw error;
    }
  }

  function leave(line: Line): void {
    const next = line.waiting.shift();
    if (next === undefined) line.running -= 1;
    else next();
  }

  return {
    async inTurn(host, signal, task) {
      const line = lineOf(host);
      await enter(line, signal);
      try {
        return await task();
      } finally {
        leave(line);
        tidy();
      }
    },
    async pace(host, signal) {
      const line = lineOf(host);
      const now = deps.clock.now();
      const startAt = Math.max(now, line.nextAt);
      // Chance of up to half the gap, so that many nodes do not ask in step.
      line.nextAt = startAt + Math.round(options.politenessMs * (1 + deps.random() / 2));
      if (startAt > now) await deps.clock.sleep(startAt - now, signal);
    },
  };
}
