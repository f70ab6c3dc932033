import { statfsSync } from 'node:fs';

/**
 * Kept free for what must still be written when everything else stops: the end of a transaction, the database's log brought in, a
 * certificate renewed by whatever stands in front.
 */
const RESERVE_BYTES = 32 * 2 ** 20;
/** A disk with less left than so much is called low: a pass of a busy day, pictures included, needs about as much. */
const LOW_BYTES = 8 * RESERVE_BYTES;

export interface DiskRoom {
  freeBytes: number;
  totalBytes: number;
  /** `full`: no pass begins. `low`: passes go on, backups do not. Small disks are judged by their size: 10 % is low, 2 % full. */
  state: 'ok' | 'low' | 'full';
}

/** How much room is left where `folder` is, for this user. */
export function diskRoom(folder: string): DiskRoom {
  const { bavail, blocks, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  const totalBytes = blocks * bsize;
  const full = Math.min(RESERVE_BYTES, totalBytes * 0.02);
  const low = Math.min(LOW_BYTES, totalBytes * 0.1);
  return { freeBytes, totalBytes, state: freeBytes < full ? 'full' : freeBytes < low ? 'low' : 'ok' };
}
