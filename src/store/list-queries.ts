import type { Db } from './database.js';

/** What lists and feeds need of an article: everything but its text. */
export interface ListedArticle {
  id: number;
  publisherId: string;
  stableId: string;
  url: string;
  language: string;
  direction: 'ltr' | 'rtl';
  title: string;
  summary: string;
  section: string | null;
  sectionSlug: string | null;
  kind: string;
  publishedAt: number;
  revisedAt: number | null;
  words: number;
  state: 'live' | 'withdrawn' | 'tombstone';
  /** It fell out of retention and only holds its place. */
  pruned: boolean;
}

interface ListedRow {
  id: number;
  publisher_id: string;
  stable_id: string;
  url: string;
  language: string;
  direction: 'ltr' | 'rtl';
  title: string;
  summary: string;
  section: string | null;
  section_slug: string | null;
  kind: string;
  published_at: number;
  revised_at: number | null;
  words: number;
  state: 'live' | 'withdrawn' | 'tombstone';
  pruned_at: number | null;
}

const COLUMNS = `id, publisher_id, stable_id, url, language, direction, title, summary, section, section_slug, kind, published_at,
  revised_at, words, state, pruned_at`;

const toListed = (row: ListedRow): ListedArticle => ({
  id: row.id,
  publisherId: row.publisher_id,
  stableId: row.stable_id,
  url: row.url,
  language: row.language,
  direction: row.direction,
  title: row.title,
  summary: row.summary,
  section: row.section,
  sectionSlug: row.section_slug,
  kind: row.kind,
  publishedAt: row.published_at,
  revisedAt: row.revised_at,
  words: row.words,
  state: row.state,
  pruned: row.pruned_at !== null,
});

/** Which articles a list is of. An empty scope is the whole node. Times: from inclusive, to exclusive. */
export interface ListScopeQuery {
  publisherId?: string;
  sectionSlug?: string;
  /** Primary language subtag, such as `ru`. */
  language?: string;
  fromAt?: number;
  toAt?: number;
}

/** `published` for pages that people read; `taken` (order of arrival, which never changes) for history documents. */
export type ListOrder = 'published' | 'taken';

/**
 * Articles in order, withdrawn and pruned ones included: each keeps its place, so that a full page numbered from the oldest stays as it is.
 * Only articles of active publishers count on lists of the whole node.
 */
