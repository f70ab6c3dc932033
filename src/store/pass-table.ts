import type { Db } from './database.js';

/** What one pass over a publisher brought. */
export interface PassCounts {
  fresh: number;
  changed: number;
  unchanged: number;
  removed: number;
  failed: number;
}

export interface StoredPass extends PassCounts {
  id: number;
  publisherId: string;
  startedAt: number;
  /** Null: it was cut off. */
  endedAt: number | null;
  outcome: 'news' | 'nothing-new' | 'trouble' | null;
  reason: string | null;
  problems: readonly { subject: string; reason: string }[];
}

interface PassRow extends PassCounts {
  id: number;
  publisher_id: string;
  started_at: number;
  ended_at: number | null;
  outcome: string | null;
  reason: string | null;
}

/** How many passes a publisher keeps: at one in ten minutes, a week. */
const KEPT_PASSES = 1008;

export function createPassTable(db: Db) {
  const begin = db.prepare('INSERT INTO pass (publisher_id, started_at) VALUES (?, ?)');
  const end = db.prepare(
    `UPDATE pass SET ended_at = @endedAt, outcome = @outcome, reason = @reason, fresh = @fresh, changed = @changed,
       unchanged = @unchanged, removed = @removed, failed = @failed WHERE id = @id`,
  );
  const problem = db.prepare('INSERT INTO pass_problem (pass_id, subject, reason) VALUES (?, ?, ?)');
  const problems = db.prepare<[number], { subject: string; reason: string }>(
    'SELECT subject, reason FROM pass_problem WHERE pass_id = ? ORDER BY rowid',
  );
  const newest = db.prepare<[string, number], PassRow>(
    'SELECT * FROM pass WHERE publisher_id = ? ORDER BY id DESC LIMIT ?',
  );
  const forget = db.prepare(
    `DELETE FROM pass WHERE publisher_id = @publisherId AND id <=
       (SELECT id FROM pass WHERE publisher_id = @publisherId ORDER BY id DESC LIMIT 1 OFFSET ${KEPT_PASSES})`,
  );
  const countDay = db.prepare(
    `INSERT INTO pass_day (day, publisher_id, outcome, passes)
     VALUES (strftime('%Y-%m-%d', @endedAt / 1000, 'unixepoch'), @publisherId, @outcome, 1)
     ON CONFLICT DO UPDATE SET passes = passes + 1`,
  );
  const forgetProblems = db.prepare(
    'DELETE FROM pass_problem WHERE pass_id IN (SELECT id FROM pass WHERE publisher_id = ?)',
  );
  return {
    begin: (publisherId: string, startedAt: number): number =>
      Number(begin.run(publisherId, startedAt).lastInsertRowid),
    end: (
      pass: {
        id: number;
        publisherId: string;
        endedAt: number;
        outcome: string;
        reason: string | null;
      } & PassCounts,
      passProblems: readonly { subject: string; reason: string }[],
    ): void => {
      db.transaction(() => {
        end.run(pass);
        countDay.run({ endedAt: pass.endedAt, publisherId: pass.publisherId, outcome: pass.outcome });
        for (const { subject, reason } of passProblems) problem.run(pass.id, subject, reason);
        forget.run({ publisherId: pass.publisherId });
      })();
    },
    /** What went wrong with which article, by headline and address. */
    forgetProblems: (publisherId: string): void => {
      forgetProblems.run(publisherId);
    },
    /** Newest first. */
    newest: (publisherId: string, limit: number): StoredPass[] =>
      newest.all(publisherId, limit).map((row) => ({
        id: row.id,
        publisherId: row.publisher_id,
        startedAt: row.started_at,
        endedAt: row.ended_at,
        outcome: row.outcome as StoredPass['outcome'],
        reason: row.reason,
        fresh: row.fresh,
        changed: row.changed,
        unchanged: row.unchanged,
        removed: row.removed,
        failed: row.failed,
        problems: problems.all(row.id),
      })),
  };
}
