import type { PageProgress } from './article-row.js';
import type { Db } from './database.js';

/** Article pages that are to be read, and when: the first reading after the feed, the second looks, the retries. */
export function createWorkQueue(db: Db) {
  const due = db.prepare<[string, number, number], { id: number }>(
    `SELECT id FROM article WHERE publisher_id = ? AND page_due_at <= ? AND page_due_at IS NOT NULL
     ORDER BY checks, page_due_at, id LIMIT ?`,
  );
  const put = db.prepare(
    `UPDATE article SET page_state = @state, page_reason = @reason, page_tries = @tries, page_due_at = @dueAt, checks = @checks,
       missing = @missing, missing_at = @missingAt WHERE id = @id`,
  );
  const nextDue = db.prepare<[string], { at: number | null }>(
    'SELECT min(page_due_at) AS at FROM article WHERE publisher_id = ?',
  );
  const readPages = db.prepare<[string, number], { url: string; missing: number }>(
    `SELECT url, missing FROM article WHERE publisher_id = ? AND state = 'live' AND page_state = 'read' AND pruned_at IS NULL
     ORDER BY published_at DESC, id DESC LIMIT ?`,
  );
  return {
    /** Ids of articles whose page is due, first readings before second looks. */
    due: (publisherId: string, at: number, limit: number): number[] =>
      due.all(publisherId, at, limit).map((row) => row.id),
    put: (id: number, progress: PageProgress): void => {
      put.run({ id, ...progress });
    },
    /** Of the newest live articles whose page was read: its address, and how often in a row it was gone. */
    readPages: (publisherId: string, limit: number): { url: string; missing: number }[] =>
      readPages.all(publisherId, limit),
    nextDueAt: (publisherId: string): number | null => nextDue.get(publisherId)?.at ?? null,
  };
}
