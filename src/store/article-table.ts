import { isDeepStrictEqual } from 'node:util';
import { type Article, type ArticleState, REVISED_FIELDS, type RevisedField } from '../domain/article.js';
import { articleKey } from '../domain/article-key.js';
import { listedTags } from '../domain/article-tags.js';
import { withClosedDirections } from '../domain/close-directions.js';
import { faultPoint } from '../domain/fault-point.js';
import { lostNames } from '../domain/lost-names.js';
import { slug } from '../domain/slug.js';
import { type ArticleRow, type StoredArticle, toArticle, toColumns } from './article-row.js';
import type { ArticleTagTable } from './article-tag-table.js';
import type { ChangeTable } from './change-table.js';
import type { Db } from './database.js';
import type { RevisionTable } from './revision-table.js';

export type SaveResult =
  | { kind: 'new'; article: StoredArticle; seq: number }
  /** The publisher changed it. `before` is what stood here until now. */
  | {
      kind: 'revised';
      article: StoredArticle;
      before: StoredArticle;
      fields: readonly RevisedField[];
      seq: number;
    }
  /** We know it better than before (the page after the feed's text, a better extraction): other bytes, no note, no new date. */
  | { kind: 'edition'; article: StoredArticle; before: StoredArticle }
  | { kind: 'unchanged'; article: StoredArticle };

export interface SaveOptions {
  at: number;
  /** True where the difference comes from us and not from the publisher. */
  edition: boolean;
}

/** Words of a text, for the reading time: runs of letters and digits; each CJK character counts as half a word. */
function countWords(html: string): number {
  const text = html.replace(/<[^>]*>/g, ' ');
  const ideographs = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  const words = text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return ideographs > words ? Math.round(ideographs / 2) : words;
}

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
  const byAlias = db.prepare<[string, string], ArticleRow>(
    `SELECT article.* FROM article_alias JOIN article ON article.id = article_alias.article_id
     WHERE article_alias.publisher_id = ? AND article_alias.name = ?`,
  );
  const insert = db.prepare(
    `INSERT INTO article (publisher_id, stable_id, key, guid, url, language, direction, title, subtitle, summary, authors,
       published_at, modified_at, section, section_slug, tags, kind, lead, content, words, origin, revision, taken_at, page_state)
     VALUES (@publisherId, @stableId, @key, @guid, @url, @language, @direction, @title, @subtitle, @summary, @authors,
       @publishedAt, @modifiedAt, @section, @sectionSlug, @tags, @kind, @lead, @content, @words, @origin, 1, @at, 'none')`,
  );
  const update = db.prepare(
    `UPDATE article SET guid = @guid, url = @url, language = @language, direction = @direction, title = @title,
       subtitle = @subtitle, summary = @summary, authors = @authors, published_at = @publishedAt, modified_at = @modifiedAt,
       section = @section, section_slug = @sectionSlug, tags = @tags, kind = @kind, lead = @lead, content = @content,
       words = @words, origin = @origin, revision = @revision, revised_at = @revisedAt, taken_at = @takenAt WHERE id = @id`,
  );
  const insertRevision = db.prepare(
    'INSERT INTO revision (article_id, number, taken_at, modified_at, fields, body) VALUES (@id, @number, @at, @modifiedAt, @fields, @body)',
  );
  const updateRevision = db.prepare(
    'UPDATE revision SET body = @body WHERE article_id = @id AND number = @number',
  );
  const addAlias = db.prepare(
    'INSERT INTO article_alias (publisher_id, name, article_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
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
      (names.guid === null ? undefined : byAlias.get(publisherId, names.guid)) ??
      (names.url === null ? undefined : byAlias.get(publisherId, names.url));
    return row === undefined ? null : toArticle(row);
  }

  function nameIt(id: number, article: Article): void {
    for (const name of [article.guid, article.url])
      if (name !== null) addAlias.run(article.publisherId, name, id);
  }

  function mustGet(id: number): StoredArticle {
    const article = get(id);
    if (article === null) throw new Error(`article ${id} was written and is not there`);
    return article;
  }

  /** Keeps `article` as the newest text of what `find` names. Call it inside a transaction together with what it dirties. */
  function save(given: Article, options: SaveOptions): SaveResult {
    const article = withClosedDirections(given);
    const before = find(article.publisherId, article);
    const sectionSlug = article.section === null ? null : slug(article.section);
    const columns = toColumns(article, sectionSlug, countWords(article.content));
    if (before === null) {
      const key = articleKey(article.publisherId, article.stableId);
      const id = Number(insert.run({ ...columns, key, at: options.at }).lastInsertRowid);
      nameIt(id, article);
      tags.put(id, article.publisherId, listedTags(article.tags, sectionSlug));
      faultPoint('store:article-inserted');
      insertRevision.run({
        id,
        number: 1,
        at: options.at,
        modifiedAt: article.modifiedAt,
        fields: '[]',
        body: revisionBody(article),
      });
      const seq = changes.add({
        at: options.at,
        kind: 'publish',
        publisherId: article.publisherId,
        articleId: id,
        revision: 1,
      });
      return { kind: 'new', article: mustGet(id), seq };
    }
    // Whoever asks: what fell out of retention is not filled again.
    if (before.prunedAt !== null) return { kind: 'unchanged', article: before };
    const kept: Article = { ...article, stableId: before.stableId };
    const fields = REVISED_FIELDS.filter((field) => !isDeepStrictEqual(kept[field], before[field]));
    const others =
      kept.summary !== before.summary || kept.kind !== before.kind || kept.origin !== before.origin;
    const facts = !isDeepStrictEqual(kept.tags, before.tags) || kept.modifiedAt !== before.modifiedAt;
    if (fields.length === 0 && !others && !facts) return { kind: 'unchanged', article: before };
    const revised = !options.edition && fields.length > 0;
    const revision = before.revision + (revised ? 1 : 0);
    update.run({
      ...columns,
      id: before.id,
      revision,
      revisedAt: revised ? options.at : before.revisedAt,
      takenAt: options.at,
    });
    nameIt(before.id, kept);
    tags.put(before.id, kept.publisherId, listedTags(kept.tags, sectionSlug));
    faultPoint('store:article-updated');
    if (!revised) {
      updateRevision.run({ id: before.id, number: revision, body: revisionBody(kept) });
      if (lostNames(before, kept).length > 0) revisions.overwriteAuthors(before.id, kept.authors);
      return { kind: 'edition', article: mustGet(before.id), before };
    }
    insertRevision.run({
      id: before.id,
      number: revision,
      at: options.at,
      modifiedAt: article.modifiedAt,
      fields: JSON.stringify(fields),
      body: revisionBody(kept),
    });
    if (lostNames(before, kept).length > 0) revisions.overwriteAuthors(before.id, kept.authors);
    const seq = changes.add({
      at: options.at,
      kind: 'correct',
      publisherId: article.publisherId,
      articleId: before.id,
      revision,
    });
    return { kind: 'revised', article: mustGet(before.id), before, fields, seq };
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
    save,
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

/** What a revision remembers: the fields whose change makes one. */
function revisionBody(article: Article): string {
  return JSON.stringify(Object.fromEntries(REVISED_FIELDS.map((field) => [field, article[field]])));
}
