/** A signing role of this node's repository, and when what it signed runs out. */
export interface KeyStatus {
  role: string;
  expiresAt: number;
  /** So little of its life is left that it should have been signed again. */
  near: boolean;
  /** `online`: the node signs it again by itself; `away`: its keeper does. */
  where: 'online' | 'away';
}

/** How a followed peer did when it was last asked. */
export const PEER_STATES = ['untried', 'current', 'stale', 'liar', 'silent', 'accuser'] as const;

export interface PeerStatus {
  url: string;
  state: (typeof PEER_STATES)[number];
  heardAt: number | null;
  reason: string | null;
}

/** How one of this desk's public addresses did when it was last verified. */
export interface MirrorStatus {
  url: string;
  verdict: 'fresh' | 'old' | 'very-old' | 'lies' | 'unproved';
  reason: string | null;
  at: number;
  /** Looks in a row that it did not pass. */
  failures: number;
}

/** What is known of signatures: this node's own, and those it follows. Empty on a node that does neither. */
export interface TrustStatus {
  keys: readonly KeyStatus[];
  peers: readonly PeerStatus[];
  mirrors: readonly MirrorStatus[];
  /** Whether what this node serves verifies; null where nothing is signed. */
  verified: { ok: boolean; reason: string | null; at: number } | null;
}

export const NO_TRUST: TrustStatus = { keys: [], peers: [], mirrors: [], verified: null };
