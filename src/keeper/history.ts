import { ANSWER_CLASSES, type AnswerClass, DAY_MS, utcDay } from '../domain/traffic.js';
import { recentTraffic } from '../store/recent-traffic.js';
import type { Store } from '../store/store.js';

/** One UTC day of a mirror's life. */
export interface HistoryDay {
  day: string;
  /** Articles that were published on it. */
  articles: number;
  passes: Readonly<Record<'news' | 'nothing-new' | 'trouble', number>>;
  answers: Readonly<Record<AnswerClass, number>>;
  bytes: number;
}

const NO_ANSWERS = Object.fromEntries(ANSWER_CLASSES.map((name) => [name, 0])) as HistoryDay['answers'];

/** The last `count` UTC days, today last, each there even where nothing happened. */
export function historyOf(store: Store, home: string, now: number, count: number): HistoryDay[] {
  const days = Array.from({ length: count }, (_, index) => utcDay(now - (count - 1 - index) * DAY_MS));
  const [first = utcDay(now)] = days;
  const articles = store.keeper.articlesByDay(Date.parse(first), now + DAY_MS);
  const outcomes = store.keeper.outcomesSince(first);
  const traffic = recentTraffic(store, home, first);
  return days.map((day) => {
    const passes = { news: 0, 'nothing-new': 0, trouble: 0 };
    for (const one of outcomes) if (one.day === day) passes[one.outcome] += one.passes;
    const served = traffic.find((one) => one.day === day);
    return {
      day,
      articles: articles.find((one) => one.day === day)?.count ?? 0,
      passes,
      answers: served?.answers ?? NO_ANSWERS,
      bytes: served?.bytes ?? 0,
    };
  });
}
