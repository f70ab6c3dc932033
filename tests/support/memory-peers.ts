import { createPeerReader } from '../../src/replicate/peer-reader.js';
import type { Peers } from '../../src/replicate/peers.js';
import { TreeRefusal } from '../../src/sign/verify/refusals.js';
import type { Tree } from './test-desk.js';

/** Peers that hold these trees in memory, asked in this order; and what was refused of any of them. */
export function memoryPeers(trees: readonly Tree[]) {
  const refused: TreeRefusal[] = [];
  const rows = trees.map((_, at) => ({ address: `memory:${at}`, state: 'current' }));
  const opened = trees.map((tree, at) => ({
    address: `memory:${at}`,
    row: rows[at],
    reader: createPeerReader(
      {
        get: async (path, { maxBytes }) => {
          const bytes = tree.get(path);
          if (bytes === undefined) return { kind: 'missing', status: 404 };
          if (bytes.length > maxBytes) return { kind: 'too-large' };
          return { kind: 'file', bytes, etag: null, wireBytes: bytes.length };
        },
      },
      { throttled: false },
    ),
  }));
  const peers = {
    usable: () => rows,
    opened: () => opened,
    open: (row: (typeof rows)[number]) => opened[rows.indexOf(row)],
    blame: (_peer: unknown, refusal: TreeRefusal) => refused.push(refusal),
    fromAnyone: async (_turn: number, take: (peer: unknown) => Promise<unknown>) => {
      for (const peer of opened) {
        try {
          return await take(peer);
        } catch (error) {
          if (!(error instanceof TreeRefusal)) throw error;
          refused.push(error);
        }
      }
      return null;
    },
  };
  return { peers: peers as unknown as Peers, readers: opened.map(({ reader }) => reader), refused };
}
