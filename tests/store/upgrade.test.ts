import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { aliasHash } from '../../src/domain/article-key.js';
import { systemClock } from '../../src/domain/clock.js';
import { enterHome } from '../../src/node/enter-home.js';
import { openDatabase } from '../../src/store/database.js';
import { initial } from '../../src/store/migrations/001-initial.js';
import { searchByTime } from '../../src/store/migrations/002-search-by-time.js';
import { Sqlite } from '../../src/store/sqlite.js';
import { cli } from '../support/cli.js';
import { silentLog, testConfig } from '../support/test-node.js';

const folder = mkdtempSync(join(tmpdir(), 'tamizdat-upgrade-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an upgrade', () => {
  it('keeps what the first release wrote', () => {
    const file = join(folder, 'first.sqlite');
    const before = new Sqlite(file);
    before.exec(initial);
    before.exec(searchByTime);
    before.pragma('user_version = 2');
    before.exec(`INSERT INTO publisher (id, definition, active, position) VALUES ('paper', '{}', 1, 0);
      INSERT INTO source (publisher_id, url, since_at) VALUES ('paper', 'https://paper.example/rss', 1);
      INSERT INTO media (sha256, type, width, height, bytes, stored_at) VALUES (zeroblob(32), 'image/avif', 1, 1, x'0203', 5);
      INSERT INTO article (id, publisher_id, stable_id, key, url, language, direction, title, subtitle, summary, authors, published_at, tags,
        kind, content, words, origin, revision, taken_at, page_state)
        VALUES (7, 'paper', 'x', zeroblob(16), 'https://paper.example/new', 'en', 'ltr', '', '', '', '[]', 1, '[]', 'article', '', 0, 'feed', 1, 1, 'none');
      INSERT INTO article_alias VALUES ('paper', 'https://paper.example/by-somebody', 7);`);
    before.close();
    const after = openDatabase(file);
    expect(after.prepare('SELECT url FROM source').pluck().all()).toEqual(['https://paper.example/rss']);
    expect(after.prepare('SELECT hex(bytes) FROM media').pluck().all()).toEqual(['0203']);
    const alias = aliasHash('https://paper.example/by-somebody');
    expect(after.prepare('SELECT hash, article_id FROM article_alias').all()).toEqual([
      { hash: alias, article_id: 7 },
    ]);
    expect(Number(after.pragma('user_version', { simple: true }))).toBeGreaterThan(2);
    after.pragma('wal_checkpoint(TRUNCATE)');
    after.close();
    expect(readFileSync(file).includes('by-somebody')).toBe(false);
  });
});

describe('a downgrade', () => {
  const home = join(folder, 'newer');
  const file = join(home, 'tamizdat.sqlite');
  const hash = () => createHash('sha256').update(readFileSync(file)).digest('hex');

  it('is refused with a clear word, and touches nothing', async () => {
    const db = openDatabase(file);
    db.exec("INSERT INTO meta VALUES ('kept', 'yes')");
    db.pragma('user_version = 999');
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const before = hash();
    for (const argv of [['sync', '--once'], ['status'], ['decisions', 'list']]) {
      const { code, stderr } = await cli([...argv, '--home', home]);
      expect([argv, code]).toEqual([argv, 1]);
      expect(stderr).toMatch(/was written by a newer version of this program \(schema 999\)/);
      expect(stderr).toContain('Run the newer version, or restore a backup');
    }
    await expect(enterHome(testConfig(home), silentLog, systemClock)).rejects.toMatchObject({
      code: 'database-newer',
    });
    expect(hash()).toBe(before);
    expect(readdirSync(home).filter((name) => name.includes('damaged'))).toEqual([]);
  });
});
