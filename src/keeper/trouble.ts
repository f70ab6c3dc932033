/** Kinds of trouble. Those in `MAILED` are told by mail. */
export type TroubleKind =
  | 'sync-paused'
  | 'unverified'
  | 'mirror-unverified'
  | 'disk-low'
  | 'publisher-silent'
  | 'never-heard'
  | 'source-stale'
  | 'key-expires'
  | 'passes-stopped'
  | 'plain-http'
  | 'cap-near'
  | 'no-backup'
  | 'database-rebuilt';

export interface Trouble {
  kind: TroubleKind;
  /** Stays the same as long as the trouble lasts: `publisher-silent:moscow-times`. */
  key: string;
  level: 'warn' | 'fail';
  what: string;
  /** What the keeper does about it. */
  todo: string;
}
