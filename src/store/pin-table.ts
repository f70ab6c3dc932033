import type { Db } from './database.js';

/** An article that retention leaves alone, by the names the tree knows it under. */
export interface Pin {
  publisherId: string;
  stableId: string;
  pinnedAt: number;
}

export function createPinTable(db: Db) {
  const add = db.prepare(
    'INSERT INTO pin (publisher_id, stable_id, pinned_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const remove = db.prepare('DELETE FROM pin WHERE publisher_id = ? AND stable_id = ?');
  const all = db.prepare<[], Pin>(
    'SELECT publisher_id AS publisherId, stable_id AS stableId, pinned_at AS pinnedAt FROM pin ORDER BY pinned_at, publisher_id, stable_id',
  );
  const has = db.prepare<[string, string], { n: number }>(
    'SELECT count(*) AS n FROM pin WHERE publisher_id = ? AND stable_id = ?',
  );
  return {
    has: (publisherId: string, stableId: string): boolean => (has.get(publisherId, stableId)?.n ?? 0) > 0,
    /** False where it was pinned before. */
    add: (publisherId: string, stableId: string, at: number): boolean =>
      add.run(publisherId, stableId, at).changes > 0,
    /** False where it was not pinned. */
    remove: (publisherId: string, stableId: string): boolean => remove.run(publisherId, stableId).changes > 0,
    /** The oldest pin first. */
    all: (): Pin[] => all.all(),
  };
}
