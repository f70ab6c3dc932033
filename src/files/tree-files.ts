import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { faultPoint } from '../domain/fault-point.js';
import { isMissingFile } from '../domain/missing-file.js';
import { makeFolder } from './make-folder.js';
import { writeAtomically } from './write-atomically.js';

/** What is half written stands here, where nobody is served from. */
const HALF_WRITTEN = '.tmp';

/** Where the tree of a repository stands in a node's state folder. */
export const treeFolder = (home: string, repository: string): string => join(home, 'signed', repository);

export type TreeFiles = ReturnType<typeof createTreeFiles>;

/**
 * A folder of plain files, each of which is there whole or not at all. Paths are relative, with slashes. Two that write into one
 * folder would take each other's half-written files: the writer's lock sees to it that there is one.
 */
export function createTreeFiles(root: string) {
  const known = new Set<string>();
  function folder(path: string): void {
    if (known.has(path)) return;
    makeFolder(path, 0o755);
    known.add(path);
  }
  return {
    has: (path: string): boolean => existsSync(join(root, path)),
    /** Null where there is no such file. Throws where there is one that cannot be read. */
    read: (path: string): Buffer | null => {
      try {
        return readFileSync(join(root, path));
      } catch (error) {
        if (isMissingFile(error)) return null;
        throw error;
      }
    },
    /** Throws what the file system says: a full disk, a folder that may not be written to. */
    write: (path: string, bytes: Uint8Array): void => {
      const [half, target] = [join(root, HALF_WRITTEN, 'file'), join(root, path)];
      folder(dirname(half));
      folder(dirname(target));
      writeAtomically(target, bytes, {
        half,
        mode: 0o644,
        onHalf: () => faultPoint('tree:file-half-written'),
      });
    },
    remove: (path: string): void => {
      rmSync(join(root, path), { force: true, recursive: true });
      for (const one of known) if (one.startsWith(join(root, path))) known.delete(one);
    },
    /** Sweeps away what a killed write left. */
    sweep: (): void => {
      rmSync(join(root, HALF_WRITTEN), { force: true, recursive: true });
      known.clear();
    },
  };
}
