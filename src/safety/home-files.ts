import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The database's name in a state folder; its log and index stand beside it under the same name with `-wal` and `-shm`. */
export const DATABASE = 'tamizdat.sqlite';
export const DATABASE_PARTS = [DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`] as const;

/** What of a state folder a backup holds beside the database. A name with a slash at its end is a folder, with all in it. */
const KEPT = ['config.yaml', 'publishers/'] as const;
/** Held by a backup only when its keeper asks: whoever has these can speak for the node. */
const SECRET = ['secrets.yaml', 'keys/'] as const;
const within = (name: string, known: readonly string[]): boolean =>
  known.some((one) => (one.endsWith('/') ? name.startsWith(one) : name === one));

export const isSecret = (name: string): boolean => within(name, SECRET);

/** Files of a state folder that a backup holds beside the database, by name, with `/` between folders; links are left out. */
export function filesToKeep(home: string, withKeys: boolean): string[] {
  return [...KEPT, ...(withKeys ? SECRET : [])].flatMap((known) =>
    known.endsWith('/') ? filesBelow(home, known.slice(0, -1)) : isFile(join(home, known)) ? [known] : [],
  );
}

/** Regular files below a folder of `home`, the folder's name included; none where there is no such folder. */
export function filesBelow(home: string, folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(join(home, folder)).sort();
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const path = `${folder}/${name}`;
    const stat = lstatSync(join(home, path));
    return stat.isDirectory() ? filesBelow(home, path) : stat.isFile() ? [path] : [];
  });
}

function isFile(path: string): boolean {
  try {
    return lstatSync(path).isFile();
  } catch {
    return false;
  }
}

/** A name that a backup may hold: what `filesToKeep` can give, and nothing that could leave the folder. */
export const isBackupName = (name: string): boolean =>
  name === DATABASE ||
  (within(name, [...KEPT, ...SECRET]) &&
    name.split('/').every((part) => part !== '' && !/^\.{1,2}$|[\p{Cc}\\]/u.test(part)));
