import { type Article, REVISED_FIELDS, type RevisedField } from '../domain/article.js';
import type { Db } from './database.js';

export type RevisionBody = Pick<Article, RevisedField>;

export interface StoredRevision {
  number: number;
  takenAt: number;
  /** The publisher's own time of the change, where it gave one. */
  modifiedAt: number | null;
  /** What differs from the revision before. */
  fields: readonly RevisedField[];
  body: RevisionBody;
}

export type RevisionTable = ReturnType<typeof createRevisionTable>;

export function createRevisionTable(db: Db) {
  const of = db.prepare<
    [number],
    { number: number; taken_at: number; modified_at: number | null; fields: string; body: string }
  >('SELECT number, taken_at, modified_at, fields, body FROM revision WHERE article_id = ? ORDER BY number');
  const bodies = db.prepare<[number], { number: number; body: string }>(
    'SELECT number, body FROM revision WHERE article_id = ?',
  );
  const update = db.prepare('UPDATE revision SET body = ?, fields = ? WHERE article_id = ? AND number = ?');
  const drop = db.prepare('DELETE FROM revision WHERE article_id = ?');
  return {
    /** Oldest first. */
    of: (articleId: number): StoredRevision[] =>
      of.all(articleId).map((row) => ({
        number: row.number,
        takenAt: row.taken_at,
        modifiedAt: row.modified_at,
        fields: (JSON.parse(row.fields) as string[]).filter((field): field is RevisedField =>
          (REVISED_FIELDS as readonly string[]).includes(field),
        ),
        body: JSON.parse(row.body) as RevisionBody,
      })),
    /** Puts `authors` in every revision, as if it had never been otherwise: a byline turned into a pseudonym for safety. */
    overwriteAuthors: (articleId: number, authors: Article['authors']): void => {
      for (const row of of.all(articleId)) {
        const body = { ...(JSON.parse(row.body) as object), authors };
        const fields = (JSON.parse(row.fields) as string[]).filter((field) => field !== 'authors');
        update.run(JSON.stringify(body), JSON.stringify(fields), articleId, row.number);
      }
    },
    /** Puts what `change` makes of each revision in its place, as if it had never been otherwise. */
    rewrite: (articleId: number, change: (body: RevisionBody) => RevisionBody): void => {
      for (const row of of.all(articleId)) {
        const body = JSON.stringify(change(JSON.parse(row.body) as RevisionBody));
        if (body !== row.body) update.run(body, row.fields, articleId, row.number);
      }
    },
    bodiesOf: (articleId: number): string[] => bodies.all(articleId).map((row) => row.body),
    drop: (articleId: number): void => {
      drop.run(articleId);
    },
  };
}
