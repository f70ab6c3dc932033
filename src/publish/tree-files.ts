import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { faultPoint } from '../domain/fault-point.js';

/** What is half written stands here, where nobody is served from. */
const HALF_WRITTEN = '.tmp';

export type TreeFiles = ReturnType<typeof createTreeFiles>;

/** A folder of plain files, each of which is there whole or not at all. Paths are relative, with slashes. */
export function createTreeFiles(root: string) {
  const known = new Set<string>();
  function folder(path: string): void {
    if (known.has(path)) return;
    mkdirSync(path, { recursive: true, mode: 0o755 });
    known.add(path);
  }
  return {
    has: (path: string): boolean => existsSync(join(root, path)),
    read: (path: string): Buffer | null => {
      try {
        return readFileSync(join(root, path));
      } catch {
        return null;
      }
    },
    /** Temp, fsync, rename. Throws what the file system says: a full disk, a folder that may not be written to. */
    write: (path: string, bytes: Uint8Array): void => {
      const target = join(root, path);
      const half = join(root, HALF_WRITTEN, 'file');
      folder(dirname(half));
      folder(dirname(target));
      const handle = openSync(half, 'w', 0o644);
      try {
        writeFileSync(handle, bytes);
        faultPoint('sign:file-half-written');
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(half, target);
    },
    remove: (path: string): void => {
      rmSync(join(root, path), { force: true, recursive: true });
    },
    /** Sweeps away what a killed write left. */
    sweep: (): void => {
      rmSync(join(root, HALF_WRITTEN), { force: true, recursive: true });
      known.clear();
    },
  };
}
