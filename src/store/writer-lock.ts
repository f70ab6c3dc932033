import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { TamizdatError } from '../domain/errors.js';
import { Sqlite } from './sqlite.js';

export interface FileLock {
  release(): void;
}

/**
 * Held by the one process that may write. It is SQLite's own exclusive lock on a file beside the database, so the system lets go
 * of it with the process, however that ends. Throws `writer-busy` where another process holds it, and what SQLite and the
 * system throw where the file cannot be written.
 */
export function takeWriterLock(file: string): FileLock {
  return lockFile(
    file,
    'BEGIN EXCLUSIVE',
    (cause) =>
      new TamizdatError('writer-busy', 'another process is syncing into this state folder', {
        hint: 'Wait until its pass ends, stop the node, or give this one a folder of its own with --home.',
        retryable: true,
        cause,
      }),
  );
}

/** Held by every process that serves from a state folder, several at once. Throws `home-busy` while its contents are being replaced. */
export function takeServingLock(file: string): FileLock {
  return lockFile(
    file,
    'BEGIN; SELECT count(*) FROM sqlite_master',
    (cause) =>
      new TamizdatError('home-busy', 'this state folder is being restored or wiped', {
        hint: 'Start again when that is done.',
        retryable: true,
        cause,
      }),
  );
}

/** Held while a state folder's contents are replaced. Throws `node-running` where a process serves from it. */
export function takeStoppedLock(file: string): FileLock {
  return lockFile(
    file,
    'BEGIN EXCLUSIVE',
    (cause) =>
      new TamizdatError('node-running', 'a node is running on this state folder', {
        hint: 'Stop it first: Ctrl-C, `systemctl stop tamizdat` or `docker compose stop`.',
        retryable: true,
        cause,
      }),
  );
}

function lockFile(file: string, begin: string, explain: (cause: unknown) => TamizdatError): FileLock {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lock = new Sqlite(file, { timeout: 0 });
  try {
    lock.pragma('journal_mode = DELETE');
    lock.exec(begin);
  } catch (cause) {
    lock.close();
    throw isBusy(cause) ? explain(cause) : cause;
  }
  return {
    release: () => {
      lock.close();
    },
  };
}

/** A full disk or a folder of somebody else's says nothing about who holds the lock. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^SQLITE_BUSY/.test(String(error.code));

/** Whether a process holds the writer's lock right now. */
export function isWriterBusy(file: string): boolean {
  const lock = new Sqlite(file, { timeout: 0 });
  try {
    lock.prepare('SELECT count(*) FROM sqlite_master').get();
    return false;
  } catch {
    return true;
  } finally {
    lock.close();
  }
}
