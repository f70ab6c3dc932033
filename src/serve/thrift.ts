import type { Clock } from '../domain/clock.js';
import { DAY_MS, dailyAllowance, nextUtcDay } from '../domain/traffic.js';
import type { TrafficCounter } from './traffic-counter.js';

/** What rests as a day's allowance goes, each step with all those before it. */
export type Thrift = 'none' | 'no-pictures' | 'no-full' | 'page-only' | 'silent';

/**
 * Shares of the allowance at which each step begins. The page that says when it goes on costs bytes too, some 4 KB with a TLS
 * handshake, so it has its own part, and behind that part nobody is answered: a month never costs more than its keeper said.
 */
const STEPS: readonly { from: number; thrift: Thrift }[] = [
  { from: 1, thrift: 'silent' },
  { from: 0.97, thrift: 'page-only' },
  { from: 0.9, thrift: 'no-full' },
  { from: 0.8, thrift: 'no-pictures' },
];

/** Below this share of the allowance nothing rests. */
const EASY = Math.min(...STEPS.map(({ from }) => from));

const ORDER: readonly Thrift[] = ['none', 'no-pictures', 'no-full', 'page-only', 'silent'];

/** Whether `thrift` is at `step` or past it. */
export const atLeast = (thrift: Thrift, step: Thrift): boolean =>
  ORDER.indexOf(thrift) >= ORDER.indexOf(step);

export type ThriftGauge = ReturnType<typeof createThrift>;

/** How thrifty the node must be now, by what this day has cost and what it may. */
export function createThrift(bytesPerMonth: number, deps: { clock: Clock; counter: TrafficCounter }) {
  const { clock, counter } = deps;
  let day = Number.NaN;
  let allowance = 0;

  function turnPage(): void {
    const now = clock.now();
    const current = Math.floor(now / DAY_MS);
    if (current === day) return;
    day = current;
    counter.turnPage();
    allowance = dailyAllowance(bytesPerMonth, counter.days(), now);
  }

  return {
    now: (): Thrift => {
      turnPage();
      const spent = counter.todayBytes();
      // Asked at every answer, and nearly always so.
      if (spent < EASY * allowance) return 'none';
      return STEPS.find(({ from }) => spent >= from * allowance)?.thrift ?? 'none';
    },
    allowanceBytes: (): number => {
      turnPage();
      return allowance;
    },
    resumesAt: (): number => nextUtcDay(clock.now()),
  };
}
