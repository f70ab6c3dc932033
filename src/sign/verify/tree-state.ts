import { EMPTY_FRONTIER, type Frontier } from '../merkle.js';

/** What was verified of a repository, byte for byte: the seed of the next verification. */
export interface TreeState {
  /** Its name: 16 base32 characters. */
  repository: string;
  root: Buffer;
  timestamp: Buffer | null;
  snapshot: Buffer | null;
  targets: Buffer | null;
  edition: Buffer | null;
  /** The signed note. */
  checkpoint: string | null;
  frontier: Frontier;
}

export const freshState = (repository: string, root: Buffer): TreeState => ({
  repository,
  root,
  timestamp: null,
  snapshot: null,
  targets: null,
  edition: null,
  checkpoint: null,
  frontier: EMPTY_FRONTIER,
});

/**
 * Reads a file of the tree by its path. Null where it is not there; throws a refusal (`EndlessData` past `maxBytes`), or whatever
 * says that the peer could not be asked.
 */
export type TreeReader = (path: string, maxBytes: number) => Promise<Buffer | null>;

/** As much as a head may have: a file of metadata holds a handful of targets. */
export const METADATA_MAX_BYTES = 64 * 1_024;
/** More rotations at once than this are no rotation. */
export const MOST_ROTATIONS = 256;
