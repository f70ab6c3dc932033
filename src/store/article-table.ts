import type { ArticleState } from '../domain/article.js';
import { aliasHash } from '../domain/article-key.js';
import { type ArticleRow, type StoredArticle, toArticle } from './article-row.js';
import type { ArticleTagTable } from './article-tag-table.js';
import type { ChangeTable } from './change-table.js';
import type { Db } from './database.js';
import type { RevisionTable } from './revision-table.js';
import { createArticleSaver } from './save-article.js';

export function createArticleTable(
  db: Db,
  changes: ChangeTable,
  revisions: RevisionTable,
  tags: ArticleTagTable,
) {
  const byId = db.prepare<[number], ArticleRow>('SELECT * FROM article WHERE id = ?');
  const byKey = db.prepare<[Buffer], ArticleRow>('SELECT * FROM article WHERE key = ?');
  const byStableId = db.prepare<[string, string], ArticleRow>(
    'SELECT * FROM article WHERE publisher_id = ? AND stable_id = ?',
  );
  const byAlias = db.prepare<[string, Buffer], ArticleRow>(
    `SELECT article.* FROM article_alias JOIN article ON article.id = article_alias.article_id
     WHERE article_alias.publisher_id = ? AND article_alias.hash = ?`,
  );
  const setState = db.prepare('UPDATE article SET state = ?, state_reason = ?, taken_at = ? WHERE id = ?');
  const setEarlier = db.prepare('UPDATE article SET earlier = ? WHERE id = ?');
  const empty = db.prepare(
    `UPDATE article SET title = '', subtitle = '', summary = '', authors = '[]', tags = '[]', lead = NULL, content = '', words = 0,
       earlier = '[]' WHERE id = ?`,
  );
  const later = db.prepare<[string, number], { id: number; earlier: string }>(
    `SELECT id, earlier FROM article WHERE publisher_id = ? AND published_at >= ? AND earlier IS NOT NULL AND pruned_at IS NULL
     ORDER BY published_at, id LIMIT 200`,
  );
  const readEntryHash = db.prepare<[number, string], { hash: Buffer }>(
    'SELECT hash FROM article_entry WHERE article_id = ? AND source_url = ?',
  );
  const readEntryHashes = db.prepare<[number], { hash: Buffer }>(
    'SELECT hash FROM article_entry WHERE article_id = ?',
  );
  const writeEntryHash = db.prepare(
    'INSERT INTO article_entry (article_id, source_url, hash) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET hash = excluded.hash',
  );

  function get(id: number): StoredArticle | null {
    const row = byId.get(id);
    return row === undefined ? null : toArticle(row);
  }

  /** The same article under any of its names: stable id first, then guid, then canonical URL. */
  function find(
    publisherId: string,
    names: { stableId: string; guid: string | null; url: string | null },
  ): StoredArticle | null {
    const row =
      byStableId.get(publisherId, names.stableId) ??
      (names.guid === null ? undefined : byAlias.get(publisherId, aliasHash(names.guid))) ??
      (names.url === null ? undefined : byAlias.get(publisherId, aliasHash(names.url)));
    return row === undefined ? null : toArticle(row);
  }

  function mustGet(id: number): StoredArticle {
    const article = get(id);
    if (article === null) throw new Error(`article ${id} was written and is not there`);
    return article;
  }

  /** Withdraws, buries or brings back an article; answers the number in the change sequence, or null where nothing changed. */
  function changeState(id: number, state: ArticleState, reason: string | null, at: number): number | null {
    const before = mustGet(id);
    if (before.state === state || (before.prunedAt !== null && state === 'live')) return null;
    setState.run(state, reason, at, id);
    const kind = state === 'live' ? 'restore' : state === 'withdrawn' ? 'withdraw' : 'expunge';
    return changes.add({
      at,
      kind,
      publisherId: before.publisherId,
      articleId: id,
      revision: before.revision,
    });
  }

  return {
    get,
    /** By its id in a signed log. */
    byKey: (key: Buffer): StoredArticle | null => {
      const row = byKey.get(key);
      return row === undefined ? null : toArticle(row);
    },
    find,
    /** Keeps an article as the newest text of what `find` names. Call it inside a transaction together with what it dirties. */
    save: createArticleSaver(db, { changes, revisions, tags, find, mustGet }),
    changeState,
    setEarlier: (id: number, earlier: readonly number[]): void => {
      setEarlier.run(JSON.stringify(earlier), id);
    },
    /** Drops everything an article said; that it was there stays. */
    empty: (id: number): void => {
      empty.run(id);
      tags.forgetNames(id);
    },
    /** Ids of later articles that name this one among their earlier headlines. */
    listing: (article: StoredArticle): number[] =>
      later
        .all(article.publisherId, article.publishedAt)
        .filter((row) => (JSON.parse(row.earlier) as number[]).includes(article.id))
        .map((row) => row.id),
    /** Hash of a source's entry as last taken in: the same hash again means there is nothing to do. */
    entryHash: (id: number, sourceUrl: string): Uint8Array | null =>
      readEntryHash.get(id, sourceUrl)?.hash ?? null,
    /** What each source that named it was seen to say. */
    entryHashes: (id: number): Uint8Array[] => readEntryHashes.all(id).map(({ hash }) => hash),
    setEntryHash: (id: number, sourceUrl: string, hash: Uint8Array): void => {
      writeEntryHash.run(id, sourceUrl, hash);
    },
  };
}
