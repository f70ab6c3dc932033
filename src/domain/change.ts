/**
 * Kinds of entry in the change sequence. `silence` is a publisher crossing 6 h or 72 h without a word, or coming back; `publisher`
 * its card changing. An edition of ours is never one.
 */
export type ChangeKind = 'publish' | 'correct' | 'withdraw' | 'expunge' | 'restore' | 'silence' | 'publisher';

export interface Change {
  seq: number;
  at: number;
  kind: ChangeKind;
  publisherId: string;
  articleId: number | null;
  stableId: string | null;
  revision: number | null;
}
