import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { aliasHash } from '../domain/article-key.js';
import { TamizdatError } from '../domain/errors.js';
import { slug } from '../domain/slug.js';
import { initial } from './migrations/001-initial.js';
import { searchByTime } from './migrations/002-search-by-time.js';
import { signedLog } from './migrations/003-signed-log.js';
import { replica } from './migrations/004-replica.js';
import { addresses } from './migrations/005-addresses.js';
import { traffic } from './migrations/006-traffic.js';
import { keeper } from './migrations/007-keeper.js';
import { safety } from './migrations/008-safety.js';
import { galleryPictures } from './migrations/009-gallery-pictures.js';
import { rankedAndCounted } from './migrations/010-ranked-and-counted.js';
import { fallingOut } from './migrations/011-falling-out.js';
import { namesAsHashes } from './migrations/012-names-as-hashes.js';
import { Sqlite } from './sqlite.js';
import { isDamage, isNoRoom, isStorageTrouble } from './trouble.js';

export type Db = Database.Database;

/** Forward only: the number of a migration is its place here, counted from 1, and is kept in `user_version`. */
const MIGRATIONS: readonly string[] = [
  initial,
  searchByTime,
  signedLog,
  replica,
  addresses,
  traffic,
  keeper,
  safety,
  galleryPictures,
  rankedAndCounted,
  fallingOut,
  namesAsHashes,
];

/** Number of the newest schema. */
export const SCHEMA = MIGRATIONS.length;

export interface OpenOptions {
  /** The serving process reads; only one process writes. */
  readOnly?: boolean;
}

/**
 * Opens `file` (WAL, foreign keys) and brings it to the newest schema. Throws `database-newer` for a file written by a later
 * version of the program, `database-older` when a reader finds one that no writer has brought up to date yet, `database-missing`
 * when it finds none, and `database-damaged` when SQLite cannot read it.
 */
export function openDatabase(file: string, options: OpenOptions = {}): Db {
  const readOnly = options.readOnly ?? false;
  if (!readOnly && file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let db: Db;
  try {
    db = new Sqlite(file, { readonly: readOnly, fileMustExist: readOnly, timeout: 10_000 });
  } catch (cause) {
    throw new TamizdatError(
      readOnly ? 'database-missing' : 'database-unusable',
      `cannot open ${file}: ${String(cause)}`,
      {
        hint: 'Check that the state folder exists and that this user may write to it (TAMIZDAT_HOME or --home).',
        cause,
      },
    );
  }
  try {
    if (!readOnly) {
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = NORMAL');
      db.pragma('foreign_keys = ON');
      // What is deleted or overwritten is to be gone from the file too: a name taken back, a text that was buried.
      db.pragma('secure_delete = ON');
    }
    // What a reader maps counts as its memory, and 200,000 articles are gigabytes: the serving process leaves them to the system.
    db.pragma(`mmap_size = ${readOnly ? 0 : 268_435_456}`);
    db.pragma('cache_size = -8000');
    db.pragma('temp_store = MEMORY');
    migrate(db, file, readOnly);
  } catch (cause) {
    db.close();
    if (cause instanceof TamizdatError) throw cause;
    if (isStorageTrouble(cause) && !isDamage(cause)) throw unusable(file, cause);
    throw new TamizdatError('database-damaged', `${file} cannot be read as a database: ${String(cause)}`, {
      hint: '`tamizdat serve` and `tamizdat sync` set it aside and rebuild it, from the newest automatic backup where there is one.',
      cause,
    });
  }
  return db;
}

/** The file may be whole: something around it is not as it should be. */
function unusable(file: string, cause: unknown): TamizdatError {
  return isNoRoom(cause)
    ? new TamizdatError('disk-full', `there is no room to open ${file}`, {
        hint: 'Free some room on that disk; nothing is lost.',
        retryable: true,
        cause,
      })
    : new TamizdatError('database-unusable', `cannot use ${file}: ${String(cause)}`, {
        hint: 'Check that this user may write to the state folder, that the disk is well, and that nothing else holds the file.',
        retryable: true,
        cause,
      });
}

function migrate(db: Db, file: string, readOnly: boolean): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > MIGRATIONS.length) {
    throw new TamizdatError(
      'database-newer',
      `${file} was written by a newer version of this program (schema ${version})`,
      {
        hint: `This version knows schema ${MIGRATIONS.length}. Run the newer version, or restore a backup made before the upgrade.`,
      },
    );
  }
  if (version === MIGRATIONS.length) return;
  if (readOnly) {
    throw new TamizdatError('database-older', `${file} was written by an older version of this program`, {
      hint: 'Start the node, or run `tamizdat sync --once`: either brings the database up to date.',
    });
  }
  db.function('slug_of', { deterministic: true }, (name) => slug(String(name)));
  db.function('alias_hash', { deterministic: true }, (name) => aliasHash(String(name)));
  MIGRATIONS.slice(version).forEach((sql, index) => {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${version + index + 1}`);
    }).immediate();
  });
}
