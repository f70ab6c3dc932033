import type { Db } from './database.js';

/**
 * `wanted`: its blob is still to come; `held`: a removal that waits for the owner's signature; `kept`: done; `skipped`: outside what
 * this node takes; `gone`: its blob was expunged, fell out, or nobody has it. A `kept` one with the reason `going` falls out.
 */
export type EntryState = 'wanted' | 'held' | 'kept' | 'skipped' | 'gone';

/** A line of a followed log. */
export interface ReplicaEntry {
  position: number;
  /** As it is hashed. */
  bytes: Buffer;
  /** Kinds of a later version are kept as they come. */
  kind: string;
  articleKey: Buffer | null;
  hash: Buffer | null;
  blobBytes: number;
  /** Milliseconds, by the desk's clock. */
  issued: number;
  state: EntryState;
  reason: string | null;
  tries: number;
}

/** What is known of a text by its line alone. */
export type TextLine = Pick<ReplicaEntry, 'position' | 'blobBytes' | 'state'>;

/** A picture that a verified article names and that is not here yet. */
export interface WantedPicture {
  articleId: number;
  sha256: Buffer;
  bytes: number;
  src: string;
  step: string;
  type: string;
  width: number;
  height: number;
  tries: number;
}

/** More than the steps of one picture: the last of a full batch may be cut in two, the first never is. */
export const PICTURE_BATCH = 64;

const COLUMNS =
  'position, bytes, kind, article_key AS articleKey, hash, blob_bytes AS blobBytes, issued, state, reason, tries';

