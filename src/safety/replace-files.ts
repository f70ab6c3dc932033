import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { faultPoint } from '../domain/fault-point.js';
import { syncToDisk, writeAtomically } from '../files/write-atomically.js';
import { DATABASE, DATABASE_PARTS } from './home-files.js';

/** Where a restore unpacks, and where it keeps what it replaces until it is done. */
export const INCOMING = 'incoming';
const REPLACED = 'replaced';
const JOURNAL = 'journal.json';

/**
 * Puts files of `<home>/incoming/` in the place of those in `home`, all or none: what they replace waits in `<home>/replaced/`, and
 * where the process ends before the last is in place, `undoReplacement` puts everything back. Call it holding both locks.
 */
export function replaceFiles(home: string, names: readonly string[]): void {
  const aside = join(home, REPLACED);
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { mode: 0o700 });
  // Log and index of the old database would be taken for the new one's.
  const leaving = [...new Set([...names, ...(names.includes(DATABASE) ? DATABASE_PARTS : [])])];
  const arriving = names.filter((name) => !existsSync(join(home, name)));
  writeAtomically(join(aside, JOURNAL), JSON.stringify({ leaving, arriving }), {
    half: join(aside, `${JOURNAL}.half`),
    mode: 0o600,
  });
  syncToDisk(aside);
  syncToDisk(home);
  for (const name of leaving) {
    if (!existsSync(join(home, name))) continue;
    move(join(home, name), join(aside, name));
  }
  faultPoint('restore:old-files-aside');
  for (const name of names) move(join(home, INCOMING, name), join(home, name));
  faultPoint('restore:new-files-in-place');
  syncToDisk(home);
  // From here on the new state counts: without its journal the folder is only something to delete.
  rmSync(join(aside, JOURNAL));
  syncToDisk(aside);
  faultPoint('restore:settled');
  rmSync(aside, { recursive: true, force: true });
  rmSync(join(home, INCOMING), { recursive: true, force: true });
}

/** Whether a replacement is under way, or was cut off: before its end, or while it cleared away after it. */
export const isReplacementCutOff = (home: string): boolean => existsSync(join(home, REPLACED));

/** Puts back what a replacement that was cut off had set aside, and clears away what it left. Call it holding both locks. */
export function undoReplacement(home: string): void {
  const aside = join(home, REPLACED);
  if (existsSync(join(aside, JOURNAL))) {
    const { leaving, arriving } = readJournal(join(aside, JOURNAL));
    for (const name of arriving) rmSync(join(home, name), { force: true });
    for (const name of leaving) {
      if (existsSync(join(aside, name))) move(join(aside, name), join(home, name));
    }
    syncToDisk(home);
    rmSync(join(aside, JOURNAL));
  }
  rmSync(aside, { recursive: true, force: true });
  rmSync(join(home, INCOMING), { recursive: true, force: true });
}

/** A journal that was being written names nothing that had been moved yet. */
function readJournal(path: string): { leaving: readonly string[]; arriving: readonly string[] } {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { leaving: string[]; arriving: string[] };
  } catch {
    return { leaving: [], arriving: [] };
  }
}

function move(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  renameSync(from, to);
}
