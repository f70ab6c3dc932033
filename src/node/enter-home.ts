import { join } from 'node:path';
import type { Config } from '../config/config.js';
import type { Log } from '../domain/log.js';
import { undoCutOffRestore } from '../safety/restore-backup.js';
import { type FileLock, takeServingLock } from '../store/writer-lock.js';
import { openTree } from './tree.js';

/**
 * Before a node serves from its home: puts back what a killed restore had set aside, says to others that the home is in use, and
 * creates or migrates the database. Throws what the locks and `openDatabase` throw.
 */
export function enterHome(config: Config, log: Log): FileLock {
  undoCutOffRestore(config.home, log);
  const serving = takeServingLock(join(config.home, 'serving.lock'));
  try {
    openTree(config, false).store.close();
  } catch (error) {
    serving.release();
    throw error;
  }
  return serving;
}
