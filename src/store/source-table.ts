import type { Db } from './database.js';
import type { Move } from './moved-sources.js';

export type SourceState = 'untried' | 'fresh' | 'quiet' | 'stale' | 'suspect' | 'blocked' | 'broken';

export interface StoredSource {
  publisherId: string;
  url: string;
  state: SourceState;
  sinceAt: number;
  reason: string | null;
  triedAt: number | null;
  succeededAt: number | null;
  nextTryAt: number | null;
  failures: number;
  etag: string | null;
  lastModified: string | null;
  bodyHash: Uint8Array | null;
}

interface SourceRow {
  publisher_id: string;
  url: string;
  state: string;
  since_at: number;
  reason: string | null;
  tried_at: number | null;
  succeeded_at: number | null;
  next_try_at: number | null;
  failures: number;
  etag: string | null;
  last_modified: string | null;
  body_hash: Buffer | null;
}

const toSource = (row: SourceRow): StoredSource => ({
  publisherId: row.publisher_id,
  url: row.url,
  state: row.state as SourceState,
  sinceAt: row.since_at,
  reason: row.reason,
  triedAt: row.tried_at,
  succeededAt: row.succeeded_at,
  nextTryAt: row.next_try_at,
  failures: row.failures,
  etag: row.etag,
  lastModified: row.last_modified,
  bodyHash: row.body_hash,
});

/** Where news comes from and how each of these addresses is doing. */
export function createSourceTable(db: Db) {
  const get = db.prepare<[string, string], SourceRow>(
    'SELECT * FROM source WHERE publisher_id = ? AND url = ?',
  );
  const of = db.prepare<[string], SourceRow>('SELECT * FROM source WHERE publisher_id = ? ORDER BY rowid');
  const put = db.prepare(
    `UPDATE source SET state = @state, since_at = @sinceAt, reason = @reason, tried_at = @triedAt, succeeded_at = @succeededAt,
       next_try_at = @nextTryAt, failures = @failures, etag = @etag, last_modified = @lastModified, body_hash = @bodyHash
     WHERE publisher_id = @publisherId AND url = @url`,
  );
  const add = db.prepare(
    'INSERT INTO source (publisher_id, url, since_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const drop = db.prepare('DELETE FROM source WHERE publisher_id = ? AND url = ?');
  const named = db.prepare<[string, string]>(
    `SELECT 1 FROM article_entry JOIN article ON article.id = article_id
     WHERE source_url = ? AND publisher_id = ? LIMIT 1`,
  );
  const renameEntries = db.prepare(
    `UPDATE OR REPLACE article_entry SET source_url = @to
     WHERE source_url = @from AND article_id IN (SELECT id FROM article WHERE publisher_id = @publisherId)`,
  );
  return {
    get: (publisherId: string, url: string): StoredSource | null => {
      const row = get.get(publisherId, url);
      return row === undefined ? null : toSource(row);
    },
    of: (publisherId: string): StoredSource[] => of.all(publisherId).map(toSource),
    /** Whether it ever named an article. */
    hasNamed: (publisherId: string, url: string): boolean => named.get(url, publisherId) !== undefined,
    put: (source: StoredSource): void => {
      put.run(source);
    },
    /** The same source at another address: what it told of each article stays known, how it was doing does not. */
    move: (publisherId: string, { from, to }: Move, at: number): void => {
      renameEntries.run({ publisherId, from, to });
      drop.run(publisherId, from);
      add.run(publisherId, to, at);
    },
  };
}
