import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Db } from './database.js';
import { Sqlite } from './sqlite.js';
import { isDamage } from './trouble.js';

/** Pages copied between two turns of the event loop: 4 MiB at SQLite's usual 4,096 B. */
const PAGES_A_STEP = 1_024;
/** Faults named at most: enough to see that it is not one. */
const MOST_PROBLEMS = 5;
/** SQLite file format, section 1.2 and 1.3: the header, and where in it page size and page count stand. */
const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
const PAGE_SIZE_AT = 16;
const PAGE_COUNT_AT = 28;

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
 * What is wrong with a database file as far as its first bytes and its length tell, without reading the rest: missing, empty, no
 * database, cut short. Null where nothing is.
 */
export function glanceAtDatabase(file: string): 'missing' | 'empty' | 'no-database' | 'truncated' | null {
  if (!existsSync(file)) return 'missing';
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    if (size === 0) return 'empty';
    const header = Buffer.alloc(HEADER_BYTES);
    if (readSync(handle, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return 'truncated';
    if (header.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) return 'no-database';
    const stated = header.readUInt16BE(PAGE_SIZE_AT);
    const pageBytes = stated === 1 ? 65_536 : stated;
    const pages = header.readUInt32BE(PAGE_COUNT_AT);
    // Killed while the log was brought in, a file may be shorter than its new first page says: the log still has the rest.
    const hasLog = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
    return size < pages * pageBytes && !hasLog ? 'truncated' : null;
  } finally {
    closeSync(handle);
  }
}

/**
 * Reads every page (`quick`), and compares indexes with their tables too (`full`). Answers the faults, at most five; none: it is
 * whole. Holds the event loop: some 600 MB a second from memory, as fast as the disk else.
 */
export function problemsOfDatabase(file: string, depth: 'quick' | 'full'): string[] {
  let db: Db | null = null;
  try {
    db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 10_000 });
    const pragma = depth === 'quick' ? 'quick_check' : 'integrity_check';
    const rows = db.prepare<[], string>(`PRAGMA ${pragma}(${MOST_PROBLEMS})`).pluck().all();
    return rows.filter((row) => row !== 'ok').map((row) => row.replace(/\s+/g, ' ').slice(0, 200));
  } catch (error) {
    // A full disk or a lock says nothing about the file.
    if (!isDamage(error)) throw error;
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
      putMeta(db, RESTORED, JSON.stringify(from));
    })();
  } finally {
    db.close();
  }
}

/** Writes a single value into a database that nobody else has open. */
export function noteInMeta(file: string, name: string, value: string): void {
  const db = new Sqlite(file, { fileMustExist: true });
  try {
    putMeta(db, name, value);
  } finally {
    db.close();
  }
}

function putMeta(db: Db, name: string, value: string): void {
  db.prepare(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  ).run(name, value);
}

/** Rows that no publisher and no peer can bring back: what the keeper decided, and what was counted. */
const IRREPLACEABLE = ['decision', 'pin', 'traffic', 'pass_day', 'mirror_address', 'mirror_card'] as const;

/** Desks this node joined, as if it had just joined them: what they published comes again from their peers, verified. */
const JOINED = `INSERT INTO main.replica (pin, trust, joined_at) SELECT pin, trust, joined_at FROM damaged.replica
  WHERE pin NOT IN (SELECT pin FROM main.replica)`;

/** What a desk signed, all or nothing: a log that went back would contradict what followers hold. */
const DESK = ['desk', 'log_entry', 'log_node', 'log_pack', 'log_picture', 'signed_file'] as const;

/**
 * The longer log of the same desk takes the place of the shorter one, which then catches up with its own articles. Numbers of the
 * change sequence that were given out are not given out again. Answers how many rows came.
 */
function carryDesk(db: Db): number {
  try {
    return db.transaction((): number => {
      const given = (schema: string): number =>
        Number(
          db.prepare(`SELECT max(seq) FROM ${schema}.sqlite_sequence WHERE name = 'change'`).pluck().get() ??
            0,
        );
      const last = Math.max(given('main'), given('damaged'));
      db.exec("DELETE FROM main.sqlite_sequence WHERE name = 'change'");
      db.prepare("INSERT INTO main.sqlite_sequence (name, seq) VALUES ('change', ?)").run(last);
      const desk = (schema: string) =>
        db
          .prepare<[], { repository: string; size: number; seq: number }>(
            `SELECT repository, size, published_seq AS seq FROM ${schema}.desk`,
          )
          .get();
      const [here, there] = [desk('main'), desk('damaged')];
      if (there === undefined || (here !== undefined && here.repository !== there.repository)) return 0;
      if (here !== undefined && here.size >= there.size) return 0;
      let rows = 0;
      for (const table of DESK) {
        db.exec(`DELETE FROM main.${table}`);
        rows += db.prepare(`INSERT INTO main.${table} SELECT * FROM damaged.${table}`).run().changes;
      }
      db.prepare('UPDATE main.desk SET published_seq = ?').run(here?.seq ?? 0);
      return rows;
    })();
  } catch {
    return 0;
  }
}

/**
 * Takes over from a damaged database what only it knows, as far as it can still be read. What `into` has already stays. Answers how
 * many rows came.
 */
export function salvage(damaged: string, into: string): number {
  const db = new Sqlite(into, { fileMustExist: true });
  let rows = 0;
  try {
    // Decisions name publishers, which the configuration brings back at the next start.
    db.pragma('foreign_keys = OFF');
    db.prepare('ATTACH ? AS damaged').run(damaged);
    rows += carryDesk(db);
    const takings = IRREPLACEABLE.map(
      (table) => `INSERT OR IGNORE INTO main.${table} SELECT * FROM damaged.${table}`,
    );
    for (const sql of [...takings, JOINED]) {
      try {
        rows += db.prepare(sql).run().changes;
      } catch {
        // Not readable, or not there: this table stays as the backup has it.
      }
    }
  } catch {
    return rows;
  } finally {
    db.close();
  }
  return rows;
}
