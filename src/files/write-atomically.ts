import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';

/**
 * A file that is there whole or not at all: written beside, synced, renamed. `half` is where it stands until then, on the same file
 * system. Throws what the file system says: a full disk, a folder that may not be written to.
 */
export function writeAtomically(
  target: string,
  bytes: Uint8Array | string,
  { half, mode, onHalf }: { half: string; mode: number; onHalf?: () => void },
): void {
  const handle = openSync(half, 'w', mode);
  try {
    writeFileSync(handle, bytes);
    onHalf?.();
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(half, target);
}

/** Waits until what a file, or the names in a folder, were last changed to is on the disk. */
export function syncToDisk(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