export function createReplicaEntryTable(db: Db) {
  const insert = db.prepare(
    `INSERT INTO replica_entry (replica_id, position, bytes, kind, article_key, hash, blob_bytes, issued, state, reason)
     VALUES (@replicaId, @position, @bytes, @kind, @articleKey, @hash, @blobBytes, @issued, @state, @reason)`,
  );
  const between = db.prepare<[number, number, number], ReplicaEntry>(
    `SELECT ${COLUMNS} FROM replica_entry WHERE replica_id = ? AND position >= ? AND position < ? ORDER BY position`,
  );
  const open = db.prepare<[number, string, number, number], ReplicaEntry>(
    `SELECT ${COLUMNS} FROM replica_entry INDEXED BY replica_entry_open
     WHERE replica_id = ? AND state = ? AND state IN ('wanted', 'held') AND position >= ? ORDER BY position LIMIT ?`,
  );
  const openCount = db.prepare<[number, string], { n: number }>(
    "SELECT count(*) AS n FROM replica_entry WHERE replica_id = ? AND state IN ('wanted', 'held') AND state = ?",
  );
  const ofKey = db.prepare<[number, Buffer], ReplicaEntry>(
    `SELECT ${COLUMNS} FROM replica_entry WHERE replica_id = ? AND article_key = ? ORDER BY position`,
  );
  const last = db.prepare<[number], { issued: number | null }>(
    'SELECT issued FROM replica_entry WHERE replica_id = ? ORDER BY position DESC LIMIT 1',
  );
  const setState = db.prepare(
    'UPDATE replica_entry SET state = ?, reason = ? WHERE replica_id = ? AND position = ?',
  );
  const tried = db.prepare(
    'UPDATE replica_entry SET tries = tries + 1 WHERE replica_id = ? AND position = ?',
  );
  const obeyed = db.prepare('UPDATE replica_entry SET obeyed_at = ? WHERE replica_id = ? AND position = ?');
  const removals = db.prepare<[number, number], { n: number }>(
    'SELECT count(*) AS n FROM replica_entry WHERE replica_id = ? AND obeyed_at > ?',
  );
  const lastObeyed = db.prepare<[number], { at: number | null }>(
    'SELECT max(obeyed_at) AS at FROM replica_entry WHERE replica_id = ? AND obeyed_at IS NOT NULL',
  );
  const onlyOf = db.prepare<[number, number], { sha256: Buffer }>(
    `SELECT DISTINCT sha256 FROM article_media WHERE article_id = ?
     AND sha256 NOT IN (SELECT sha256 FROM article_media WHERE article_id <> ?)`,
  );
  const keeps = db.prepare<[number, Buffer], { n: number }>(
    "SELECT count(*) AS n FROM replica_entry WHERE replica_id = ? AND hash = ? AND state IN ('wanted', 'kept') AND reason IS NULL",
  );
  const TEXTS = "replica_id = ? AND kind IN ('p', 'u')";
  const fromNewest = db.prepare<[number, number, number], TextLine>(
    `SELECT position, blob_bytes AS blobBytes, state FROM replica_entry
     WHERE ${TEXTS} AND state IN ('kept', 'wanted') AND reason IS NULL AND position < ? ORDER BY position DESC LIMIT ?`,
  );
  const dueBytes = db.prepare<[number], { bytes: number | null }>(
    `SELECT sum(blob_bytes) AS bytes FROM replica_entry WHERE ${TEXTS} AND state IN ('kept', 'wanted') AND reason IS NULL`,
  );
  const oldestTexts = db.prepare<[number, number, number], ReplicaEntry>(
    `SELECT ${COLUMNS} FROM replica_entry WHERE ${TEXTS} AND position >= ? AND state = 'kept' AND reason IS NULL ORDER BY position LIMIT ?`,
  );
  const textBytes = db.prepare<[number], { bytes: number | null }>(
    `SELECT sum(blob_bytes) AS bytes FROM replica_entry WHERE ${TEXTS} AND state = 'kept' AND reason IS NULL`,
  );
  const picturesOfReplica = db.prepare<[number], { bytes: number | null }>(
    `SELECT sum(length(bytes)) AS bytes FROM media WHERE sha256 IN
       (SELECT sha256 FROM article_media JOIN article ON article.id = article_media.article_id
        WHERE article.publisher_id IN (SELECT publisher_id FROM replica_publisher WHERE replica_id = ?))`,
  );
  const picturesOfArticle = db.prepare<[number], { bytes: number | null }>(
    `SELECT sum(length(bytes)) AS bytes FROM media WHERE refs = 1 AND sha256 IN
       (SELECT sha256 FROM article_media WHERE article_id = ?)`,
  );
  const letGo = db.prepare(
    "UPDATE replica_entry SET reason = 'going' WHERE replica_id = ? AND position = ? AND state = 'kept'",
  );
  const going = db.prepare<[number], ReplicaEntry>(
    `SELECT ${COLUMNS} FROM replica_entry INDEXED BY replica_entry_going WHERE replica_id = ? AND reason = 'going' ORDER BY position`,
  );
  const live = db.prepare<[], { n: number }>("SELECT count(*) AS n FROM article WHERE state = 'live'");
  const putNode = db.prepare('INSERT OR REPLACE INTO replica_node VALUES (?, ?, ?, ?)');
  const nodes = db.prepare<[number, number, number, number], { hash: Buffer }>(
    'SELECT hash FROM replica_node WHERE replica_id = ? AND level = ? AND place >= ? AND place < ? ORDER BY place',
  );
  const card = db.prepare(
    `INSERT INTO replica_publisher (publisher_id, replica_id, card) VALUES (?, ?, ?)
     ON CONFLICT (publisher_id) DO UPDATE SET card = excluded.card WHERE replica_id = excluded.replica_id`,
  );
  const cards = db.prepare<[], { publisherId: string; replicaId: number; card: string }>(
    'SELECT publisher_id AS publisherId, replica_id AS replicaId, card FROM replica_publisher ORDER BY replica_id, rowid',
  );
  const want = db.prepare(
    `INSERT INTO replica_picture (replica_id, article_id, sha256, bytes, src, step, type, width, height)
     VALUES (@replicaId, @articleId, @sha256, @bytes, @src, @step, @type, @width, @height)
     ON CONFLICT (replica_id, article_id, src, step) DO UPDATE SET sha256 = excluded.sha256, bytes = excluded.bytes,
       type = excluded.type, width = excluded.width, height = excluded.height, tries = 0`,
  );
  const pictures = db.prepare<[number, number, string], WantedPicture>(
    `SELECT article_id AS articleId, sha256, bytes, src, step, type, width, height, tries FROM replica_picture
     WHERE replica_id = ? AND (article_id, src) > (?, ?) ORDER BY article_id, src, step LIMIT ${PICTURE_BATCH}`,
  );
  const dropPictures = db.prepare('DELETE FROM replica_picture WHERE replica_id = ? AND article_id = ?');
  const dropPicture = db.prepare(
    'DELETE FROM replica_picture WHERE replica_id = ? AND article_id = ? AND src = ?',
  );
  const pictureTried = db.prepare(
    'UPDATE replica_picture SET tries = tries + 1 WHERE replica_id = ? AND article_id = ? AND src = ?',
  );

  return {
    add: (replicaId: number, entry: Omit<ReplicaEntry, 'tries'>): void => {
      insert.run({ replicaId, ...entry });
    },
    /** Entries from `from` on, up to but without `to`. */
    between: (replicaId: number, from: number, to: number): ReplicaEntry[] =>
      between.all(replicaId, from, to),
    /** Entries that wait, in the order of the log. */
    open: (replicaId: number, state: 'wanted' | 'held', from: number, limit: number): ReplicaEntry[] =>
      open.all(replicaId, state, from, limit),
    openCount: (replicaId: number, state: 'wanted' | 'held'): number =>
      openCount.get(replicaId, state)?.n ?? 0,
    /** All that the log said of an article. */
    ofKey: (replicaId: number, articleKey: Buffer): ReplicaEntry[] => ofKey.all(replicaId, articleKey),
    /** The desk's time of the newest entry; null for an empty log. */
    lastIssued: (replicaId: number): number | null => last.get(replicaId)?.issued ?? null,
    setState: (
      replicaId: number,
      position: number,
      state: EntryState,
      reason: string | null = null,
    ): void => {
      setState.run(state, reason, replicaId, position);
    },
    setTried: (replicaId: number, position: number): void => {
      tried.run(replicaId, position);
    },
    /** A removal that counts towards the limit of a day, by the desk's clock. */
    setObeyed: (replicaId: number, position: number, at: number): void => {
      obeyed.run(at, replicaId, position);
    },
    removalsSince: (replicaId: number, at: number): number => removals.get(replicaId, at)?.n ?? 0,
    /** The desk's time of the newest removal that was obeyed. */
    lastObeyedAt: (replicaId: number): number | null => lastObeyed.get(replicaId)?.at ?? null,
    /** Pictures that no other article shows. */
    picturesOnlyOf: (articleId: number): Buffer[] =>
      onlyOf.all(articleId, articleId).map(({ sha256 }) => sha256),
    /** Whether an entry still needs the blob of that hash. */
    isKept: (replicaId: number, hash: Buffer): boolean => (keeps.get(replicaId, hash)?.n ?? 0) > 0,
    /** Lines of texts that are here or to come, the newest first, from the one before `before` on. */
    textsFromNewest: (replicaId: number, before: number, limit: number): TextLine[] =>
      fromNewest.all(replicaId, before, limit),
    /** Of texts that are here or to come. */
    dueBytes: (replicaId: number): number => dueBytes.get(replicaId)?.bytes ?? 0,
    /** Lines of texts that are here, the oldest first. */
    oldestTexts: (replicaId: number, from: number, limit: number): ReplicaEntry[] =>
      oldestTexts.all(replicaId, from, limit),
    /** The first line whose text is here; null where none is. */
    firstKept: (replicaId: number): number | null => oldestTexts.get(replicaId, 0, 1)?.position ?? null,
    /** What texts and pictures of a followed repository take, as they are signed. */
    keptBytes: (replicaId: number): number =>
      (textBytes.get(replicaId)?.bytes ?? 0) + (picturesOfReplica.get(replicaId)?.bytes ?? 0),
    /** Of the pictures that this article alone shows. */
    pictureBytes: (articleId: number): number => picturesOfArticle.get(articleId)?.bytes ?? 0,
    /** Its blob leaves the tree with the end of the pass. */
    letGo: (replicaId: number, position: number): void => {
      letGo.run(replicaId, position);
    },
    going: (replicaId: number): ReplicaEntry[] => going.all(replicaId),
    liveArticles: (): number => live.get()?.n ?? 0,
    /** Hash of a whole subtree of 2^level entries; kept for the levels that tiles begin at. */
    putNode: (replicaId: number, level: number, place: number, hash: Uint8Array): void => {
      putNode.run(replicaId, level, place, hash);
    },
    nodes: (replicaId: number, level: number, from: number, to: number): Buffer[] =>
      nodes.all(replicaId, level, from, to).map(({ hash }) => hash),
    /** A publisher belongs to the repository that first brought it. */
    putCard: (replicaId: number, publisherId: string, json: string): void => {
      card.run(publisherId, replicaId, json);
    },
    cards: (): { publisherId: string; replicaId: number; card: string }[] => cards.all(),
    wantPicture: (replicaId: number, picture: Omit<WantedPicture, 'tries'>): void => {
      want.run({ replicaId, ...picture });
    },
    /** Encodings still to come, at most `PICTURE_BATCH` of them, those of one picture together, after the picture given. */
    pictures: (replicaId: number, after: Pick<WantedPicture, 'articleId' | 'src'>): WantedPicture[] =>
      pictures.all(replicaId, after.articleId, after.src),
    dropPictures: (replicaId: number, articleId: number): void => {
      dropPictures.run(replicaId, articleId);
    },
    dropPicture: (replicaId: number, { articleId, src }: Pick<WantedPicture, 'articleId' | 'src'>): void => {
      dropPicture.run(replicaId, articleId, src);
    },
    pictureTried: (replicaId: number, { articleId, src }: Pick<WantedPicture, 'articleId' | 'src'>): void => {
      pictureTried.run(replicaId, articleId, src);
    },
  };
}
