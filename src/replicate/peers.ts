import { TreeRefusal } from '../sign/verify/refusals.js';
import type { ReplicaPeer } from '../store/replica-peer-table.js';
import { createPeerReader, type PeerReader } from './peer-reader.js';
import { sourceOf } from './peer-source.js';
import type { ReplicaDeps } from './replica-deps.js';

/** docs/formats.md, "Pulling", 3: how long a liar is not asked again. */
export const BAN_MS = 24 * 3_600_000;
const ASKED_AT_ONCE = 3;

export interface OpenPeer {
  readonly address: string;
  reader: PeerReader;
  /** As it stands in the store, and as it will: `save` writes it down. */
  row: ReplicaPeer;
}

export type Peers = ReturnType<typeof createPeers>;

/** The peers of one repository during one pass: who may be asked, who did well, who lied. */
export function createPeers(
  replicaId: number,
  deps: ReplicaDeps,
  signal?: AbortSignal,
  only?: readonly string[],
) {
  const { store, clock, log } = deps;
  const now = clock.now();
  const opened = new Map<string, OpenPeer>();

  function open(row: ReplicaPeer): OpenPeer {
    const known = opened.get(row.address);
    if (known !== undefined) return known;
    const peer: OpenPeer = {
      address: row.address,
      row: { ...row },
      reader: createPeerReader(sourceOf(row.address, deps.fetcher), {
        throttled: row.throttled,
        onThrottled: () => {
          peer.row.throttled = true;
        },
        ...(signal === undefined ? {} : { signal }),
      }),
    };
    opened.set(row.address, peer);
    return peer;
  }

  const isBanned = (row: ReplicaPeer): boolean => row.bannedUntil !== null && row.bannedUntil > now;
  /** A stick is asked alone, and is no peer afterwards. */
  const known = (): ReplicaPeer[] =>
    only === undefined
      ? store.replicaPeers.of(replicaId)
      : only.map((address) => opened.get(address)?.row ?? strangerAt(replicaId, address));
  const usable = (): ReplicaPeer[] => known().filter((row) => !isBanned(row));

  /** One that did well before, one by chance, one near the desk: the addresses of a trust string stand in that order. */
  function choose(): OpenPeer[] {
    const rows = usable();
    const chosen: ReplicaPeer[] = [];
    const take = (row: ReplicaPeer | undefined): void => {
      if (row !== undefined && !chosen.includes(row)) chosen.push(row);
    };
    take(rows.find((row) => row.isSticky));
    const others = rows.filter((row) => !chosen.includes(row));
    take(others[Math.floor(deps.random() * others.length)]);
    for (const row of rows) if (chosen.length < ASKED_AT_ONCE) take(row);
    return chosen.map(open);
  }

  function save(peer: OpenPeer): void {
    store.replicaPeers.put(peer.row);
  }

  function blame(peer: OpenPeer, refusal: TreeRefusal, bytes: Buffer | null = null): void {
    const at = clock.now();
    peer.row = { ...peer.row, triedAt: at, reason: refusal.message, isSticky: false };
    if (refusal.blame === 'nobody') peer.row.state = 'silent';
    else {
      peer.row.answeredAt = at;
      peer.row.state = refusal.blame === 'stale' ? 'stale' : refusal.blame === 'liar' ? 'liar' : 'accuser';
    }
    if (refusal.blame === 'liar' || refusal.blame === 'desk') {
      if (refusal.blame === 'liar') peer.row.bannedUntil = at + BAN_MS;
      const evidence =
        'evidence' in refusal ? (refusal.evidence as { known: Uint8Array; offered: Uint8Array }) : null;
      store.replicaPeers.accuse(replicaId, {
        address: peer.address,
        at,
        attack: refusal.name,
        reason: refusal.message,
        bytes: evidence === null ? bytes : Buffer.from(evidence.offered),
        known: evidence === null ? null : Buffer.from(evidence.known),
      });
      log.warn('peer-refused', { peer: peer.address, attack: refusal.name, reason: refusal.message });
    }
    save(peer);
  }

  /**
   * Asks one peer after another, from a different one each time, until one gives what `take` accepts. Liars are blamed on the way.
   * Null where nobody has it.
   */
  async function fromAnyone<T>(
    turn: number,
    take: (peer: OpenPeer) => Promise<T>,
    onRefusal: (refusal: TreeRefusal) => void = () => {},
  ): Promise<T | null> {
    const rows = usable().filter((row) => row.state !== 'silent' || opened.get(row.address) === undefined);
    for (let at = 0; at < rows.length; at += 1) {
      if (signal?.aborted) return null;
      const row = rows[(turn + at) % rows.length];
      if (row === undefined) continue;
      const peer = open(row);
      if (isBanned(peer.row)) continue;
      try {
        return await take(peer);
      } catch (error) {
        if (!(error instanceof TreeRefusal)) throw error;
        onRefusal(error);
        // A file that is not there is a half-copied tree's, and no reason to think less of what it has.
        if (error.blame === 'liar') blame(peer, error);
        else if (error.name !== 'MissingFile') blame(peer, error);
      }
    }
    return null;
  }

  return { choose, open, save, blame, fromAnyone, usable, opened: () => [...opened.values()] };
}

const strangerAt = (replicaId: number, address: string): ReplicaPeer => ({
  replicaId,
  address,
  origin: 'trust',
  state: 'untried',
  reason: null,
  triedAt: null,
  answeredAt: null,
  bannedUntil: null,
  throttled: false,
  etag: null,
  rootVersion: null,
  timestampVersion: null,
  issuedAt: null,
  size: null,
  isSticky: false,
});