export function createListQueries(db: Db) {
  const statements = new Map<string, ReturnType<typeof db.prepare>>();

  function prepared(sql: string) {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = db.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  }

  function where(scope: ListScopeQuery): { sql: string; values: Record<string, string | number> } {
    const conditions: string[] = [];
    const values: Record<string, string | number> = {};
    if (scope.publisherId !== undefined) {
      conditions.push('publisher_id = @publisherId');
      values.publisherId = scope.publisherId;
    } else conditions.push('publisher_id IN (SELECT id FROM publisher WHERE active = 1)');
    if (scope.sectionSlug !== undefined) {
      conditions.push('section_slug = @sectionSlug');
      values.sectionSlug = scope.sectionSlug;
    }
    if (scope.language !== undefined) {
      conditions.push("(language = @language OR language LIKE @language || '-%')");
      values.language = scope.language;
    }
    if (scope.fromAt !== undefined) {
      conditions.push('published_at >= @fromAt');
      values.fromAt = scope.fromAt;
    }
    if (scope.toAt !== undefined) {
      conditions.push('published_at < @toAt');
      values.toAt = scope.toAt;
    }
    return { sql: conditions.join(' AND '), values };
  }

  return {
    count: (scope: ListScopeQuery): number => {
      const { sql, values } = where(scope);
      return (prepared(`SELECT count(*) AS n FROM article WHERE ${sql}`).get(values) as { n: number }).n;
    },
    /** Articles from `offset` on, counted from the oldest; at most `limit`. */
    fromOldest: (scope: ListScopeQuery, order: ListOrder, offset: number, limit: number): ListedArticle[] => {
      const { sql, values } = where(scope);
      const by = order === 'published' ? 'published_at, id' : 'id';
      const rows = prepared(
        `SELECT ${COLUMNS} FROM article WHERE ${sql} ORDER BY ${by} LIMIT @limit OFFSET @offset`,
      ).all({
        ...values,
        limit,
        offset,
      }) as ListedRow[];
      return rows.map(toListed);
    },
    /** The newest live articles, newest first. */
    newest: (scope: ListScopeQuery, limit: number): ListedArticle[] => {
      const { sql, values } = where(scope);
      const rows = prepared(
        `SELECT ${COLUMNS} FROM article WHERE ${sql} AND state = 'live' ORDER BY published_at DESC, id DESC LIMIT @limit`,
      ).all({ ...values, limit }) as ListedRow[];
      return rows.map(toListed);
    },
    /** How many articles of the scope stand before one published at `publishedAt` with this id. */
    position: (scope: ListScopeQuery, publishedAt: number, id: number): number => {
      const { sql, values } = where(scope);
      const row = prepared(
        `SELECT count(*) AS n FROM article WHERE ${sql} AND (published_at, id) < (@publishedAt, @id)`,
      ).get({ ...values, publishedAt, id }) as { n: number };
      return row.n;
    },
    /** The same for the order of arrival. */
    arrival: (scope: ListScopeQuery, id: number): number => {
      const { sql, values } = where(scope);
      return (
        prepared(`SELECT count(*) AS n FROM article WHERE ${sql} AND id < @id`).get({ ...values, id }) as {
          n: number;
        }
      ).n;
    },
    /** Whether any article of the scope is kept, and whether any has fallen out of retention. */
    kept: (scope: ListScopeQuery): { any: boolean; all: boolean } => {
      const { sql, values } = where(scope);
      const exists = (condition: string): boolean =>
        (
          prepared(`SELECT EXISTS (SELECT 1 FROM article WHERE ${sql} AND ${condition}) AS found`).get(
            values,
          ) as {
            found: number;
          }
        ).found === 1;
      return { any: exists('pruned_at IS NULL'), all: !exists('pruned_at IS NOT NULL') };
    },
    /** The nearest kept article before or after one in that order; null where there is none. */
    nearestKept: (
      scope: ListScopeQuery,
      order: ListOrder,
      from: Pick<ListedArticle, 'id' | 'publishedAt'>,
      direction: 'before' | 'after',
    ): Pick<ListedArticle, 'id' | 'publishedAt'> | null => {
      const { sql, values } = where(scope);
      const [sign, sort] = direction === 'before' ? ['<', 'DESC'] : ['>', 'ASC'];
      const [key, at, by] =
        order === 'published'
          ? ['(published_at, id)', '(@publishedAt, @id)', `published_at ${sort}, id ${sort}`]
          : ['id', '@id', `id ${sort}`];
      const row = prepared(
        `SELECT id, published_at AS publishedAt FROM article WHERE ${sql} AND pruned_at IS NULL AND ${key} ${sign} ${at} ORDER BY ${by} LIMIT 1`,
      ).get({ ...values, id: from.id, ...(order === 'published' ? { publishedAt: from.publishedAt } : {}) });
      return (row as { id: number; publishedAt: number } | undefined) ?? null;
    },
    /** Sections of a publisher with live articles, the fullest first. */
    sections: (publisherId: string): { slug: string; name: string; count: number }[] =>
      prepared(
        `SELECT section_slug AS slug, max(section) AS name, count(*) AS count FROM article
         WHERE publisher_id = ? AND section_slug IS NOT NULL AND state = 'live' GROUP BY section_slug ORDER BY count DESC, slug`,
      ).all(publisherId) as { slug: string; name: string; count: number }[],
    /** Oldest and newest publishing time of what is kept in the scope; null where that is nothing. */
    span: (scope: ListScopeQuery): { from: number; to: number } | null => {
      const { sql, values } = where(scope);
      const row = prepared(
        `SELECT min(published_at) AS "from", max(published_at) AS "to" FROM article WHERE ${sql} AND pruned_at IS NULL`,
      ).get(values) as {
        from: number | null;
        to: number | null;
      };
      return row.from === null || row.to === null ? null : { from: row.from, to: row.to };
    },
    /** Time of the newest thing that happened to any article of the scope: publishing here, correction, removal. */
    changedAt: (scope: ListScopeQuery): number | null => {
      const { sql, values } = where(scope);
      return (
        prepared(
          `SELECT max(change.at) AS at FROM change JOIN article ON article.id = change.article_id WHERE ${sql.replaceAll(
            'publisher_id',
            'article.publisher_id',
          )}`,
        ).get(values) as { at: number | null }
      ).at;
    },
  };
}
