import { type Stats, statSync } from 'node:fs';
import { readSecretPaths, type SecretPaths, secretPathsFile } from '../config/secret-paths.js';

/** Where in the tree a request leads, and the folder it came through: `/` or `/word/`. */
export interface Place {
  folder: string;
  path: string;
}

export interface Places {
  /** Null: outside every folder that the tree stands in. */
  locate(url: string): Place | null;
  /** Whether nothing but those folders may show that there is a mirror. */
  isQuiet(): boolean;
  /** Another whenever `locate` may answer otherwise. */
  generation(): number;
  /** Looks whether the keeper has added or taken back a path. */
  refresh(): void;
}

/**
 * The configured folder, and the secret paths in `home`. Throws UsageError at the start where their file cannot be read; later it
 * keeps what was known, since answering openly would betray the address, and tells `onTrouble`.
 */
export function createPlaces(home: string, basePath: string, onTrouble: (reason: string) => void): Places {
  const version = (): string | null => versionOf(statSync(secretPathsFile(home), { throwIfNoEntry: false }));
  let seen = version();
  let folders: readonly string[] = [];
  let quiet = false;
  let generation = 0;

  function take(known: SecretPaths): void {
    generation += 1;
    const secret = known.paths.map(({ word }) => `/${word}/`);
    quiet = known.quiet || basePath !== '/';
    folders = known.quiet && basePath === '/' ? secret : [...secret, basePath];
  }
  take(readSecretPaths(home));

  return {
    locate: (url) => {
      const end = url.search(/[?#]/);
      const path = end === -1 ? url : url.slice(0, end);
      const folder = folders.find((candidate) => path.startsWith(candidate));
      if (folder !== undefined) return { folder, path: path.slice(folder.length - 1) };
      // The folder's own name without its slash; the tree sends it on like any other folder.
      const named = folders.find((candidate) => candidate === `${path}/`);
      return named === undefined ? null : { folder: named, path: '' };
    },
    isQuiet: () => quiet,
    generation: () => generation,
    refresh: () => {
      const current = version();
      // A file that vanished is no order to answer openly: `paths open` writes one.
      if (current === null || current === seen) return;
      seen = current;
      try {
        take(readSecretPaths(home));
      } catch (error) {
        onTrouble(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

const versionOf = (stats: Stats | undefined): string | null =>
  stats === undefined ? null : `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
