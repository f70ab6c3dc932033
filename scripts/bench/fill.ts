import { join } from 'node:path';
import type { Config } from '../../src/config/config.js';
import { openDatabase } from '../../src/store/database.js';

/**
 * Multiplies one stored article and its page until there are `count`, an hour apart, in ten sections: what years of mirroring
 * leave. Straight in SQL, since taking them in would take hours. The search index is left alone.
 */
export function fillStore(config: Config, count: number): void {
  const db = openDatabase(join(config.home, 'tamizdat.sqlite'));
  try {
    const pattern = db.prepare('SELECT id, published_at AS at FROM article ORDER BY id LIMIT 1').get() as {
      id: number;
      at: number;
    };
    const numbers = `WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${count - 1})`;
    // Older than the pattern, so that it stays on the front pages.
    const at = `${pattern.at} - n * 3600000`;
    if (db.prepare("SELECT 1 FROM article WHERE stable_id = '91'").get() !== undefined) return;
    db.pragma('synchronous = OFF');
    db.transaction(() => {
      db.exec(`
        INSERT INTO article (publisher_id, stable_id, key, guid, url, language, direction, title, subtitle, summary, authors,
          published_at, section, section_slug, tags, kind, content, words, origin, revision, taken_at, page_state, earlier)
        ${numbers}
        SELECT publisher_id, '9' || n, CAST(printf('%016d', n) AS BLOB), NULL, url || n, language, direction, title || ' ' || n,
          subtitle, summary, authors, ${at}, 'Section ' || (n % 10), 'section-' || (n % 10), tags, kind, content, words, origin,
          revision, ${at}, 'none', '[]' FROM number, article WHERE article.id = ${pattern.id};

        INSERT INTO change (at, kind, publisher_id, article_id, revision)
        SELECT taken_at, 'publish', publisher_id, id, 1 FROM article WHERE id <> ${pattern.id};

        ${numbers}
        INSERT INTO page (path, group_key, status, type, etag, modified_at, version, absolute, raw_bytes, gzip_bytes, br_bytes, gzip, br)
        SELECT '/' || article.publisher_id || '/a9' || n || '/', 'filled:' || n, page.status, page.type, page.etag || n, ${at}, n,
          page.absolute, page.raw_bytes, page.gzip_bytes, page.br_bytes, page.gzip, page.br
        FROM number, article, page WHERE article.id = ${pattern.id} AND page.path = '/' || article.publisher_id || '/a' || article.stable_id || '/';
      `);
    })();
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}
