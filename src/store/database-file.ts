import { Sqlite } from './sqlite.js';

/** Pages copied between two turns of the event loop: 4 MiB at SQLite's usual 4,096 B. */
const PAGES_A_STEP = 1_024;
/** Faults named at most: enough to see that it is not one. */
const MOST_PROBLEMS = 5;
/**
 * Copies a database as it is at this moment into a new file, while others read and write it. A read transaction pins the moment, so
 * a writer neither shows in the copy nor makes it start over. Rejects with SQLite's error where the disk is full or a page unreadable.
 */
export async function copyDatabase(
  file: string,
  target: string,
  onProgress: (donePages: number, totalPages: number) => void,
): Promise<void> {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 10_000 });
  try {
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM sqlite_master').get();
    await db.backup(target, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress(totalPages - remainingPages, totalPages);
        return PAGES_A_STEP;
      },
    });
  } finally {
    db.close();
  }
  // One file that says all: a copy in WAL mode would make two more beside it whenever it is looked at.
  const copy = new Sqlite(target);
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

/**
 * Reads every page (`quick`), and compares indexes with their tables too (`full`). Answers the faults, at most five; none: it is
 * whole. Holds the event loop: some 600 MB a second from memory, as fast as the disk else.
 */
export function problemsOfDatabase(file: string, depth: 'quick' | 'full'): string[] {
  let db: InstanceType<typeof Sqlite> | null = null;
  try {
    db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 10_000 });
    const pragma = depth === 'quick' ? 'quick_check' : 'integrity_check';
    const rows = db.prepare<[], string>(`PRAGMA ${pragma}(${MOST_PROBLEMS})`).pluck().all();
    return rows.filter((row) => row !== 'ok').map((row) => row.replace(/\s+/g, ' ').slice(0, 200));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    db?.close();
  }
}

/** What a database holds, in three numbers. Throws where it cannot be read or is none of ours. */
export function contentsOfDatabase(file: string): { schema: number; articles: number; last: number } {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    const one = (sql: string): number => Number(db.prepare(sql).pluck().get() ?? 0);
    return {
      schema: one('PRAGMA user_version'),
      articles: one("SELECT count(*) FROM article WHERE state = 'live'"),
      last: one('SELECT max(seq) FROM change'),
    };
  } finally {
    db.close();
  }
}

/** Name of the single value that says which backup a database came from. */
export const RESTORED = 'restored';

/**
 * Writes into a restored database that it is one, and forgets what its sources last answered with: asked without conditions they
 * send again what came after the backup was made.
 */
export function noteRestored(file: string, from: { at: number; from: string; created: string }): void {
  const db = new Sqlite(file, { fileMustExist: true });
  try {
    db.transaction(() => {
      db.exec(
        'UPDATE source SET etag = NULL, last_modified = NULL, body_hash = NULL, next_try_at = NULL, failures = 0',
      );
      db.prepare(
        'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      ).run(RESTORED, JSON.stringify(from));
    })();
  } finally {
    db.close();
  }
}
