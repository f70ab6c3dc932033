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

/** Half-written files stand here, where nobody is served from. */
const HALF_WRITTEN = '.tmp-pull';

export type SignedFolder = ReturnType<typeof openSignedFolder>;

/** The folder of a followed tree: each file is there whole or not at all. */
export function openSignedFolder(home: string, repository: string) {
  const root = join(home, 'signed', repository);
  let serial = 0;
  return {
    root,
    has: (path: string): boolean => existsSync(join(root, path)),
    read: (path: string): Buffer | null => {
      try {
        return readFileSync(join(root, path));
      } catch {
        return null;
      }
    },
    /** Temp, fsync, rename. Throws what the file system says. */
    write: (path: string, bytes: Uint8Array): void => {
      serial += 1;
      const [half, target] = [join(root, HALF_WRITTEN, String(serial)), join(root, path)];
      mkdirSync(dirname(half), { recursive: true, mode: 0o755 });
      mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
      const handle = openSync(half, 'w', 0o644);
      try {
        writeFileSync(handle, bytes);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(half, target);
    },
    remove: (path: string): void => {
      rmSync(join(root, path), { force: true, recursive: true });
    },
    sweep: (): void => {
      rmSync(join(root, HALF_WRITTEN), { force: true, recursive: true });
    },
  };
}
