import type { ArticleTag } from '../domain/article-tags.js';
import type { Db } from './database.js';

export type ArticleTagTable = ReturnType<typeof createArticleTagTable>;

/** Which articles bear which tag. An article that is withdrawn or emptied keeps its place in the lists, not the tag's name. */
export function createArticleTagTable(db: Db) {
  const insert = db.prepare(
    'INSERT INTO article_tag (article_id, slug, publisher_id, name) VALUES (?, ?, ?, ?)',
  );
  const drop = db.prepare('DELETE FROM article_tag WHERE article_id = ?');
  const forget = db.prepare("UPDATE article_tag SET name = '' WHERE article_id = ?");
  const nameOf = db.prepare<[string, string], { name: string }>(
    `SELECT name FROM article_tag JOIN article ON article.id = article_id
     WHERE article_tag.publisher_id = ? AND slug = ? AND name <> '' AND state = 'live' ORDER BY published_at DESC, id DESC LIMIT 1`,
  );
  const slugs = db.prepare<[string], { slug: string }>(
    'SELECT DISTINCT slug FROM article_tag WHERE publisher_id = ? ORDER BY slug',
  );
  return {
    /** Inside the caller's transaction. */
    put: (articleId: number, publisherId: string, tags: readonly ArticleTag[]): void => {
      drop.run(articleId);
      for (const tag of tags) insert.run(articleId, tag.slug, publisherId, tag.name);
    },
    forgetNames: (articleId: number): void => {
      forget.run(articleId);
    },
    /** As the newest live article writes it; null where none bears it. */
    nameOf: (publisherId: string, slug: string): string | null => nameOf.get(publisherId, slug)?.name ?? null,
    slugs: (publisherId: string): string[] => slugs.all(publisherId).map((row) => row.slug),
  };
}
