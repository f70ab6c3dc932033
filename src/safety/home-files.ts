import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMissingFile } from '../domain/missing-file.js';

/** The database's name in a state folder; its log and index stand beside it under the same name with `-wal` and `-shm`. */
export const DATABASE = 'tamizdat.sqlite';
export const DATABASE_PARTS = [DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`] as const;

/** What of a state folder a backup holds beside the database. A name with a slash at its end is a folder, with all in it. */
const KEPT = ['config.yaml', 'publishers/'] as const;
/** Held by a backup only when its keeper asks: whoever has these can speak for the node. */
const SECRET = ['secrets.yaml', 'paths.json', 'keys/'] as const;
/** Ours too: what is made again by itself, or must not outlive the rest. */
const REST = [
  ...DATABASE_PARTS,
  'writer.lock',
  'serving.lock',
  'running.json',
  'traffic.json',
  'alerts.json',
  'rebuilding',
  'ballast',
  'signed/',
  'backups/',
  'demo/',
  'replaced/',
  'incoming/',
] as const;
/** Set aside, left half-written, or SQLite's own beside a lock. */
const PASSING =
  /^(?:tamizdat\.sqlite\.damaged-.*|(?:writer|serving)\.lock-journal|(?:traffic|alerts|paths)\.json\.new|incoming-check-\d+)$/;

const topOf = (name: string): string => name.replace(/\/$/, '');

/** Whether what stands at the top of a state folder is this program's, and so may be wiped. */
export const isOurs = (name: string): boolean =>
  PASSING.test(name) || [...KEPT, ...SECRET, ...REST].some((known) => topOf(known) === name);

/** Whether it holds keys or secrets. */
export const isSecretAtTop = (name: string): boolean => SECRET.some((known) => topOf(known) === name);
const within = (name: string, known: readonly string[]): boolean =>
  known.some((one) => (one.endsWith('/') ? name.startsWith(one) : name === one));

export const isSecret = (name: string): boolean => within(name, SECRET);

/** Files of a state folder that a backup holds beside the database, by name, with `/` between folders; links are left out. */
export function filesToKeep(home: string, withKeys: boolean): string[] {
  return [...KEPT, ...(withKeys ? SECRET : [])].flatMap((known) =>
    known.endsWith('/') ? filesBelow(home, known.slice(0, -1)) : isFile(join(home, known)) ? [known] : [],
  );
}

/** Regular files below a folder of `home`, the folder's name included; none where there is no such folder. Throws where it may not be read: a backup must not leave keys out in silence. */
export function filesBelow(home: string, folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(join(home, folder)).sort();
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
  return names.flatMap((name) => {
    const path = `${folder}/${name}`;
    const stat = lstatSync(join(home, path));
    return stat.isDirectory() ? filesBelow(home, path) : stat.isFile() ? [path] : [];
  });
}

const isFile = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** A name that a backup may hold: what `filesToKeep` can give, and nothing that could leave the folder. */
export const isBackupName = (name: string): boolean =>
  name === DATABASE ||
  (within(name, [...KEPT, ...SECRET]) &&
    name.split('/').every((part) => part !== '' && !/^\.{1,2}$|[\p{Cc}\\]/u.test(part)));
