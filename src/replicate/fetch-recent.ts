import { parseRecent, RECENT_MAX_BYTES, RECENT_MOST, RECENT_PATH } from '../sign/recent.js';
import { TILE_WIDTH, tileWidth } from '../sign/tiles.js';
import { FalseEntries, MissingFile } from '../sign/verify/refusals.js';
import type { VerifiedHead } from '../sign/verify/verify-head.js';
import type { OpenPeer, Peers } from './peers.js';
import { unpack } from './unpack.js';

export interface RecentEntries {
  entries: Buffer[];
  peer: OpenPeer;
}

/** Whether the newest entries in one file are less to read than the bundles they stand in: two of them, or one that is nearly full. */
export function isWorthIt(known: number, { checkpoint, tail }: VerifiedHead): boolean {
  if (checkpoint.size - known > RECENT_MOST) return false;
  const [first, last] = [known, tail.frontier.size - 1].map((at) => Math.floor(at / TILE_WIDTH));
  return first !== last || tileWidth(0, first ?? 0, checkpoint.size) > RECENT_MOST;
}

/** Entries from `known` up to the tail of the head, unproved; null where nobody has them in one file. */
export async function fetchRecent(
  known: number,
  { tail }: VerifiedHead,
  peers: Peers,
): Promise<RecentEntries | null> {
  return peers.fromAnyone(0, async (peer) => {
    const packed = await peer.reader.mustRead(RECENT_PATH, RECENT_MAX_BYTES);
    const recent = parseRecent(unpack(RECENT_PATH, packed, RECENT_MAX_BYTES));
    if (recent === null) throw new FalseEntries(RECENT_PATH, 'is no list of entries');
    const entries = recent.entries.slice(known - recent.start, tail.frontier.size - recent.start);
    // It is written anew with each head, so that of a copy under way may be older or newer than the head at hand.
    if (recent.start > known || entries.length < tail.frontier.size - known)
      throw new MissingFile(RECENT_PATH, 'does not reach from what is known to the head');
    return { entries, peer };
  });
}
