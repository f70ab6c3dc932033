import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

const isFolderThere = (error: unknown, path: string): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST' && existsSync(`${path}/.`);

/**
 * Makes a folder and those above it that are missing, as `mkdir -p` does. Throws what the file system says. Node's own recursive
 * `mkdirSync` runs for ever where a file system answers that a folder it has is missing, as Linux's /proc does.
 */
export function makeFolder(path: string, mode: number): void {
  const parent = dirname(path);
  if (!existsSync(parent) && parent !== path) makeFolder(parent, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (!isFolderThere(error, path)) throw error;
  }
}
