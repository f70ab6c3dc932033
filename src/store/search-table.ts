import type { Db } from './database.js';

/** Turns text into what the index holds; another tokenizer can stand here. */
export interface SearchTokenizer {
  indexText(text: string, language: string): string;
}

/** One article as the index takes it: plain text. */
export interface SearchEntry {
  articleId: number;
  publisherId: string;
  publishedAt: number;
  title: string;
  body: string;
  language: string;
}

export interface SearchFilter {
  publisherId: string | null;
  /** Only what was published at or after this hour's beginning. */
  fromAt: number | null;
  /** The time of asking, which ages are counted from. */
  now: number;
}

/** `ids` best first; `more` where there are matches that were not looked at. */
export interface SearchMatches {
  ids: readonly number[];
  more: boolean;
}

/**
 * A row's number is its article's hour of publishing, then its id: so the index itself is in order of time, a period is a range
 * of rows, and the newest matches come first without sorting. 2^33 ids and the hours until 2089 fit JavaScript's 2^53. Bound as
 * a bigint, since FTS5 heeds a bound of rows only where it is an integer to SQLite.
 */
const PLACES_IN_AN_HOUR = 2 ** 33;
const HOUR_MS = 3_600_000;

/**
 * Matches that are ranked: the newest five hundred of each of the three looks below, fifty pages of results. FTS5's own `bm25()` first counts every match of every
 * word in the whole index, whatever is asked of it: 11 ms for each common word and 240-590 ms to rank them, in 100,000 articles of
 * 400 words (November 2026), against 1-2 ms for the newest thousand rows.
 */
const MOST_MATCHES = 500;

/**
 * bm25's weight of a word in a text (Robertson and Zaragoza 2009, section 3.4; k1 and b as FTS5 has them), computed when it is indexed. A
 * word of at least TOPIC_WEIGHT, of k1 + 1 at most, is what the text is about: three times in 400 words, six times in 1,000, once in 50.
 */
const K1 = 1.2;
const B = 0.75;
const USUAL_TOKENS = 400;
const TOPIC_WEIGHT = 1.5;

/**
 * Relevance and newness in one scale, where each doubling of an article's age costs one. So what names every word in its headline
 * stands before a passing mention until it is some eight times as old. Ages below a month count for little.
 */
const IN_TITLE = 3;
const IN_TOPIC = 2;
const MONTH = 30 * 24 * PLACES_IN_AN_HOUR;

export function createSearchTable(db: Db, tokenizer: SearchTokenizer) {
  const insert = db.prepare('INSERT INTO search (rowid, title, body) VALUES (?, ?, ?)');
  const insertTopic = db.prepare('INSERT INTO search_topic (rowid, title, topic) VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM search WHERE rowid = ?');
  const removeTopic = db.prepare('DELETE FROM search_topic WHERE rowid = ?');
  const placeOf = db.prepare<[number], { place: number; topical: number }>(
    'SELECT place, has_topic AS topical FROM search_place WHERE article_id = ?',
  );
  const setPlace = db.prepare('INSERT INTO search_place (article_id, place, has_topic) VALUES (?, ?, 1)');
  const dropPlace = db.prepare('DELETE FROM search_place WHERE article_id = ?');
  const withoutTopic = db.prepare<[number], { id: number }>(
    'SELECT article_id AS id FROM search_place WHERE has_topic = 0 LIMIT ?',
  );
  const newest = newestOf(db, 'search');
  const newestByTopic = newestOf(db, 'search_topic');
  const publishers = db.prepare<[], { id: string; active: number }>('SELECT id, active FROM publisher');

  function drop(articleId: number): void {
    const known = placeOf.get(articleId);
    if (known === undefined) return;
    remove.run(BigInt(known.place));
    if (known.topical === 1) removeTopic.run(BigInt(known.place));
    dropPlace.run(articleId);
  }

  /** Publishers whose articles may be found; null where that is every one in the index. */
  function searchable(wanted: string | null): string[] | null {
    const all = publishers.all();
    const active = all.filter((row) => row.active === 1).map((row) => row.id);
    if (wanted !== null) return active.filter((id) => id === wanted);
    return active.length === all.length ? null : active;
  }

  return {
    put: (entry: SearchEntry): void => {
      const { articleId, language } = entry;
      drop(articleId);
      const place = placeAt(entry.publishedAt) + articleId;
      const title = `${publisherToken(entry.publisherId)} ${tokenizer.indexText(entry.title, language)}`;
      const body = tokenizer.indexText(entry.body, language);
      insert.run(BigInt(place), title, body);
      insertTopic.run(BigInt(place), title, topicOf(body));
      setPlace.run(articleId, BigInt(place));
    },
    remove: drop,
    /** Articles that an older release indexed: found, but not ranked until they are put again. */
    unranked: (limit: number): number[] => withoutTopic.all(limit).map(({ id }) => id),
    /**
     * Articles that match an FTS5 expression, of publishers this node mirrors, ranked by where they match and how old they are. Looked
     * at are the newest five hundred that match at all, that are about it, and that name it in the headline.
     */
    find: (match: string, filter: SearchFilter): SearchMatches => {
      const ids = searchable(filter.publisherId);
      if (ids?.length === 0) return { ids: [], more: false };
      const within =
        ids === null ? '' : ` AND {title} : (${ids.map(publisherToken).map(quoted).join(' OR ')})`;
      const from = filter.fromAt === null ? 0 : placeAt(filter.fromAt);
      const anywhere = newest(`(${match})${within}`, from, MOST_MATCHES + 1);
      const relevance = new Map(anywhere.slice(0, MOST_MATCHES).map((place) => [place, 0]));
      for (const place of newestByTopic(`(${match})${within}`, from, MOST_MATCHES))
        relevance.set(place, IN_TOPIC);
      for (const place of newestByTopic(`{title} : (${match})${within}`, from, MOST_MATCHES))
        relevance.set(place, IN_TITLE);
      const now = placeAt(filter.now);
      const ranked = [...relevance]
        .map(([place, points]) => ({
          place,
          score: points - Math.log2(1 + Math.max(0, now - place) / MONTH),
        }))
        .sort((a, b) => b.score - a.score || b.place - a.place);
      return {
        ids: ranked.map(({ place }) => place % PLACES_IN_AN_HOUR),
        more: anywhere.length > MOST_MATCHES,
      };
    },
  };
}

function newestOf(db: Db, table: 'search' | 'search_topic') {
  const select = db
    .prepare<[string, bigint, number], number>(
      `SELECT rowid FROM ${table} WHERE ${table} MATCH ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?`,
    )
    .pluck();
  return (match: string, from: number, limit: number): number[] => select.all(match, BigInt(from), limit);
}

/** The words that a text is about, each once and in its order: scripts without spaces are found as neighbors. */
function topicOf(body: string): string {
  const tokens = body.split(' ');
  const counts = new Map<string, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  const norm = K1 * (1 - B + (B * tokens.length) / USUAL_TOKENS);
  return [...counts]
    .filter(([, count]) => (count * (K1 + 1)) / (count + norm) >= TOPIC_WEIGHT)
    .map(([token]) => token)
    .join(' ');
}

const placeAt = (at: number): number => Math.max(0, Math.floor(at / HOUR_MS)) * PLACES_IN_AN_HOUR;

/**
 * A publisher as one token of the title column. No text can hold it: the index's letters are those of words (`L* N* M*`) and
 * private use, and the tokenizer lets no letter of private use through.
 */
const publisherToken = (id: string): string => `\ue000${id.replaceAll('-', '\ue001')}`;
const quoted = (token: string): string => `"${token}"`;
