import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Sqlite } from '../../src/store/sqlite.js';
import { send } from '../support/hostile-server.js';
import { QUICK_FOLDER } from '../support/test-node.js';
import { scene } from '../support/test-pictures.js';
import { describeLong } from '../support/tools.js';
import { createStandIn, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';
import { runAtHome } from './run-at-home.js';

const FAULTS = [
  'store:article-inserted',
  'sync:entry-taken:2',
  'sync:source-settled',
  'site:rendered:5',
  'site:half-stored:5',
  'sync:page-extracted:2',
  'store:article-updated:2',
  'sync:page-read:2',
  'sync:picture-stored',
  'site:half-stored:130',
];

let site: StandIn;
let folder: string;
let whole: ReturnType<typeof contentsOf>;

/** One pass of the compiled program over the home called `name`. */
const sync = (name: string, fault?: string) =>
  runAtHome(join(folder, name), site.publisher({ pages: 'always' }), ['sync', '--once'], site.env, fault);

/** Everything a node holds, but for the times at which it came to it. */
function contentsOf(name: string) {
  const db = new Sqlite(join(folder, name, 'tamizdat.sqlite'));
  const all = (sql: string) => db.prepare(sql).raw().all();
  const contents = {
    articles: all(
      'SELECT id, stable_id, state, title, content, origin, revision, page_state, checks, lead FROM article ORDER BY id',
    ),
    changes: all('SELECT seq, kind, publisher_id, article_id, revision FROM change ORDER BY seq'),
    revisions: all('SELECT article_id, number, fields, body FROM revision ORDER BY 1, 2'),
    aliases: all('SELECT * FROM article_alias ORDER BY 1, 2'),
    pictures: all('SELECT article_id, src, state FROM picture'),
    media: all('SELECT hex(sha256), refs FROM media ORDER BY 1'),
    pages: all('SELECT path, group_key, status, type, absolute FROM page ORDER BY path'),
    dirty: all('SELECT * FROM dirty'),
    searchable: all('SELECT rowid FROM search ORDER BY 1'),
    health: all('PRAGMA integrity_check').concat(all('PRAGMA foreign_key_check')),
  };
  db.close();
  return contents;
}

beforeAll(async () => {
  folder = mkdtempSync(join(QUICK_FOLDER, 'tamizdat-kill-'));
  site = await createStandIn();
  const first = Date.now() - 48 * HOUR_MS;
  for (const id of [1, 2, 3, 4]) site.publish(story(id, { publishedAt: first + id * HOUR_MS }));
  const picture = await scene(400, 300).jpeg().toBuffer();
  site.server.on('/p.jpg', send(picture, { 'content-type': 'image/jpeg' }));
  site.server.on(
    site.pathOf(story(4)),
    send(
      `<html lang="en"><head><title>Lighthouse report 4</title><meta property="og:image" content="${site.server.url('/p.jpg')}"></head><body><article><h1>Lighthouse report 4</h1><div class="text"><figure><img src="${site.server.url('/p.jpg')}" width="400" height="300"></figure>${story(
        4,
      )
        .paragraphs.map((text) => `<p>${text}</p>`)
        .join(
          '',
        )}<p>And this only the page says, in a sentence of its own.</p></div></article></body></html>`,
      { 'content-type': 'text/html' },
    ),
  );
  const { code, stderr } = await sync('never-killed');
  expect(code, stderr).toBe(0);
  whole = contentsOf('never-killed');
});

afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

describeLong('a sync that is killed', () => {
  it('is compared with one that was not, and that stored all there is', () => {
    expect(whole.articles).toHaveLength(4);
    expect(whole.pictures).toHaveLength(1);
    expect(whole.pages.length).toBeGreaterThan(80);
    expect([whole.dirty, whole.health]).toEqual([[], [['ok']]]);
  });

  for (const [index, fault] of FAULTS.entries()) {
    it(`at ${fault} loses nothing and stores nothing twice`, async () => {
      const name = `killed-${index}`;
      expect(await sync(name, fault)).toMatchObject({ signal: 'SIGKILL' });
      // A page that was being read is tried again after a wait; the test lets that time pass.
      const db = new Sqlite(join(folder, name, 'tamizdat.sqlite'));
      db.exec("UPDATE article SET page_due_at = 1 WHERE page_state = 'due'");
      db.close();
      const after = await sync(name);
      expect(after.code, after.stderr).toBe(0);
      expect(contentsOf(name)).toEqual(whole);
    });
  }
});
