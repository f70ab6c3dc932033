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
