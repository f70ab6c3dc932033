import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { type Clock, systemClock } from '../domain/clock.js';
import { TamizdatError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import { throwBallastOff } from '../safety/ballast.js';
import { diskRoom } from '../safety/disk-room.js';
import {
  CHECKED_AT_START_BYTES,
  databaseBytes,
  mendDatabase,
  type Rebuilt,
} from '../safety/mend-database.js';
import { type FileLock, takeServingLock, takeWriterLock } from '../store/writer-lock.js';
import { openTree } from './tree.js';

/**
 * Before a node serves from its home: sets a damaged database aside and rebuilds it,
 * says to others that the home is in use, and creates or migrates the database. Throws what the locks and `openDatabase` throw.
 */
export async function enterHome(config: Config, log: Log, clock: Clock): Promise<FileLock> {
  throwBallastOff(config.home);
  const serving = takeServingLock(join(config.home, 'serving.lock'));
  try {
    const isSmall = databaseBytes(config.home) <= CHECKED_AT_START_BYTES;
    await mendHome(config, log, isSmall ? 'quick' : 'glance', clock);
    openTree(config, false).store.close();
  } catch (error) {
    serving.release();
    throw error;
  }
  return serving;
}

/** Throws `disk-full` where a pass should not begin: readers are served on, and the next pass looks again. */
export function refuseFullDisk({ home }: Config): void {
  if (!existsSync(home)) return;
  const { freeBytes, state } = diskRoom(home);
  if (state !== 'full') return;
  throw new TamizdatError('disk-full', `the disk is full: ${Math.floor(freeBytes / 1024)} KiB are free`, {
    hint: 'Free some room on that disk: syncing goes on by itself. `tamizdat status` shows how much there is.',
    retryable: true,
  });
}

/** Mends the database where it is damaged; leaves it alone while another process writes into it, since that one has it open. */
export async function mendHome(
  config: Config,
  log: Log,
  depth: 'glance' | 'quick',
  clock: Clock = systemClock,
): Promise<Rebuilt | null> {
  let lock: FileLock;
  try {
    lock = takeWriterLock(join(config.home, 'writer.lock'));
  } catch (error) {
    if (error instanceof TamizdatError && error.code === 'writer-busy') return null;
    throw error;
  }
  try {
    return await mendDatabase({ home: config.home, backups: config.backup.dir, clock, log }, depth);
  } finally {
    lock.release();
  }
}

/** How long reading a home's database through may take, and bringing a backup in: supposing a disk that gives 4 MB a second. */
export const msToReadDatabase = (config: Config): number =>
  (databaseBytes(config.home) / 4_000_000) * 1_000 * 3;
