import type { Db } from './database.js';

/** A line of the desk's own log. `blob`: whether its blob stands in the tree, is to go with the next publish, or is gone. */
export interface LogRow {
  position: number;
  /** 16 bytes: an article's or a publisher's. */
  articleKey: Buffer;
  kind: string;
  /** SHA-256 of the blob. */
  hash: Buffer;
  at: number;
  /** The entry as it is hashed. */
  bytes: Buffer;
  blob: 'kept' | 'going' | 'gone';
}

const COLUMNS = 'position, article_key AS articleKey, kind, hash, at, bytes, blob';

/** The desk's log, which only grows, with what the tree's tiles are written from. */
export function createLogTable(db: Db) {
  const insert = db.prepare(
    'INSERT INTO log_entry (position, article_key, kind, hash, at, bytes) VALUES (@position, @articleKey, @kind, @hash, @at, @bytes)',
  );
  const range = db.prepare<[number, number], LogRow>(
    `SELECT ${COLUMNS} FROM log_entry WHERE position >= ? AND position < ? ORDER BY position`,
  );
  const last = db.prepare<[Buffer], LogRow>(
    `SELECT ${COLUMNS} FROM log_entry WHERE article_key = ? ORDER BY position DESC LIMIT 1`,
  );
  const going = db.prepare<[], LogRow>(
    `SELECT ${COLUMNS} FROM log_entry WHERE blob = 'going' ORDER BY position`,
  );
  const drop = db.prepare(
    "UPDATE log_entry SET blob = 'going' WHERE article_key = ? AND blob = 'kept' AND kind IN ('p', 'u')",
  );
  const kept = db.prepare<[Buffer], LogRow>(
    `SELECT ${COLUMNS} FROM log_entry WHERE article_key = ? AND blob = 'kept' AND kind IN ('p', 'u') ORDER BY position`,
  );
  const gone = db.prepare("UPDATE log_entry SET blob = 'gone' WHERE position = ?");
  const keeps = db.prepare<[Buffer], { n: number }>(
    "SELECT count(*) AS n FROM log_entry WHERE hash = ? AND blob = 'kept'",
  );
  const removals = db.prepare<[number], LogRow>(
    `SELECT ${COLUMNS} FROM log_entry WHERE kind IN ('r', 'x') AND at > ? ORDER BY at, position`,
  );
  const live = db.prepare<[], { n: number }>("SELECT count(*) AS n FROM article WHERE state = 'live'");
  const newest = db.prepare<[number], LogRow & { articleId: number }>(
    `SELECT log_entry.position, article_key AS articleKey, log_entry.kind, log_entry.hash, at, log_entry.bytes, blob, article.id AS articleId
     FROM (SELECT id, key FROM article INDEXED BY article_newest WHERE state = 'live' ORDER BY published_at DESC, id DESC LIMIT ?) AS article
     JOIN article_proof ON article_proof.article_id = article.id
     JOIN log_entry ON log_entry.position = article_proof.position AND log_entry.article_key = article.key`,
  );
  const putNode = db.prepare('INSERT OR REPLACE INTO log_node VALUES (?, ?, ?)');
  const nodes = db.prepare<[number, number, number], { hash: Buffer }>(
    'SELECT hash FROM log_node WHERE level = ? AND place >= ? AND place < ? ORDER BY place',
  );
  const putPack = db.prepare(
    `INSERT INTO log_pack VALUES (?, ?, ?) ON CONFLICT (page) DO UPDATE SET entries = excluded.entries, bytes = excluded.bytes`,
  );
  const pack = db.prepare<[number], { entries: number; bytes: number }>(
    'SELECT entries, bytes FROM log_pack WHERE page = ?',
  );

  const firstKept = db.prepare<[], { position: number }>(
    "SELECT position FROM log_entry WHERE blob = 'kept' AND kind IN ('p', 'u') ORDER BY position LIMIT 1",
  );

  return {
    add: (row: Omit<LogRow, 'blob'>): void => {
      insert.run(row);
    },
    /** Entries from `from` on, up to but without `to`. */
    between: (from: number, to: number): LogRow[] => range.all(from, to),
    lastOf: (articleKey: Buffer): LogRow | null => last.get(articleKey) ?? null,
    /** What was said of an article, as far as its words still stand in the tree. */
    keptOf: (articleKey: Buffer): LogRow[] => kept.all(articleKey),
    /** Marks what was said of an article so far: its blobs leave the tree with the next publish. */
    dropBlobs: (articleKey: Buffer): void => {
      drop.run(articleKey);
    },
    /** The first line whose text still stands in the tree; null where none does. */
    firstKept: (): number | null => firstKept.get()?.position ?? null,
    going: (): LogRow[] => going.all(),
    setGone: (position: number): void => {
      gone.run(position);
    },
    /** Whether another entry still needs the blob of that hash. */
    isKept: (hash: Buffer): boolean => (keeps.get(hash)?.n ?? 0) > 0,
    /** Retractions and expunges since then. */
    removalsSince: (at: number): LogRow[] => removals.all(at),
    liveArticles: (): number => live.get()?.n ?? 0,
    /** Entries of the newest live articles by the time they were published. */
    newest: (limit: number): LogRow[] => newest.all(limit),
    /** Hash of a whole subtree of 2^level entries; kept for the levels that tiles begin at. */
    putNode: (level: number, place: number, hash: Uint8Array): void => {
      putNode.run(level, place, hash);
    },
    nodes: (level: number, from: number, to: number): Buffer[] =>
      nodes.all(level, from, to).map(({ hash }) => hash),
    /** How many entries a pack covers and how long its file is; null where none was written. */
    pack: (page: number): { entries: number; bytes: number } | null => pack.get(page) ?? null,
    putPack: (page: number, entries: number, bytes: number): void => {
      putPack.run(page, entries, bytes);
    },
  };
}
