/** Classes of status that answers are counted by. */
export const ANSWER_CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const;
export type AnswerClass = (typeof ANSWER_CLASSES)[number];

/** What one UTC day cost: bytes written to readers' connections, and answers by class. Nothing about who asked, or for what. */
export interface TrafficDay {
  /** `2026-11-26`, in UTC. */
  day: string;
  bytes: number;
  answers: Readonly<Record<AnswerClass, number>>;
}

export const DAY_MS = 86_400_000;

export const utcDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

export const answerClass = (status: number): AnswerClass =>
  status < 300 ? '2xx' : status < 400 ? '3xx' : status < 500 ? '4xx' : '5xx';

export const emptyDay = (day: string): TrafficDay => ({
  day,
  bytes: 0,
  answers: { '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 },
});

/** Both lists as one, oldest first. Counters only grow, so of two records of a day the larger numbers are the later ones. */
export function mergeDays(...lists: readonly (readonly TrafficDay[])[]): TrafficDay[] {
  const byDay = new Map<string, TrafficDay>();
  for (const next of lists.flat()) {
    const { day, bytes, answers } = byDay.get(next.day) ?? emptyDay(next.day);
    const larger = ANSWER_CLASSES.map((name) => [name, Math.max(answers[name], next.answers[name])] as const);
    byDay.set(day, {
      day,
      bytes: Math.max(bytes, next.bytes),
      answers: Object.fromEntries(larger) as TrafficDay['answers'],
    });
  }
  return [...byDay.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

/**
 * Bytes that the day of `at` may cost: what the month has left after the days before, in equal parts over this day and those that
 * follow. So a dear day makes the rest of the month thriftier, and a quiet one makes it richer. Never less than 0.
 */
export function dailyAllowance(bytesPerMonth: number, days: readonly TrafficDay[], at: number): number {
  const today = utcDay(at);
  const month = today.slice(0, 7);
  const spent = days
    .filter(({ day }) => day.startsWith(month) && day < today)
    .reduce((sum, { bytes }) => sum + bytes, 0);
  const date = new Date(at);
  const daysInMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return Math.max(0, Math.floor((bytesPerMonth - spent) / (daysInMonth - date.getUTCDate() + 1)));
}

/** When the next UTC day begins, with a new allowance. */
export const nextUtcDay = (at: number): number => (Math.floor(at / DAY_MS) + 1) * DAY_MS;
