import type { Change, ChangeKind } from '../domain/change.js';
import type { Db } from './database.js';

interface ChangeRow {
  seq: number;
  at: number;
  kind: string;
  publisher_id: string;
  article_id: number | null;
  stable_id: string | null;
  revision: number | null;
}

const toChange = (row: ChangeRow): Change => ({
  seq: row.seq,
  at: row.at,
  kind: row.kind as ChangeKind,
  publisherId: row.publisher_id,
  articleId: row.article_id,
  stableId: row.stable_id,
  revision: row.revision,
});

export type ChangeTable = ReturnType<typeof createChangeTable>;

/** The one growing sequence: the API's cursor, the feeds' history, the signed log and the pages to render are read from it. */
export function createChangeTable(db: Db) {
  const insert = db.prepare(
    'INSERT INTO change (at, kind, publisher_id, article_id, revision) VALUES (@at, @kind, @publisherId, @articleId, @revision)',
  );
  const range = db.prepare<[number, number], ChangeRow>(
    `SELECT change.*, article.stable_id FROM change LEFT JOIN article ON article.id = change.article_id
     WHERE change.seq > ? AND change.seq <= ? ORDER BY change.seq`,
  );
  // One by one, since SQLite goes straight to the end of an index only where nothing else is asked for.
  const lastSeq = db.prepare<[], { seq: number | null }>('SELECT max(seq) AS seq FROM change');
  const lastAt = db.prepare<[], { at: number | null }>('SELECT max(at) AS at FROM change');
  const lastOf = db.prepare<[string], { at: number | null }>(
    'SELECT max(at) AS at FROM change WHERE publisher_id = ?',
  );
  const removals = db.prepare<[string, number], { n: number }>(
    "SELECT count(*) AS n FROM change WHERE publisher_id = ? AND at > ? AND kind IN ('withdraw', 'expunge')",
  );

  return {
    add: (change: {
      at: number;
      kind: ChangeKind;
      publisherId: string;
      articleId: number | null;
      revision: number | null;
    }): number => Number(insert.run(change).lastInsertRowid),
    /** Changes after `since`, up to and with `until`. */
    between: (since: number, until: number): Change[] => range.all(since, until).map(toChange),
    /** How many articles of a publisher were withdrawn or buried since then. */
    removalsSince: (publisherId: string, at: number): number => removals.get(publisherId, at)?.n ?? 0,
    /** The newest number, 0 where nothing happened yet. */
    lastSeq: (): number => lastSeq.get()?.seq ?? 0,
    /** Time of the newest change, of one publisher or of all; null where there is none. */
    lastAt: (publisherId?: string): number | null =>
      (publisherId === undefined ? lastAt.get()?.at : lastOf.get(publisherId)?.at) ?? null,
  };
}
