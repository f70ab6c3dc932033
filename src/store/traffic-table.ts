import type { TrafficDay } from '../domain/traffic.js';
import type { Db } from './database.js';

interface TrafficRow {
  day: string;
  bytes: number;
  answers_2xx: number;
  answers_3xx: number;
  answers_4xx: number;
  answers_5xx: number;
}

/** Days of traffic as far back as the node goes. What is newer than the last pass stands in the traffic file alone. */
export function createTrafficTable(db: Db) {
  // Counters only grow: a file older than the table must not take anything back.
  const put = db.prepare(
    `INSERT INTO traffic (day, bytes, answers_2xx, answers_3xx, answers_4xx, answers_5xx) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (day) DO UPDATE SET bytes = max(bytes, excluded.bytes),
       answers_2xx = max(answers_2xx, excluded.answers_2xx), answers_3xx = max(answers_3xx, excluded.answers_3xx),
       answers_4xx = max(answers_4xx, excluded.answers_4xx), answers_5xx = max(answers_5xx, excluded.answers_5xx)`,
  );
  const since = db.prepare<[string], TrafficRow>('SELECT * FROM traffic WHERE day >= ? ORDER BY day');
  return {
    take: (days: readonly TrafficDay[]): void => {
      db.transaction(() => {
        for (const { day, bytes, answers } of days) {
          put.run(day, bytes, answers['2xx'], answers['3xx'], answers['4xx'], answers['5xx']);
        }
      }).immediate();
    },
    /** Oldest first; days without a reader are left out. */
    since: (day: string): TrafficDay[] =>
      since.all(day).map((row) => ({
        day: row.day,
        bytes: row.bytes,
        answers: {
          '2xx': row.answers_2xx,
          '3xx': row.answers_3xx,
          '4xx': row.answers_4xx,
          '5xx': row.answers_5xx,
        },
      })),
  };
}
