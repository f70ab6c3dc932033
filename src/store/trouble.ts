import { TamizdatError } from '../domain/errors.js';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** The database file is not what SQLite left there. */
export const isDamage = (error: unknown): boolean =>
  /^SQLITE_(?:CORRUPT|NOTADB|IOERR_(?:READ|SHORT_READ|DATA|CORRUPTFS)$)/.test(codeOf(error)) ||
  (error instanceof TamizdatError && error.code === 'database-damaged');

/** There is no room: SQLite says so, or the system. Writing to a file limit counts too. */
export const isNoRoom = (error: unknown): boolean =>
  /^(?:SQLITE_FULL|ENOSPC|EDQUOT|EFBIG|disk-full)$/.test(codeOf(error));

/** A full, failing or read-only disk, a damaged or locked file: nothing that a publisher sent, and nothing that waiting on another article mends. */
export const isStorageTrouble = (error: unknown): boolean =>
  isNoRoom(error) || isDamage(error) || /^SQLITE_(?:IOERR|READONLY|BUSY|CANTOPEN)/.test(codeOf(error));
