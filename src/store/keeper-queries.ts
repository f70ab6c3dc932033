import type { Db } from './database.js';

export interface ArticleCount {
  publisherId: string;
  state: 'live' | 'withdrawn' | 'tombstone';
  count: number;
}

/** One UTC day, `2026-11-26`, and how many. */
export interface DayCount {
  day: string;
  count: number;
}

export interface DayOutcomes {
  day: string;
  outcome: 'news' | 'nothing-new' | 'trouble';
  passes: number;
}

/** Sums for the keeper, each from an index alone: asking costs a reader nothing. */
export function createKeeperQueries(db: Db) {
  const articles = db.prepare<[], ArticleCount>(
    'SELECT publisher_id AS publisherId, state, count(*) AS count FROM article WHERE pruned_at IS NULL GROUP BY publisher_id, state',
  );
  const byDay = db.prepare<[number, number], DayCount>(
    `SELECT strftime('%Y-%m-%d', published_at / 1000, 'unixepoch') AS day, count(*) AS count FROM article INDEXED BY article_newest
     WHERE published_at >= ? AND published_at < ? GROUP BY 1 ORDER BY 1`,
  );
  const outcomes = db.prepare<[string], DayOutcomes>(
    'SELECT day, outcome, sum(passes) AS passes FROM pass_day WHERE day >= ? GROUP BY day, outcome ORDER BY day',
  );
  const pictures = db.prepare<[], { count: number; bytes: number | null }>(
    'SELECT count(*) AS count, sum(length(bytes)) AS bytes FROM media INDEXED BY media_by_size',
  );
  const firstKnown = db.prepare<[], { at: number | null }>('SELECT min(since_at) AS at FROM source');
  return {
    articles: (): ArticleCount[] => articles.all(),
    /** Articles by the UTC day of their publishing, oldest first; days without any are left out. */
    articlesByDay: (fromAt: number, toAt: number): DayCount[] => byDay.all(fromAt, toAt),
    /** How passes over single publishers ended since that UTC day. */
    outcomesSince: (day: string): DayOutcomes[] => outcomes.all(day),
    pictures: (): { count: number; bytes: number } => {
      const row = pictures.get();
      return { count: row?.count ?? 0, bytes: row?.bytes ?? 0 };
    },
    /** When the first source was written down; null in a new database. */
    firstSourceAt: (): number | null => firstKnown.get()?.at ?? null,
  };
}
