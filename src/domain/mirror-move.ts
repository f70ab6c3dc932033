/** This mirror has, or will have, another address. */
export interface MirrorMove {
  /** Absolute, with a slash at its end. */
  to: string;
  announcedAt: number;
  /** Feeds are answered with a permanent redirect; before a block they are not, since the old address still works. */
  redirects: boolean;
}

/** Where the store keeps it. */
export const MIRROR_MOVE = 'mirror-move';

export const writeMirrorMove = (move: MirrorMove | null): string => JSON.stringify(move);

/** Null where nothing was announced. The value was written by `writeMirrorMove`. */
export const parseMirrorMove = (value: string | null): MirrorMove | null =>
  value === null ? null : (JSON.parse(value) as MirrorMove | null);
