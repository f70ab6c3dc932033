import type { FollowSummary } from '../domain/follow-summary.js';

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

export interface PassSummary {
  startedAt: number;
  endedAt: number;
  publishers: readonly PublisherSummary[];
  followed: readonly FollowSummary[];
  /** Groups of documents rendered. */
  rendered: number;
}
