import type { createArticleTable } from './article-table.js';
import type { Db } from './database.js';
import type { createMediaTable } from './media-table.js';
import type { createMetaTable } from './meta-table.js';
import type { createPageTable } from './page-table.js';
import type { createRevisionTable } from './revision-table.js';
import type { createSearchTable } from './search-table.js';

/** An article that may fall out, and about how many bytes go with it. */
export interface Weighed {
  id: number;
  publisherId: string;
  stableId: string;
  url: string;
  publishedAt: number;
  bytes: number;
}

/** The index of an article's words takes about as much as its words (FTS5, without a copy of the text). */
const WEIGHT = `
  2 * length(CAST(article.content AS BLOB)) + length(article.summary) + 600
  + (SELECT coalesce(sum(length(body)), 0) FROM revision WHERE article_id = article.id)
  + (SELECT coalesce(sum(gzip_bytes + br_bytes), 0) FROM page WHERE group_key = 'article:' || article.id)
  + (SELECT coalesce(sum(length(media.bytes)), 0) FROM article_media JOIN media ON media.sha256 = article_media.sha256
     WHERE article_media.article_id = article.id AND media.refs = 1)`;

interface Tables {
  articles: ReturnType<typeof createArticleTable>;
  media: ReturnType<typeof createMediaTable>;
  meta: ReturnType<typeof createMetaTable>;
  pages: ReturnType<typeof createPageTable>;
  revisions: ReturnType<typeof createRevisionTable>;
  search: ReturnType<typeof createSearchTable>;
}

/** What falls out of a mirror that keeps only so much, oldest first; pinned articles never do. */
export function createRetentionQueries(db: Db, tables: Tables) {
  const oldest = db.prepare<[number, number, number], Weighed>(
    `SELECT article.id, publisher_id AS publisherId, stable_id AS stableId, url, published_at AS publishedAt, ${WEIGHT} AS bytes
     FROM article INDEXED BY article_kept
     WHERE pruned_at IS NULL AND published_at < ?
       AND NOT EXISTS (SELECT 1 FROM pin WHERE pin.publisher_id = article.publisher_id AND pin.stable_id = article.stable_id)
     ORDER BY published_at, id LIMIT ? OFFSET ?`,
  );
  const mark = db.prepare(
    `UPDATE article SET pruned_at = ?, state = CASE state WHEN 'live' THEN 'withdrawn' ELSE state END, page_due_at = NULL WHERE id = ?`,
  );
  /** Emptying a text is no better text to sign. */
  const unwant = db.prepare('DELETE FROM log_wanted WHERE article_id = ?');
  /** What was signed of it leaves the trees: the desk's own, and followed ones. The lines of the logs stay. */
  const dropSigned = db.prepare(
    `UPDATE log_entry SET blob = 'going' WHERE article_key = (SELECT key FROM article WHERE id = ?) AND blob = 'kept' AND kind IN ('p', 'u')`,
  );
  const dropFollowed = db.prepare(
    `UPDATE replica_entry SET reason = 'going' WHERE replica_id IN (SELECT id FROM replica)
       AND article_key = (SELECT key FROM article WHERE id = ?) AND state = 'kept' AND kind IN ('p', 'u')`,
  );
  const used = db.prepare<[], { bytes: number }>(
    `SELECT (pragma_page_count.page_count - pragma_freelist_count.freelist_count) * pragma_page_size.page_size AS bytes
     FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
  );
  return {
    /** Unpinned articles published before `beforeAt` that are still kept, the oldest first. */
    oldest: (beforeAt: number, limit: number, offset = 0): Weighed[] => oldest.all(beforeAt, limit, offset),
    /** Bytes of the database that hold something. What is freed is used again; the file itself does not shrink. */
    usedBytes: (): number => used.get()?.bytes ?? 0,
    /**
     * Drops what an article said: text, earlier versions, pictures that no other shows, documents, search entry, and with the next
     * publish or pull its signed blobs. Its row stays and counts. No entry in the change sequence: this is nobody's word on the text. Inside the caller's transaction.
     */
    prune: (id: number, at: number): void => {
      tables.search.remove(id);
      tables.media.dropAll(id);
      tables.revisions.drop(id);
      tables.articles.empty(id);
      mark.run(at, id);
      unwant.run(id);
      dropSigned.run(id);
      dropFollowed.run(id);
      const paths = tables.pages.pathsOf(`article:${id}`);
      for (const path of paths) tables.pages.remove(path);
      if (paths.length > 0)
        tables.meta.put('page-removals', String(Number(tables.meta.get('page-removals') ?? 0) + 1));
    },
  };
}
