import { HEAD_MAX_BYTES } from '../sign/head.js';
import { Equivocation, MissingFile, TreeRefusal } from '../sign/verify/refusals.js';
import type { TreeState } from '../sign/verify/tree-state.js';
import { type VerifiedHead, verifyHead } from '../sign/verify/verify-head.js';
import type { OpenPeer, Peers } from './peers.js';
import type { ReplicaDeps } from './replica-deps.js';

export type HeadsOutcome =
  | { kind: 'newer'; head: VerifiedHead; peer: OpenPeer }
  /** At least one peer proved that what is known is the newest it has. */
  | { kind: 'current' }
  /** Peers answered, with older heads only. */
  | { kind: 'stale' }
  | { kind: 'nobody'; reason: string }
  /** The desk contradicted itself. */
  | { kind: 'alarm'; refusal: TreeRefusal };

interface Seen {
  peer: OpenPeer;
  head: VerifiedHead;
}

/**
 * docs/formats.md, "Pulling", 1 to 3: heads of three peers at once, each verified on its own from what is known; the highest
 * (root, timestamp) wins, the others are stale, liars, or half of an equivocation.
 */
export async function lookAtHeads(
  state: TreeState,
  known: { rootVersion: number; timestampVersion: number },
  peers: Peers,
  deps: ReplicaDeps,
): Promise<HeadsOutcome> {
  const asked = new Set<string>();
  const seen: Seen[] = [];
  let reason = 'there is no peer to ask: every one is banned for lying, or none was given';
  let answered = false;
  // Liars are replaced by others, so that one honest peer among many is found in one pass.
  for (;;) {
    const next = nextPeers(peers, asked);
    if (next.length === 0) break;
    for (const peer of next) asked.add(peer.address);
    const results = await Promise.all(next.map((peer) => lookAt(peer, state, known, deps)));
    for (const result of results) {
      if (result.kind === 'refused') {
        peers.blame(result.peer, result.refusal, result.bytes);
        if (result.refusal.blame === 'desk') return { kind: 'alarm', refusal: result.refusal };
        if (result.refusal.blame === 'stale') answered = true;
        reason = result.refusal.message;
      } else {
        answered = true;
        if (result.kind === 'head') seen.push(result);
        else noteUnchanged(result.peer, known, peers, deps.clock.now());
      }
    }
    if (results.some(({ kind }) => kind !== 'refused')) break;
  }
  const equivocation = findEquivocation(seen, peers);
  if (equivocation !== null) return { kind: 'alarm', refusal: equivocation };
  const best = seen.reduce<Seen | null>(
    (top, one) => (top === null || compare(versionsOf(one.head), versionsOf(top.head)) > 0 ? one : top),
    null,
  );
  const top = best !== null && compare(versionsOf(best.head), known) > 0 ? versionsOf(best.head) : known;
  for (const one of seen) note(one, top, peers, deps.clock.now());
  if (best !== null && compare(versionsOf(best.head), known) > 0) return { kind: 'newer', ...best };
  const isCurrent = peers.opened().some(({ row }) => row.state === 'current' && asked.has(row.address));
  if (isCurrent) return { kind: 'current' };
  return answered ? { kind: 'stale' } : { kind: 'nobody', reason };
}

function nextPeers(peers: Peers, asked: ReadonlySet<string>): OpenPeer[] {
  if (asked.size === 0) return peers.choose();
  return peers
    .usable()
    .filter(({ address }) => !asked.has(address))
    .slice(0, 3)
    .map(peers.open);
}

type Look =
  | ({ kind: 'head' } & Seen)
  | { kind: 'unchanged'; peer: OpenPeer }
  | { kind: 'refused'; peer: OpenPeer; refusal: TreeRefusal; bytes: Buffer | null };

async function lookAt(peer: OpenPeer, state: TreeState, known: Versions, deps: ReplicaDeps): Promise<Look> {
  let bytes: Buffer | null = null;
  const { rootVersion, timestampVersion } = peer.row;
  // A tag of a head that was seen and never taken would hide it for ever.
  const isTaken = rootVersion === known.rootVersion && timestampVersion === known.timestampVersion;
  try {
    const reading = await peer.reader.read('head.json', HEAD_MAX_BYTES, isTaken ? peer.row.etag : null);
    if (reading.bytes === 'not-modified') return { kind: 'unchanged', peer };
    if (reading.bytes === null) throw new MissingFile('head.json');
    bytes = reading.bytes;
    const head = await verifyHead(bytes, state, peer.reader.file, deps.clock.now());
    peer.row.etag = reading.etag;
    return { kind: 'head', peer, head };
  } catch (error) {
    if (!(error instanceof TreeRefusal)) throw error;
    peer.row.etag = null;
    return { kind: 'refused', peer, refusal: error, bytes };
  }
}

interface Versions {
  rootVersion: number;
  timestampVersion: number;
}

const versionsOf = ({ rootVersion, timestampVersion }: VerifiedHead): Versions => ({
  rootVersion,
  timestampVersion,
});

/** A newer root counts for more than any timestamp: versions may be set back with it. */
const compare = (a: Versions, b: Versions): number =>
  a.rootVersion - b.rootVersion || a.timestampVersion - b.timestampVersion;

/** Two peers, one version, two truths: each verified alone, and they cannot both be. */
function findEquivocation(seen: readonly Seen[], peers: Peers): Equivocation | null {
  for (const [at, one] of seen.entries()) {
    const other = seen
      .slice(at + 1)
      .find(
        ({ head }) => compare(versionsOf(head), versionsOf(one.head)) === 0 && !sayTheSame(head, one.head),
      );
    if (other === undefined) continue;
    const refusal = new Equivocation('timestamp', one.head.bytes, other.head.bytes);
    for (const { peer } of [one, other]) peers.blame(peer, refusal);
    return refusal;
  }
  return null;
}

const sayTheSame = (a: VerifiedHead, b: VerifiedHead): boolean =>
  a.timestamp.equals(b.timestamp) && a.root.equals(b.root) && a.note === b.note;

function note({ peer, head }: Seen, top: Versions, peers: Peers, at: number): void {
  const isTop = compare(versionsOf(head), top) === 0;
  peer.row = {
    ...peer.row,
    ...versionsOf(head),
    state: isTop ? 'current' : 'stale',
    reason: isTop ? null : `timestamp ${head.timestampVersion} where ${top.timestampVersion} is known`,
    triedAt: at,
    answeredAt: at,
    bannedUntil: null,
    issuedAt: head.issuedAt,
    size: head.checkpoint.size,
  };
  peers.save(peer);
}

function noteUnchanged(peer: OpenPeer, known: Versions, peers: Peers, at: number): void {
  const { rootVersion, timestampVersion } = peer.row;
  const isCurrent =
    rootVersion !== null &&
    timestampVersion !== null &&
    compare({ rootVersion, timestampVersion }, known) >= 0;
  peer.row = {
    ...peer.row,
    state: isCurrent ? 'current' : 'stale',
    reason: isCurrent ? null : `timestamp ${timestampVersion} where ${known.timestampVersion} is known`,
    triedAt: at,
    answeredAt: at,
  };
  peers.save(peer);
}
