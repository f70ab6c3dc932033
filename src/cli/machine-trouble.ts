import { isNoRoom } from '../store/trouble.js';

/** What the machine refused, and what the person at it can do. */
interface MachineTrouble {
  message: string;
  hint: string;
}

const OWNER =
  'Run it as the user who owns the state folder, give that folder to this user (chown), or name another with --home.';

/** By the code of Node's system errors (errno(3)) and of SQLite, without its extension such as `_DBMOVED`. */
const KNOWN: Readonly<Record<string, MachineTrouble>> = {
  EACCES: { message: 'permission denied', hint: OWNER },
  EPERM: { message: 'not permitted', hint: OWNER },
  SQLITE_READONLY: { message: 'this user may not write to the database', hint: OWNER },
  SQLITE_CANTOPEN: { message: 'the database cannot be opened', hint: OWNER },
  EROFS: {
    message: 'the disk is read-only',
    hint: 'Name a folder on another disk, or mount this one writable.',
  },
  ENOENT: { message: 'no such file or folder', hint: 'Check the path; is the disk or stick mounted?' },
  ENOTDIR: { message: 'a file stands where a folder is wanted', hint: 'Name a folder.' },
  EEXIST: { message: 'a file stands where a folder is wanted', hint: 'Name a folder.' },
  EISDIR: { message: 'a folder stands where a file is wanted', hint: 'Name a file in that folder.' },
  EIO: {
    message: 'the disk could not be read or written',
    hint: 'Look at the system log: the disk may be failing.',
  },
  SQLITE_IOERR: {
    message: 'the disk could not be read or written',
    hint: 'Look at the system log: the disk may be failing.',
  },
  EMFILE: { message: 'too many files are open', hint: 'Raise the limit, for example with `ulimit -n 4096`.' },
};

/** Full disks, missing rights and the like, which are no defect of ours; null for every other error. */
export function machineTrouble(error: unknown): MachineTrouble | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const path = 'path' in error ? `: ${error.path}` : '';
  if (isNoRoom(error))
    return {
      message: `the disk is full${path}`,
      hint: 'Free some room on it, or name a folder on another disk.',
    };
  const known = KNOWN[String(error.code).replace(/^(SQLITE_[A-Z]+)_.*/, '$1')];
  return known === undefined ? null : { ...known, message: known.message + path };
}
