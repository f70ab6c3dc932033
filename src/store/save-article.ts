import { isDeepStrictEqual } from 'node:util';
import { type Article, REVISED_FIELDS, type RevisedField } from '../domain/article.js';
import { aliasHash, articleKey } from '../domain/article-key.js';
import { listedTags } from '../domain/article-tags.js';
import { withClosedDirections } from '../domain/close-directions.js';
import { faultPoint } from '../domain/fault-point.js';
import { lostNames } from '../domain/lost-names.js';
import { slug } from '../domain/slug.js';
import { type StoredArticle, toColumns } from './article-row.js';
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
  /** Milliseconds since the epoch. */
  at: number;
  /** True where the difference comes from us and not from the publisher. */
  edition: boolean;
}

export interface SaveArticleDeps {
  changes: ChangeTable;
  revisions: RevisionTable;
  tags: ArticleTagTable;
  /** What already stands under any of an article's names. */
  find: (publisherId: string, article: Article) => StoredArticle | null;
  /** Throws where there is none. */
  mustGet: (id: number) => StoredArticle;
}

/** Words of a text, for the reading time: runs of letters and digits; each CJK character counts as half a word. */
function countWords(html: string): number {
  const text = html.replace(/<[^>]*>/g, ' ');
  const ideographs = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  const words = text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return ideographs > words ? Math.round(ideographs / 2) : words;
}

/** Writes articles with their revisions, names, tags and changes. */
export function createArticleSaver(db: Db, { changes, revisions, tags, find, mustGet }: SaveArticleDeps) {
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
    'INSERT INTO article_alias (publisher_id, hash, article_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );

  const sectionSlugOf = ({ section }: Article): string | null => (section === null ? null : slug(section));
  const columnsOf = (article: Article) =>
    toColumns(article, sectionSlugOf(article), countWords(article.content));

  function keepNamesAndTags(id: number, article: Article): void {
    for (const name of [article.guid, article.url])
      if (name !== null) addAlias.run(article.publisherId, aliasHash(name), id);
    tags.put(id, article.publisherId, listedTags(article.tags, sectionSlugOf(article)));
  }

  /** A revision and its line in the change sequence; answers the number of that line. */
  function addRevision(
    id: number,
    article: Article,
    { at, number, fields }: { at: number; number: number; fields: readonly RevisedField[] },
  ): number {
    insertRevision.run({
      id,
      number,
      at,
      modifiedAt: article.modifiedAt,
      fields: JSON.stringify(fields),
      body: revisionBody(article),
    });
    return changes.add({
      at,
      kind: number === 1 ? 'publish' : 'correct',
      publisherId: article.publisherId,
      articleId: id,
      revision: number,
    });
  }

  function saveNew(article: Article, at: number): SaveResult {
    const key = articleKey(article.publisherId, article.stableId);
    const id = Number(insert.run({ ...columnsOf(article), key, at }).lastInsertRowid);
    keepNamesAndTags(id, article);
    faultPoint('store:article-inserted');
    const seq = addRevision(id, article, { at, number: 1, fields: [] });
    return { kind: 'new', article: mustGet(id), seq };
  }

  function saveOver(before: StoredArticle, given: Article, { at, edition }: SaveOptions): SaveResult {
    const hasLostName = lostNames(before, given).length > 0;
    // It may be an address that spells a name; what is kept of it as an alias knows the article again.
    const isGivenUp = given.guid !== given.url && (hasLostName || given.guid === before.url);
    const guid = isGivenUp ? null : given.guid;
    const article: Article = { ...given, stableId: before.stableId, guid };
    const fields = REVISED_FIELDS.filter((field) => !isDeepStrictEqual(article[field], before[field]));
    if (fields.length === 0 && sameBesides(article, before)) return { kind: 'unchanged', article: before };
    const { id } = before;
    const revised = !edition && fields.length > 0;
    const revision = before.revision + (revised ? 1 : 0);
    update.run({
      ...columnsOf(article),
      id,
      revision,
      revisedAt: revised ? at : before.revisedAt,
      takenAt: at,
    });
    keepNamesAndTags(id, { ...article, guid: given.guid });
    faultPoint('store:article-updated');
    const seq = revised ? addRevision(id, article, { at, number: revision, fields }) : null;
    if (seq === null) updateRevision.run({ id, number: revision, body: revisionBody(article) });
    if (hasLostName) revisions.overwriteAuthors(id, article.authors);
    const after = mustGet(id);
    return seq === null
      ? { kind: 'edition', article: after, before }
      : { kind: 'revised', article: after, before, fields, seq };
  }

  /** Call it inside a transaction together with what it dirties. */
  return (given: Article, options: SaveOptions): SaveResult => {
    const article = withClosedDirections(given);
    const before = find(article.publisherId, article);
    if (before === null) return saveNew(article, options.at);
    // Whoever asks: what fell out of retention is not filled again.
    if (before.prunedAt !== null) return { kind: 'unchanged', article: before };
    return saveOver(before, article, options);
  };
}

/** Whether all is the same that makes no revision of its own. */
const sameBesides = (article: Article, before: StoredArticle): boolean =>
  article.summary === before.summary &&
  article.kind === before.kind &&
  article.origin === before.origin &&
  article.modifiedAt === before.modifiedAt &&
  isDeepStrictEqual(article.tags, before.tags);

/** What a revision remembers: the fields whose change makes one. */
function revisionBody(article: Article): string {
  return JSON.stringify(Object.fromEntries(REVISED_FIELDS.map((field) => [field, article[field]])));
}
