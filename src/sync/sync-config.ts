/** What a pass goes by. Durations in milliseconds. */
export interface SyncConfig {
  /** Publishers synced at the same time. */
  concurrency: number;
  /** New or changed articles taken from one source in one pass: a thousand take some ten seconds. */
  maxArticlesPerPass: number;
  /** Article pages read per publisher in one pass. */
  maxPagesPerPass: number;
  /** Ages at which an article is checked again for edits and removals. */
  recheckMs: readonly number[];
  /** A page must have been gone for so long, and at two looks, before the article counts as removed. */
  confirmRemovalMs: number;
  /** Removals in a day that pass without the keeper: the larger of the two counts. */
  removalDailyLimit: number;
  removalDailyShare: number;
  /** Silence after which lists say so, and say so loudly. */
  quietAfterMs: number;
  silentAfterMs: number;
  /** How long a source rests between two tries when it does not say. */
  intervalMs: number;
  pictures: boolean;
  /** Pictures of articles older than this go, and the oldest beyond so many bytes. */
  picturesMaxAgeMs: number;
  picturesMaxBytes: number;
  /** Articles published longer ago fall out; null: none for its age. */
  retentionMaxAgeMs: number | null;
  /** Bytes the database may fill; past them the oldest fall out; null: no limit. */
  retentionMaxBytes: number | null;
}
