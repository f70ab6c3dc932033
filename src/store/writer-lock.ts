import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { TamizdatError } from '../domain/errors.js';
import { Sqlite } from './sqlite.js';

/**
 * Held by the one process that may write. It is SQLite's own exclusive lock on a file beside the database, so the system lets go
 * of it with the process, however that ends. Throws `writer-busy` where another process holds it.
 */
export function takeWriterLock(file: string): { release(): void } {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lock = new Sqlite(file, { timeout: 0 });
  try {
    lock.pragma('journal_mode = DELETE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new TamizdatError('writer-busy', 'another process is syncing into this state folder', {
      hint: 'Wait until its pass ends, stop the node, or give this one a folder of its own with --home.',
      retryable: true,
      cause,
    });
  }
  return {
    release: () => {
      lock.close();
    },
  };
}
