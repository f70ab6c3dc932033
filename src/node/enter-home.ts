import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { type Clock, systemClock } from '../domain/clock.js';
import { TamizdatError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import {
  CHECKED_AT_START_BYTES,
  databaseBytes,
  mendDatabase,
  type Rebuilt,
} from '../safety/mend-database.js';
import { undoCutOffRestore } from '../safety/restore-backup.js';
import { type FileLock, takeServingLock, takeWriterLock } from '../store/writer-lock.js';
import { openTree } from './tree.js';

/**
 * Before a node serves from its home: puts back what a killed restore had set aside, sets a damaged database aside and rebuilds it,
 * says to others that the home is in use, and creates or migrates the database. Throws what the locks and `openDatabase` throw.
 */
export async function enterHome(config: Config, log: Log, clock: Clock): Promise<FileLock> {
  undoCutOffRestore(config.home, log);
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
