import type { Db } from './database.js';

/** A source that named none of so many of its publisher's newest articles is not looked for among older ones. */
const LOOKED_AT = 2_000;

/** What tells how a publisher usually does: when it publishes, and how long its texts are. */
export function createHealthQueries(db: Db) {
  const times = db.prepare<[string, number, string, number], { at: number }>(
    `SELECT published_at AS at FROM
       (SELECT id, published_at FROM article WHERE publisher_id = ? ORDER BY published_at DESC, id DESC LIMIT ?) AS recent
     WHERE EXISTS (SELECT 1 FROM article_entry WHERE article_id = recent.id AND source_url = ?)
     ORDER BY published_at DESC LIMIT ?`,
  );
  const lengths = db.prepare<[string, number], { words: number }>(
    `SELECT words FROM article WHERE publisher_id = ? AND state = 'live' AND page_state <> 'due'
     ORDER BY published_at DESC, id DESC LIMIT ?`,
  );
  return {
    /** Publishing times of the newest articles that a source named, newest first. */
    publishingTimes: (publisherId: string, sourceUrl: string, limit: number): number[] =>
      times.all(publisherId, LOOKED_AT, sourceUrl, limit).map((row) => row.at),
    /** Words of the newest articles whose page does not wait to be read, newest first. */
    textLengths: (publisherId: string, limit: number): number[] =>
      lengths.all(publisherId, limit).map((row) => row.words),
  };
}
