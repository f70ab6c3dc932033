/** What a pass tells whoever watches it. */
export type SyncProgress =
  | { kind: 'started'; publishers: number }
  | { kind: 'source'; publisherId: string; url: string; outcome: string }
  | { kind: 'pages'; publisherId: string; done: number; total: number }
  | { kind: 'pictures'; publisherId: string; done: number; total: number }
  /** Entries of a followed log that are still to be taken. */
  | { kind: 'pulling'; left: number }
  | { kind: 'followed'; summary: FollowSummary }
  | { kind: 'rendering'; left: number }
  /** Changes that are not yet in the signed log. */
  | { kind: 'signing'; left: number }
  | { kind: 'backup'; done: number; total: number }
  | { kind: 'publisher'; summary: PublisherSummary };

export interface PublisherSummary {
  publisherId: string;
  outcome: 'news' | 'nothing-new' | 'trouble';
  reason: string | null;
  fresh: number;
  changed: number;
  unchanged: number;
  removed: number;
  failed: number;
  problems: readonly { subject: string; reason: string }[];
}

/** What a pass over one followed repository brought. */
export interface FollowSummary {
  /** Null until a peer first proved it. */
  repository: string | null;
  outcome: 'news' | 'nothing-new' | 'trouble' | 'alarm';
  reason: string | null;
  fresh: number;
  changed: number;
  removed: number;
  /** Texts that no peer had. */
  missing: number;
  /** Removals that wait for the signature of the desk's owner. */
  held: number;
  pictures: number;
}

export interface PassSummary {
  startedAt: number;
  endedAt: number;
  publishers: readonly PublisherSummary[];
  followed: readonly FollowSummary[];
  /** Groups of documents rendered. */
  rendered: number;
}
