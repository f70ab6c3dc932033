import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own, of so many megabytes, in memory; null where this user may not mount one. */
export function mountSmallDisk(megabytes: number): { path: string; unmount(): void } | null {
  const path = mkdtempSync(join(tmpdir(), 'tamizdat-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]);
  if (mounted.status !== 0) {
    rmSync(path, { recursive: true });
    return null;
  }
  return {
    path,
    unmount: () => {
      spawnSync('umount', ['-l', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Why tests of a full disk cannot run here; null where they can. */
export function noSmallDisk(): string | null {
  const disk = mountSmallDisk(1);
  disk?.unmount();
  return disk === null ? 'needs the right to mount a tmpfs (run as root)' : null;
}
