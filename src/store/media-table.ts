import { createHash } from 'node:crypto';
import type { Db } from './database.js';

/** One encoding of a picture. `step` names its place on the ladder: `blur`, `inline-<width>`, `light`, `large`. */
export interface PictureStep {
  step: string;
  type: string;
  width: number;
  height: number;
  bytes: Uint8Array;
}

export interface StoredPicture extends PictureStep {
  sha256: Uint8Array;
}

/** Pictures, kept once by their hash however many articles show them. */
export function createMediaTable(db: Db) {
  const insert = db.prepare(
    'INSERT INTO media (sha256, type, width, height, bytes, stored_at) VALUES (@sha256, @type, @width, @height, @bytes, @at) ON CONFLICT DO NOTHING',
  );
  const link = db.prepare(
    'INSERT INTO article_media (article_id, src, step, sha256) VALUES (@articleId, @src, @step, @sha256)',
  );
  const unlink = db.prepare('DELETE FROM article_media WHERE article_id = ? AND src = ?');
  const unlinkAll = db.prepare('DELETE FROM article_media WHERE article_id = ?');
  const unlinkOthers = db.prepare(
    'DELETE FROM article_media WHERE article_id = ? AND src NOT IN (SELECT value FROM json_each(?))',
  );
  const forgetOthers = db.prepare(
    'DELETE FROM picture WHERE article_id = ? AND src NOT IN (SELECT value FROM json_each(?))',
  );
  const sweep = db.prepare('DELETE FROM media WHERE refs = 0');
  const ofPicture = db.prepare<[number, string], StoredPicture>(
    `SELECT article_media.step, media.sha256, media.type, media.width, media.height, media.bytes
     FROM article_media JOIN media ON media.sha256 = article_media.sha256
     WHERE article_media.article_id = ? AND article_media.src = ?`,
  );
  const byHash = db.prepare<[Buffer], { type: string; bytes: Buffer; stored_at: number }>(
    'SELECT type, bytes, stored_at FROM media WHERE sha256 = ?',
  );
  const want = db.prepare(
    "INSERT INTO picture (article_id, src, state, due_at) VALUES (?, ?, 'due', ?) ON CONFLICT DO NOTHING",
  );
  const settle = db.prepare(
    'UPDATE picture SET state = @state, reason = @reason, tries = tries + 1, due_at = @dueAt WHERE article_id = @articleId AND src = @src',
  );
  const due = db.prepare<[string, number, number], { articleId: number; src: string; tries: number }>(
    `SELECT picture.article_id AS articleId, picture.src, picture.tries FROM picture JOIN article ON article.id = picture.article_id
     WHERE article.publisher_id = ? AND picture.due_at <= ? ORDER BY picture.due_at LIMIT ?`,
  );
  const forget = db.prepare('DELETE FROM picture WHERE article_id = ?');
  const old = db.prepare<[number], { articleId: number }>(
    `SELECT DISTINCT article_media.article_id AS articleId FROM article_media JOIN article ON article.id = article_media.article_id
     WHERE article.published_at < ?`,
  );
  const total = db.prepare<[], { bytes: number | null }>('SELECT sum(length(bytes)) AS bytes FROM media');
  const oldest = db.prepare<[], { articleId: number }>(
    `SELECT article_media.article_id AS articleId FROM article_media JOIN article ON article.id = article_media.article_id
     ORDER BY article.published_at, article.id LIMIT 1`,
  );

  return {
    /** Stores the ladder of one picture of an article in place of what it had. */
    put: (articleId: number, src: string, steps: readonly PictureStep[], at: number): void => {
      unlink.run(articleId, src);
      for (const step of steps) {
        const sha256 = createHash('sha256').update(step.bytes).digest();
        insert.run({
          sha256,
          type: step.type,
          width: step.width,
          height: step.height,
          bytes: step.bytes,
          at,
        });
        link.run({ articleId, src, step: step.step, sha256 });
      }
      sweep.run();
    },
    ofPicture: (articleId: number, src: string): StoredPicture[] => ofPicture.all(articleId, src),
    get: (sha256: Buffer): { type: string; bytes: Buffer; storedAt: number } | null => {
      const row = byHash.get(sha256);
      return row === undefined ? null : { type: row.type, bytes: row.bytes, storedAt: row.stored_at };
    },
    /** Asks for a picture to be fetched; one already asked for stays as it is. */
    want: (articleId: number, src: string, dueAt: number): void => {
      want.run(articleId, src, dueAt);
    },
    /** Drops the pictures an article no longer has, and the bytes that no other article shows. */
    keepOnly: (articleId: number, srcs: readonly string[]): void => {
      const kept = JSON.stringify(srcs);
      forgetOthers.run(articleId, kept);
      if (unlinkOthers.run(articleId, kept).changes > 0) sweep.run();
    },
    settle: (picture: {
      articleId: number;
      src: string;
      state: 'due' | 'stored' | 'denied' | 'failed';
      reason: string | null;
      dueAt: number | null;
    }): void => {
      settle.run(picture);
    },
    due: (
      publisherId: string,
      at: number,
      limit: number,
    ): { articleId: number; src: string; tries: number }[] => due.all(publisherId, at, limit),
    /**
     * Drops the pictures of articles published before `beforeAt`, then of the oldest ones until all together take `maxBytes`.
     * Answers the articles that lost theirs.
     */
    evict: (beforeAt: number, maxBytes: number): number[] => {
      const gone = old.all(beforeAt).map((row) => row.articleId);
      for (const id of gone) unlinkAll.run(id);
      sweep.run();
      while ((total.get()?.bytes ?? 0) > maxBytes) {
        const next = oldest.get();
        if (next === undefined) break;
        unlinkAll.run(next.articleId);
        sweep.run();
        gone.push(next.articleId);
      }
      return gone;
    },
    /** Drops an article's pictures, and the bytes that no other article shows. */
    dropAll: (articleId: number): void => {
      unlinkAll.run(articleId);
      forget.run(articleId);
      sweep.run();
    },
  };
}
