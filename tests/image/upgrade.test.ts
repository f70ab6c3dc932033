import { createHash } from 'node:crypto';
import { chownSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPublisherFile } from '../../src/config/load-publishers.js';
import { initial } from '../../src/store/migrations/001-initial.js';
import { searchByTime } from '../../src/store/migrations/002-search-by-time.js';
import { Sqlite } from '../../src/store/sqlite.js';
import { createStack, pageOf, podman, type Stack } from './stack.js';

const ARTICLE = '/moscow-times/a89514/';
const TEXT = 'The harbour master counted the ships twice.';

/** What the first release left in the volume: one article. */
function writeFirstRelease(file: string): void {
  const db = new Sqlite(file);
  db.exec(initial);
  db.exec(searchByTime);
  db.pragma('user_version = 2');
  db.prepare("INSERT INTO publisher (id, definition, active, position) VALUES ('moscow-times', ?, 1, 0)").run(
    JSON.stringify(loadPublisherFile('data/publishers/moscow-times.yaml')),
  );
  db.prepare(
    `INSERT INTO article (publisher_id, stable_id, key, url, language, direction, title, subtitle, summary, authors,
      published_at, tags, kind, content, words, origin, revision, taken_at, page_state)
     VALUES ('moscow-times', '89514', zeroblob(16), 'https://www.themoscowtimes.com/2026/11/01/ships-a89514', 'en', 'ltr',
      'Ships counted', '', '', '[]', 1793520000000, '[]', 'article', ?, 7, 'page', 1, 1793520000000, 'read')`,
  ).run(`<p>${TEXT}</p>`);
  db.close();
}

describe('a newer image on the volume of an older one', () => {
  let stack: Stack;
  let file: string;
  beforeAll(() => {
    stack = createStack({});
    // Made by a start, so that the volume belongs to whom it should.
    stack.compose('run', '--rm', 'tamizdat', 'publishers', 'list');
    file = join(stack.folderOf('data'), 'tamizdat.sqlite');
    writeFirstRelease(file);
    chownSync(file, 1000, 1000);
    stack.up();
  });
  afterAll(() => stack?.down());

  it('keeps what the first release took, and shows it', async () => {
    expect(await pageOf(ARTICLE)).toContain(TEXT);
  });

  it('keeps it when the container is made anew', async () => {
    stack.compose('up', '--detach', '--no-build', '--force-recreate');
    expect(await pageOf(ARTICLE)).toContain(TEXT);
    const status = stack.exec('tamizdat', 'node', 'dist/main.js', 'status', '--json');
    expect(JSON.parse(status)).toMatchObject({ articles: { live: 1 } });
  });

  it('an older image refuses what a newer one wrote, says so, and touches nothing', async () => {
    stack.remove('tamizdat');
    const db = new Sqlite(file);
    db.pragma('user_version = 999');
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const hash = () => createHash('sha256').update(readFileSync(file)).digest('hex');
    const before = hash();
    // Compose would start it again and again.
    stack.up({ tamizdat: { restart: 'no' } });
    expect(podman('wait', stack.container('tamizdat'))).toBe('1');
    expect(stack.said('tamizdat')).toContain('was written by a newer version of this program (schema 999)');
    expect(stack.said('tamizdat')).toContain('Run the newer version, or restore a backup');
    expect(hash()).toBe(before);
  });
});
