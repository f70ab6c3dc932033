import type { Db } from './database.js';

/** A group of documents that are rendered together, and which of its numbered pages are out of date (none: only the first). */
export interface DirtyGroup {
  key: string;
  /** Smaller is rendered sooner. */
  priority: number;
  firstPage: number | null;
  lastPage: number | null;
}

interface DirtyRow {
  group_key: string;
  priority: number;
  first_page: number | null;
  last_page: number | null;
}

/** What must be rendered again. Kept in the database, so that a killed render goes on where it was. */
export function createDirtyTable(db: Db) {
  const mark = db.prepare(
    `INSERT INTO dirty (group_key, priority, first_page, last_page) VALUES (@key, @priority, @firstPage, @lastPage)
     ON CONFLICT (group_key) DO UPDATE SET
       priority = min(priority, excluded.priority),
       first_page = min(coalesce(first_page, excluded.first_page), coalesce(excluded.first_page, first_page)),
       last_page = max(coalesce(last_page, excluded.last_page), coalesce(excluded.last_page, last_page))`,
  );
  const next = db.prepare<[], DirtyRow>('SELECT * FROM dirty ORDER BY priority, group_key LIMIT 1');
  const clear = db.prepare('DELETE FROM dirty WHERE group_key = ?');
  const count = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM dirty');

  return {
    mark: (groups: Iterable<DirtyGroup>): void => {
      for (const group of groups) mark.run(group);
    },
    next: (): DirtyGroup | null => {
      const row = next.get();
      return row === undefined
        ? null
        : { key: row.group_key, priority: row.priority, firstPage: row.first_page, lastPage: row.last_page };
    },
    clear: (key: string): void => {
      clear.run(key);
    },
    count: (): number => count.get()?.n ?? 0,
  };
}
