import { randomFillSync } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { filesBelow, isOurs, isSecretAtTop } from './home-files.js';
import { takeWholeHome } from './restore-backup.js';

export interface WipeSummary {
  /** What stood at the top of the home and is gone. */
  removed: readonly string[];
  /** Files that hold keys or secrets and were written over before. */
  overwritten: readonly string[];
  /** What is not this program's and was left, by name. */
  left: readonly string[];
}

/**
 * Removes everything of this program's from a home: database, pictures, keys, configuration, backups in it. Keys and secrets are written
 * over first, which a disk that writes elsewhere (an SSD, a snapshot, a journal) may defeat. What is not ours stays. Throws
 * `node-running` and `writer-busy`: nothing was touched then.
 */
export function wipeHome(home: string): WipeSummary {
  const lock = takeWholeHome(home);
  try {
    const names = readdirSync(home);
    const ours = names.filter((name) => isOurs(name));
    const secrets = ours.filter(isSecretAtTop).flatMap((name) => filesOf(home, name));
    for (const name of secrets) writeOver(join(home, name));
    for (const name of ours) rmSync(join(home, name), { recursive: true, force: true });
    return {
      removed: ours,
      overwritten: secrets,
      left: names.filter((name) => !isOurs(name)),
    };
  } finally {
    lock.release();
    for (const name of ['writer.lock', 'serving.lock']) rmSync(join(home, name), { force: true });
  }
}

/** Removes the folder itself where nothing is left in it; a mount point stays. */
export function removeEmptyHome(home: string): boolean {
  try {
    rmdirSync(home);
    return true;
  } catch {
    return false;
  }
}

const filesOf = (home: string, name: string): string[] =>
  lstatSync(join(home, name)).isDirectory() ? filesBelow(home, name) : [name];

function writeOver(path: string): void {
  const { size } = statSync(path);
  const handle = openSync(path, 'r+');
  try {
    writeSync(handle, randomFillSync(Buffer.alloc(size)), 0, size, 0);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
