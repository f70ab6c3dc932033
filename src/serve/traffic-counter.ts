import type { Clock } from '../domain/clock.js';
import {
  type AnswerClass,
  answerClass,
  emptyDay,
  mergeDays,
  type TrafficDay,
  utcDay,
} from '../domain/traffic.js';

/** Days that the file keeps: this month and the last. */
const KEPT_DAYS = 62;

export type TrafficCounter = ReturnType<typeof createTrafficCounter>;

export interface TrafficCounterDeps {
  clock: Clock;
  /** What was counted before this start. */
  known: readonly TrafficDay[];
  /** Keeps the days; may throw, on a full disk for one. */
  keep: (days: readonly TrafficDay[]) => void;
  /** Hears once of each stretch of failures. */
  onTrouble: (reason: string) => void;
}

/** Bytes and answers by day: sums alone, so that nothing about a reader could be kept. Counting goes on when keeping fails. */
export function createTrafficCounter({ clock, known, keep, onTrouble }: TrafficCounterDeps) {
  const before = new Map(known.map((day) => [day.day, day]));
  let today = open(utcDay(clock.now()));
  let changed = false;
  let failing = false;

  function open(day: string): { day: string; bytes: number; answers: Record<AnswerClass, number> } {
    const { bytes, answers } = before.get(day) ?? emptyDay(day);
    return { day, bytes, answers: { ...answers } };
  }

  /** Called at each look at the clock that is made anyway, so that an answer costs none of its own. */
  function turnPage(): void {
    const day = utcDay(clock.now());
    if (day === today.day) return;
    before.set(today.day, today);
    today = open(day);
  }

  const days = (): TrafficDay[] => mergeDays([...before.values()], [today]);

  return {
    addBytes: (bytes: number): void => {
      today.bytes += bytes;
      changed = true;
    },
    addAnswer: (status: number): void => {
      today.answers[answerClass(status)] += 1;
      changed = true;
    },
    turnPage,
    todayBytes: (): number => today.bytes,
    /** Oldest first. */
    days,
    flush: (): void => {
      turnPage();
      if (!changed) return;
      try {
        keep(days().slice(-KEPT_DAYS));
        changed = false;
        failing = false;
      } catch (error) {
        // The sums stay in memory, and the next flush tries again.
        if (!failing) onTrouble(error instanceof Error ? error.message : String(error));
        failing = true;
      }
    },
  };
}
