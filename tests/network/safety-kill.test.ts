import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { problemsOfDatabase } from '../../src/store/database-file.js';
import { Sqlite } from '../../src/store/sqlite.js';
import { startProgram } from '../support/program.js';
import { QUICK_FOLDER, QUICK_PAGES } from '../support/test-node.js';
import { describeLong } from '../support/tools.js';
import { createStandIn, DAY_MS, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

let site: StandIn;
let folder: string;
let template: string;

async function run(home: string, argv: readonly string[], env: Record<string, string> = {}) {
  const { ended, said } = startProgram([...argv, '--home', home], {
    env: {
      TAMIZDAT_PUBLISHERS: 'stand-in',
      TAMIZDAT_FETCH_POLITENESS: '0s',
      ...QUICK_PAGES,
      TAMIZDAT_DESK_ENABLED: 'false',
      ...site.env,
      ...env,
    },
  });
  return { ...(await ended), said: said() };
}
const killed = (home: string, argv: readonly string[], fault: string, env: Record<string, string> = {}) =>
  run(home, argv, { ...env, TAMIZDAT_TEST_FAULT: fault });
/** Every article's state, and what the tree holds. */
function contentsOf(home: string) {
  const file = join(home, 'tamizdat.sqlite');
  expect(problemsOfDatabase(file, 'full')).toEqual([]);
  const db = new Sqlite(file);
  const all = (sql: string) => db.prepare(sql).raw().all();
  const contents = {
    articles: all(
      'SELECT stable_id, state, title, length(content) > 0, pruned_at IS NULL FROM article ORDER BY id',
    ),
    pages: all('SELECT path, etag FROM page ORDER BY path'),
    searchable: all('SELECT rowid FROM search ORDER BY 1'),
  };
  db.close();
  return contents;
}
const newHome = (name: string): string => {
  const home = join(folder, name);
  cpSync(template, home, { recursive: true });
  return home;
};

beforeAll(async () => {
  folder = mkdtempSync(join(QUICK_FOLDER, 'tamizdat-safety-kill-'));
  template = join(folder, 'template');
  const now = Date.now();
  site = await createStandIn();
  // Thirty old ones that fall out of ten days, five new ones that stay.
  for (let id = 1; id <= 35; id += 1)
    site.publish(
      story(id, {
        paragraphs: [`Light ${id} burns.`],
        publishedAt: now - (id <= 30 ? 20 * DAY_MS - id * HOUR_MS : 35 * HOUR_MS - id * HOUR_MS),
      }),
    );
  mkdirSync(join(template, 'publishers'), { recursive: true });
  writeFileSync(join(template, 'publishers', 'stand-in.yaml'), stringify(site.publisher()));
  const { code, said } = await run(template, ['sync', '--once']);
  expect(code, said).toBe(0);
  expect((await run(template, ['backup', join(folder, 'whole.tar.gz')])).code).toBe(0);
});
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

describeLong('kill -9', () => {
  for (const fault of ['backup:packed'])
    it(`in a backup, at ${fault}, leaves the backup that was there`, async () => {
      const home = newHome(fault.replace(':', '-'));
      const file = join(home, 'mine.tar.gz');
      writeFileSync(file, 'the last one');
      expect((await killed(home, ['backup', file], fault)).signal).toBe('SIGKILL');
      expect(readFileSync(file, 'utf8')).toBe('the last one');
      expect((await run(home, ['backup', file])).code).toBe(0);
      expect((await run(home, ['restore', '--check', file])).code).toBe(0);
      expect(existsSync(`${file}.part`)).toBe(false);
    });

  for (const [fault, isNew] of [
    ['restore:old-files-aside', false],
    ['restore:new-files-in-place', false],
    ['restore:settled', true],
  ] as const)
    it(`in a restore, at ${fault}, leaves the ${isNew ? 'new' : 'old'} state, whole`, async () => {
      const home = newHome(fault.replace(':', '-'));
      const before = new Sqlite(join(home, 'tamizdat.sqlite'));
      before.exec("INSERT INTO meta VALUES ('mine', 'of before')");
      before.close();
      expect((await killed(home, ['restore', join(folder, 'whole.tar.gz')], fault)).signal).toBe('SIGKILL');
      const { code, said } = await run(home, ['sync', '--once']);
      expect(code, said).toBe(0);
      const db = new Sqlite(join(home, 'tamizdat.sqlite'));
      const mine = db.prepare("SELECT value FROM meta WHERE name = 'mine'").pluck().get();
      db.close();
      expect(mine).toBe(isNew ? undefined : 'of before');
      expect(contentsOf(home).articles).toHaveLength(35);
      expect(existsSync(join(home, 'incoming'))).toBe(false);
      expect(existsSync(join(home, 'publishers', 'stand-in.yaml'))).toBe(true);
    });

  it('in the middle of pruning leaves whole articles, and the next one ends where an undisturbed one does', async () => {
    const limit = { TAMIZDAT_RETENTION_MAX_AGE: '10d' };
    const undisturbed = newHome('prune');
    expect((await run(undisturbed, ['prune'], limit)).code).toBe(0);
    const whole = contentsOf(undisturbed);
    expect(whole.articles.filter((row) => (row as unknown[])[4] === 1)).toHaveLength(5);
    for (const fault of ['sync:half-pruned']) {
      const home = newHome(fault.replace(':', '-'));
      expect((await killed(home, ['prune'], fault, limit)).signal).toBe('SIGKILL');
      for (const row of contentsOf(home).articles) {
        const [, , title, hasText, isKept] = row as [string, string, string, number, number];
        expect([title === '', hasText === 0]).toEqual([isKept === 0, isKept === 0]);
      }
      expect((await run(home, ['prune'], limit)).code).toBe(0);
      expect(contentsOf(home)).toEqual(whole);
    }
  });

  for (const fault of ['mend:aside'])
    it(`in a rebuild, at ${fault}, is gone on with at the next start`, async () => {
      const home = newHome(fault.replace(':', '-'));
      mkdirSync(join(home, 'backups'));
      cpSync(join(folder, 'whole.tar.gz'), join(home, 'backups', 'tamizdat-auto-20260101T000000Z.tar.gz'));
      truncateSync(join(home, 'tamizdat.sqlite'), 50_000);
      expect((await killed(home, ['sync', '--once'], fault)).signal).toBe('SIGKILL');
      const { code, said } = await run(home, ['sync', '--once']);
      expect(code, said).toBe(0);
      expect(said).toContain('database-rebuilt');
      expect(contentsOf(home).articles).toHaveLength(35);
    });
});
