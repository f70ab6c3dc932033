import type { Db } from './database.js';

/** Where the desk's log stands. Hashes are 32 bytes; a frontier holds those of RFC 6962's whole subtrees, the largest first. */
export interface DeskState {
  repository: string;
  size: number;
  frontier: readonly Buffer[];
  /** The newest entries, from here on, ride in head.json. */
  tailStart: number;
  tailFrontier: readonly Buffer[];
  /** Changes up to this number are in the log. */
  publishedSeq: number;
  /** What the newest checkpoint says, and what stands in files. */
  sealedSize: number;
  writtenSize: number;
}

interface DeskRow {
  repository: string;
  size: number;
  frontier: Buffer;
  tail_start: number;
  tail_frontier: Buffer;
  published_seq: number;
  sealed_size: number;
  written_size: number;
}

const split = (bytes: Buffer): Buffer[] =>
  Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(at * 32, at * 32 + 32));

/** The one row of a node that signs; none on a node that only follows. */
export function createDeskTable(db: Db) {
  const get = db.prepare<[], DeskRow>('SELECT * FROM desk');
  const put = db.prepare(
    `INSERT INTO desk VALUES (1, @repository, @size, @frontier, @tailStart, @tailFrontier, @publishedSeq, @sealedSize, @writtenSize)
     ON CONFLICT (id) DO UPDATE SET size = excluded.size, frontier = excluded.frontier, tail_start = excluded.tail_start,
       tail_frontier = excluded.tail_frontier, published_seq = excluded.published_seq, sealed_size = excluded.sealed_size,
       written_size = excluded.written_size`,
  );
  const wanted = db.prepare<[number], { id: number }>(
    'SELECT article_id AS id FROM log_wanted ORDER BY article_id LIMIT ?',
  );
  const wantAll = db.prepare(
    'INSERT OR IGNORE INTO log_wanted SELECT id FROM article WHERE key IN (SELECT article_key FROM log_entry)',
  );
  const served = db.prepare('DELETE FROM log_wanted WHERE article_id = ?');
  const picture = db.prepare('INSERT OR IGNORE INTO log_picture VALUES (?)');
  const evicted = db.prepare<[], { sha256: Buffer }>(
    'SELECT sha256 FROM log_picture WHERE sha256 NOT IN (SELECT sha256 FROM media)',
  );
  const forget = db.prepare('DELETE FROM log_picture WHERE sha256 = ?');
  const proof = db.prepare(
    `INSERT INTO article_proof VALUES (?, ?, ?) ON CONFLICT (article_id) DO UPDATE SET
       position = excluded.position, hash = excluded.hash`,
  );
  const proofByKey = db.prepare(
    `INSERT INTO article_proof SELECT id, @position, @hash FROM article WHERE key = @key
     ON CONFLICT (article_id) DO UPDATE SET position = excluded.position, hash = excluded.hash`,
  );
  const proofOf = db.prepare<[number], { position: number; hash: Buffer }>(
    'SELECT position, hash FROM article_proof WHERE article_id = ?',
  );

  return {
    get: (): DeskState | null => {
      const row = get.get();
      if (row === undefined) return null;
      return {
        repository: row.repository,
        size: row.size,
        frontier: split(row.frontier),
        tailStart: row.tail_start,
        tailFrontier: split(row.tail_frontier),
        publishedSeq: row.published_seq,
        sealedSize: row.sealed_size,
        writtenSize: row.written_size,
      };
    },
    put: (state: DeskState): void => {
      put.run({
        ...state,
        frontier: Buffer.concat(state.frontier),
        tailFrontier: Buffer.concat(state.tailFrontier),
      });
    },
    /** Articles that a better text, a late picture or a lost name brings into the log again, without a change of the publisher's. */
    wanted: (limit: number): number[] => wanted.all(limit).map(({ id }) => id),
    /** As if all that the log ever said were new: where the files were lost. */
    wantAll: (): void => {
      wantAll.run();
    },
    served: (articleId: number): void => {
      served.run(articleId);
    },
    /** A picture that stands in a file of its own in the signed tree. */
    pictureWritten: (sha256: Uint8Array): void => {
      picture.run(sha256);
    },
    /** Pictures in files whose bytes the store no longer keeps. */
    evictedPictures: (): Buffer[] => evicted.all().map(({ sha256 }) => sha256),
    pictureRemoved: (sha256: Uint8Array): void => {
      forget.run(sha256);
    },
    /** The newest entry that says what an article says: its place in its repository's log, and the hash of its blob. */
    proofOf: (articleId: number): { position: number; hash: Buffer } | null => proofOf.get(articleId) ?? null,
    /** The same by an article's 16 bytes, where the store has such an article. */
    setProofOf: (key: Buffer, position: number, hash: Uint8Array): void => {
      proofByKey.run({ key, position, hash });
    },
    setProof: (articleId: number, position: number, hash: Uint8Array): void => {
      proof.run(articleId, position, hash);
    },
  };
}
