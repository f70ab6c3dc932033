import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Sqlite } from '../../src/store/sqlite.js';
import { send, status } from '../support/hostile-server.js';
import { QUICK_FOLDER } from '../support/test-node.js';
import { describeLong } from '../support/tools.js';
import { createStandIn, DAY_MS, type StandIn, story } from '../sync/stand-in.js';
import { runAtHome } from './run-at-home.js';

const PAGES = 4;
const PER_PAGE = 3;
const since = new Date(Date.now() - 20 * DAY_MS).toISOString().slice(0, 10);

let site: StandIn;
let folder: string;

/** The archive, newest first, three articles to a page and 400 past the last. */
function serveArchive(): void {
  const pathOf = (page: number) => `/posts?page=${page}&after=${encodeURIComponent(`${since}T00:00:00Z`)}`;
  for (let page = 1; page <= PAGES; page += 1) {
    const posts = Array.from({ length: PER_PAGE }, (_, index) => {
      const id = (page - 1) * PER_PAGE + index + 1;
      const one = story(id, { publishedAt: Date.now() - id * DAY_MS });
      return {
        id,
        link: site.server.url(site.pathOf(one)),
        guid: { rendered: `https://stand-in.example/?p=${id}` },
        date_gmt: new Date(one.publishedAt).toISOString().slice(0, 19),
        title: { rendered: one.title },
        content: { rendered: one.paragraphs.map((text) => `<p>${text}</p>`).join('') },
      };
    });
    site.server.on(pathOf(page), send(JSON.stringify(posts), { 'content-type': 'application/json' }));
  }
  site.server.on(pathOf(PAGES + 1), status(400));
}

/** The compiled program's own `backfill` over the home called `name`. */
const backfill = (name: string, fault?: string) =>
  runAtHome(
    join(folder, name),
    site.publisher({ sources: site.withArchive('wordpress', '/posts') }),
    ['backfill', '--publisher', 'stand-in', '--since', since, '--json'],
    site.env,
    fault,
  );

const articlesOf = (name: string): unknown[] => {
  const db = new Sqlite(join(folder, name, 'tamizdat.sqlite'));
  const rows = db
    .prepare('SELECT stable_id, title, content, revision FROM article ORDER BY stable_id')
    .raw()
    .all();
  db.close();
  return rows;
};
const askedPages = () =>
  site.server.requests.flatMap(({ path }) => /^\/posts\?page=(\d+)/.exec(path)?.[1] ?? []).map(Number);

beforeAll(async () => {
  folder = mkdtempSync(join(QUICK_FOLDER, 'tamizdat-backfill-kill-'));
  site = await createStandIn();
  serveArchive();
});

afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

describeLong('a backfill that is killed', () => {
  it('goes on where it was, and ends with all there is and nothing twice', async () => {
    expect(await backfill('killed', 'sync:backfill-batch:3')).toMatchObject({ signal: 'SIGKILL' });
    expect(askedPages()).toEqual([1, 2, 3]);
    const after = await backfill('killed');
    expect(after.code).toBe(0);
    expect(JSON.parse(after.stdout)).toMatchObject({ fresh: 3, unchanged: 3, failed: 0, stopped: null });
    expect(askedPages()).toEqual([1, 2, 3, 3, 4, 5]);
    expect((await backfill('never-killed')).code).toBe(0);
    expect(articlesOf('killed')).toEqual(articlesOf('never-killed'));
    expect(articlesOf('killed')).toHaveLength(PAGES * PER_PAGE);
  });
});
