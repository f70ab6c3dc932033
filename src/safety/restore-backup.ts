import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../domain/clock.js';
import { TamizdatError } from '../domain/errors.js';
import { makeFolder } from '../files/make-folder.js';
import { noteRestored, salvage } from '../store/database-file.js';
import { type FileLock, takeStoppedLock, takeWriterLock } from '../store/writer-lock.js';
import type { BackupManifest } from './backup-manifest.js';
import { diskRoom } from './disk-room.js';
import { DATABASE, isSecret } from './home-files.js';
import { unpackBackup } from './read-backup.js';
import { INCOMING, isReplacementCutOff, replaceFiles, undoReplacement } from './replace-files.js';

export interface RestoreOptions {
  home: string;
  file: string;
  /** Puts keys and secrets.yaml back too, where the backup has them. */
  withKeys: boolean;
  clock: Clock;
  onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** Takes what must be held while a home's contents change hands, and clears up after a restore that was cut off. */
export function takeWholeHome(home: string): FileLock {
  const stopped = takeStoppedLock(join(home, 'serving.lock'));
  let writer: FileLock;
  try {
    writer = takeWriterLock(join(home, 'writer.lock'));
  } catch (error) {
    stopped.release();
    throw error;
  }
  return {
    release: () => {
      writer.release();
      stopped.release();
    },
  };
}

/**
 * Puts back what a restore that was killed had set aside. Call it before anything of `home` is opened, its configuration included.
 * Leaves a restore alone that another process is at. Answers whether anything was put back or cleared away.
 */
export function undoCutOffRestore(home: string): boolean {
  if (!isReplacementCutOff(home)) return false;
  let lock: FileLock;
  try {
    lock = takeWholeHome(home);
  } catch (error) {
    if (error instanceof TamizdatError && error.retryable) return false;
    throw error;
  }
  try {
    undoReplacement(home);
  } finally {
    lock.release();
  }
  return true;
}

/**
 * Checks a backup and puts it in the place of what `home` holds. Until the check is over nothing is touched, and until the last file
 * is in place the old ones are kept; killed at any point, the next start finds the old state or the new one, whole. Sources are asked
 * anew at the next pass, so that what came after the backup comes again. Throws `node-running`, `writer-busy`, `disk-full`,
 * `backup-without-keys` and what `unpackBackup` throws.
 */
export async function restoreBackup(options: RestoreOptions): Promise<BackupManifest> {
  const { home, file, withKeys, clock } = options;
  makeFolder(home, 0o700);
  const lock = takeWholeHome(home);
  try {
    undoReplacement(home);
    const manifest = await unpackInto(join(home, INCOMING), options);
    if (withKeys && !manifest.keys)
      throw new TamizdatError('backup-without-keys', 'this backup was made without keys', {
        hint: 'Restore it without --with-keys: keys that are here stay.',
      });
    const names = manifest.files.map(({ name }) => name).filter((name) => withKeys || !isSecret(name));
    noteRestored(join(home, INCOMING, DATABASE), {
      at: clock.now(),
      from: file,
      created: manifest.created,
    });
    // What this home's desk has signed since stays signed, and what its keeper decided stays decided.
    if (existsSync(join(home, DATABASE))) salvage(join(home, DATABASE), join(home, INCOMING, DATABASE));
    replaceFiles(home, names);
    return manifest;
  } finally {
    rmSync(join(home, INCOMING), { recursive: true, force: true });
    lock.release();
  }
}

/** Only looks: unpacks into a folder beside the backup's own home, checks, and clears away again. */
export async function checkBackup(
  options: Pick<RestoreOptions, 'home' | 'file' | 'onProgress'>,
): Promise<BackupManifest> {
  const folder = join(options.home, `${INCOMING}-check-${process.pid}`);
  try {
    return await unpackInto(folder, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function unpackInto(
  folder: string,
  { file, onProgress }: Pick<RestoreOptions, 'file' | 'onProgress'>,
): Promise<BackupManifest> {
  if (!existsSync(file))
    throw new TamizdatError('backup-unreadable', `there is no ${file}`, {
      hint: 'Give the path of a file that `tamizdat backup` made. Automatic ones are in <home>/backups.',
    });
  rmSync(folder, { recursive: true, force: true });
  makeFolder(folder, 0o700);
  const { freeBytes } = diskRoom(folder);
  // Packed it is at most a little larger than its contents; how much larger they are shows while it is unpacked.
  if (freeBytes < statSync(file).size)
    throw new TamizdatError('disk-full', `there is no room to unpack it: ${freeBytes} B are free`, {
      hint: 'Free some room on that disk, then run it again. Nothing was changed.',
    });
  return unpackBackup(file, folder, onProgress);
}
