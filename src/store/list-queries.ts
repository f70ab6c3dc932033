import { closeDirections } from '../domain/close-directions.js';
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
  title: closeDirections(row.title),
  summary: closeDirections(row.summary),
  section: row.section === null ? null : closeDirections(row.section),
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
  /** Needs the publisher. */
  tagSlug?: string;
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
      // The plus keeps SQLite from sorting every publisher's articles: it goes along the index of the order that is asked for.
    } else conditions.push('+publisher_id IN (SELECT id FROM publisher WHERE active = 1)');
    if (scope.sectionSlug !== undefined) {
      conditions.push('section_slug = @sectionSlug');
      values.sectionSlug = scope.sectionSlug;
    }
    if (scope.tagSlug !== undefined) {
      conditions.push(
        'id IN (SELECT article_id FROM article_tag WHERE article_tag.publisher_id = @publisherId AND slug = @tagSlug)',
      );
      values.tagSlug = scope.tagSlug;
    }
    if (scope.language !== undefined) {
      conditions.push('primary_language = @language');
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

  const get = <T>(sql: string, values: Record<string, string | number>): T => prepared(sql).get(values) as T;
  const countOf = (sql: string, values: Record<string, string | number>): number =>
    get<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`, values).n;

  /** Kept by triggers for all but months and tags, which are counted along their index. */
  function count(scope: ListScopeQuery): number {
    const { sql, values } = where(scope);
    if (scope.fromAt !== undefined || scope.toAt !== undefined || scope.tagSlug !== undefined)
      return countOf(`article WHERE ${sql}`, values);
    const tallied = sql.replace('primary_language', 'language').replace('+publisher_id', 'publisher_id');
    return get<{ n: number }>(
      `SELECT coalesce(sum(total), 0) AS n FROM article_tally WHERE ${tallied}`,
      values,
    ).n;
  }

  /** How many of the scope stand before a place in its order. Counted from the newest, where what is asked about mostly stands. */
  function before(scope: ListScopeQuery, key: string, place: string, at: Record<string, number>): number {
    const { sql, values } = where(scope);
    const bound = { ...values, ...at };
    const after = countOf(
      `(SELECT 1 FROM article WHERE ${sql} AND ${key} >= ${place} LIMIT ${NEAR_THE_NEWEST})`,
      bound,
    );
    if (after < NEAR_THE_NEWEST) return count(scope) - after;
    return countOf(
      `article WHERE ${sql.replace('+publisher_id', 'publisher_id')} AND ${key} < ${place}`,
      bound,
    );
  }

  return {
    count,
    /** Articles from `offset` on, counted from the oldest; at most `limit`. */
    fromOldest: (scope: ListScopeQuery, order: ListOrder, offset: number, limit: number): ListedArticle[] => {
      const { sql, values } = where(scope);
      const total = count(scope);
      const taken = Math.min(limit, total - offset);
      if (taken <= 0) return [];
      // What is skipped is walked over: from whichever end is nearer.
      const fromNewest = total - offset - taken;
      const backward = fromNewest < offset;
      const sort = backward ? 'DESC' : 'ASC';
      const by = order === 'published' ? `published_at ${sort}, id ${sort}` : `id ${sort}`;
      const rows = prepared(
        `SELECT ${COLUMNS} FROM article WHERE ${sql} ORDER BY ${by} LIMIT @limit OFFSET @offset`,
      ).all({ ...values, limit: taken, offset: backward ? fromNewest : offset }) as ListedRow[];
      return (backward ? rows.reverse() : rows).map(toListed);
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
    position: (scope: ListScopeQuery, publishedAt: number, id: number): number =>
      before(scope, '(published_at, id)', '(@publishedAt, @id)', { publishedAt, id }),
    /** The same for the order of arrival. */
    arrival: (scope: ListScopeQuery, id: number): number => before(scope, 'id', '@id', { id }),
    /** Whether any article of the scope is kept, and whether any has fallen out of retention. */
    kept: (scope: ListScopeQuery): { any: boolean; all: boolean } => {
      const { sql, values } = where(scope);
      const exists = (rest: string): boolean =>
        get<{ found: 1 | null }>(`SELECT (SELECT 1 FROM article ${rest} LIMIT 1) AS found`, values).found ===
        1;
      // Each named so that no article of the other kind is walked over: what is kept is mostly the newest.
      return {
        any: exists(`WHERE ${sql} AND pruned_at IS NULL ORDER BY published_at DESC, id DESC`),
        all: !exists(`INDEXED BY article_pruned WHERE ${sql} AND pruned_at IS NOT NULL`),
      };
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
        `SELECT section_slug AS slug, sum(live) AS count,
           (SELECT section FROM article WHERE article.publisher_id = tally.publisher_id AND article.section_slug = tally.section_slug
              AND state = 'live' ORDER BY published_at DESC, id DESC LIMIT 1) AS name
         FROM article_tally AS tally WHERE publisher_id = ? AND section_slug <> ''
         GROUP BY section_slug HAVING sum(live) > 0 ORDER BY count DESC, slug`,
      ).all(publisherId) as { slug: string; name: string; count: number }[],
    /** Oldest and newest publishing time of what is kept in the scope; null where that is nothing. */
    span: (scope: ListScopeQuery): { from: number; to: number } | null => {
      const { sql, values } = where(scope);
      const edge = (sort: 'ASC' | 'DESC') =>
        `(SELECT published_at FROM article WHERE ${sql} AND pruned_at IS NULL ORDER BY published_at ${sort} LIMIT 1)`;
      const row = get<{ from: number | null; to: number | null }>(
        `SELECT ${edge('ASC')} AS "from", ${edge('DESC')} AS "to"`,
        values,
      );
      return row.from === null || row.to === null ? null : { from: row.from, to: row.to };
    },
  };
}

/** An article no more than so many places from the newest is counted from there, in less than a millisecond. */
const NEAR_THE_NEWEST = 2_000;
