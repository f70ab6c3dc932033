import type { PeerState, ReplicaPeer } from '../store/replica-peer-table.js';
import type { Replica } from '../store/replica-table.js';
import type { Store } from '../store/store.js';

/** A followed repository as its keeper sees it. Times in milliseconds. */
export interface FollowedReport {
  repository: string | null;
  trust: string;
  /** Entries of its log that were verified. */
  size: number;
  /** When its desk last signed that this is the newest: the "as of" of its news. */
  issuedAt: number | null;
  verifiedAt: number | null;
  triedAt: number | null;
  trouble: string | null;
  alarm: string | null;
  /** Texts still to come, and removals that wait for the owner's signature. */
  wanted: number;
  held: number;
  peers: readonly PeerReport[];
}

export interface PeerReport {
  address: string;
  state: PeerState | 'banned';
  /** Where its address comes from: the trust string, or the signed list of mirrors. */
  origin: ReplicaPeer['origin'];
  answeredAt: number | null;
  /** When the newest head it showed was signed. */
  issuedAt: number | null;
  /** Entries it is behind what is known; null where it never showed a head. */
  behind: number | null;
  bannedUntil: number | null;
  throttled: boolean;
  reason: string | null;
  /** Proofs of lies that are kept. */
  evidence: number;
}

/** Everything about the repositories that this node follows, and their peers. Only reads: for `peers`, `status`, the keeper's page. */
export function followedReport(store: Store, now: number): FollowedReport[] {
  return store.replicas.all().map((replica) => {
    const evidence = store.replicaPeers.evidence(replica.id);
    return {
      repository: replica.repository,
      trust: replica.trust,
      size: replica.size,
      issuedAt: replica.issuedAt,
      verifiedAt: replica.verifiedAt,
      triedAt: replica.triedAt,
      trouble: replica.trouble,
      alarm: replica.alarm,
      wanted: store.replicaEntries.openCount(replica.id, 'wanted'),
      held: store.replicaEntries.openCount(replica.id, 'held'),
      peers: store.replicaPeers
        .of(replica.id)
        .map((peer) =>
          peerReport(peer, replica, now, evidence.filter(({ address }) => address === peer.address).length),
        ),
    };
  });
}

function peerReport(peer: ReplicaPeer, replica: Replica, now: number, evidence: number): PeerReport {
  const isBanned = peer.bannedUntil !== null && peer.bannedUntil > now;
  return {
    address: peer.address,
    state: isBanned ? 'banned' : peer.state,
    origin: peer.origin,
    answeredAt: peer.answeredAt,
    issuedAt: peer.issuedAt,
    behind: peer.size === null ? null : Math.max(0, replica.size - peer.size),
    bannedUntil: isBanned ? peer.bannedUntil : null,
    throttled: peer.throttled,
    reason: peer.reason,
    evidence,
  };
}
