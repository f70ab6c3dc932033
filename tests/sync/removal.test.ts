import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sqlite } from '../../src/store/sqlite.js';
import { send, status } from '../support/hostile-server.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, type StandIn, story } from './stand-in.js';

let clock: ManualClock;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

beforeEach(async () => {
  clock = createManualClock(FIRST_AT + 30 * HOUR_MS);
  site = await createStandIn(Array.from({ length: 8 }, (_, index) => story(index + 1)));
  site.publish(
    story(2, {
      title: 'The quokka dossier',
      paragraphs: [...story(2).paragraphs, 'Only here stands quokkaword.'],
    }),
  );
});

afterEach(async () => {
  await node.close();
  await site.close();
});

const start = async (removal: 'keep' | 'withdraw' | 'tombstone', env: Record<string, string> = {}) => {
  node = await createTestNode({
    publishers: [site.publisher({ pages: 'always', removal })],
    clock,
    env: { ...site.env, ...env },
  });
  await node.pass();
};
const later = async (ms: number) => {
  clock.advance(ms);
  const { publishers } = await node.pass();
  return publishers[0];
};
const stateOf = (id: number) =>
  node.engine.store.articles.find('stand-in', { stableId: String(id), guid: null, url: null })?.state;
/** Every text of every row, shadow tables of the search index included. */
const rowsOf = (home: string): string => {
  const db = new Sqlite(join(home, 'tamizdat.sqlite'), { readonly: true });
  const tables = db
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'",
    )
    .all();
  const text = tables.flatMap(({ name }) =>
    db
      .prepare(`SELECT * FROM "${name}"`)
      .raw()
      .all()
      .map((row) =>
        (row as unknown[])
          .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)))
          .join('\n'),
      ),
  );
  db.close();
  return text.join('\n');
};
const everyDocument = async (): Promise<string> => {
  const parts: string[] = [];
  for (const path of node.engine.store.pages.allPaths())
    parts.push(`${path}\n${(await node.get(path)).text}`);
  return parts.join('\n');
};

describe('an article whose page is gone', () => {
  it('stays until the second look a day later, and is then withdrawn with a notice in its place', async () => {
    await start('withdraw');
    site.remove(2);
    await later(7 * DAY_MS);
    expect(stateOf(2)).toBe('live');
    await later(DAY_MS - 2 * HOUR_MS);
    expect(stateOf(2)).toBe('live');
    expect((await later(3 * HOUR_MS))?.removed).toBe(1);
    expect(stateOf(2)).toBe('withdrawn');
    const page = await node.get('/stand-in/a2/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('The quokka dossier');
    expect(await everyDocument()).not.toContain('quokkaword');
    for (const path of ['/stand-in/', '/', '/stand-in/rss.xml', '/stand-in/full/atom.xml'])
      expect((await node.get(path)).text).not.toContain('quokka dossier');
    expect((await node.get('/api/v1/articles/stand-in/2.json')).text).not.toContain('Paragraph');
    expect(node.engine.store.changes.between(0, 999).at(-1)).toMatchObject({
      kind: 'withdraw',
      stableId: '2',
    });
  });

  it('stays where the policy is to keep', async () => {
    await start('keep');
    site.remove(2);
    for (let look = 0; look < 3; look += 1) await later(7 * DAY_MS);
    expect(stateOf(2)).toBe('live');
    expect((await node.get('/stand-in/a2/')).text).toContain('quokkaword');
  });

  it('leaves a tombstone and not a word of its text where the policy is to bury', async () => {
    await start('tombstone');
    expect(rowsOf(node.home)).toContain('quokkaword');
    site.remove(2, 404);
    await later(7 * DAY_MS);
    await later(DAY_MS + HOUR_MS);
    expect(stateOf(2)).toBe('tombstone');
    const page = await node.get('/stand-in/a2/');
    expect(page.status).toBe(410);
    expect(page.text).toContain('<title>Withdrawn</title>');
    expect(page.text).toContain('<h1>Withdrawn</h1>');
    expect(page.text).toContain('The publisher withdrew this text on ');
    expect((await node.get('/api/v1/articles/stand-in/2.json')).status).toBe(410);
    expect(await everyDocument()).not.toMatch(/quokka/i);
    expect(rowsOf(node.home)).not.toContain('quokkaword');
    expect(rowsOf(node.home)).not.toContain('quokka dossier');
    site.publish(story(2, { title: 'The quokka dossier' }));
    await later(HOUR_MS);
    expect(stateOf(2)).toBe('tombstone');
  });

  it('stays while the front page of the publisher is down, and goes when it is back', async () => {
    await start('withdraw');
    site.remove(2);
    await later(7 * DAY_MS);
    site.server.on('/', status(503));
    for (let look = 0; look < 3; look += 1) await later(DAY_MS + HOUR_MS);
    expect(stateOf(2)).toBe('live');
    site.server.on(
      '/',
      send('<html><body>Welcome to the stand-in, a newspaper of lighthouses.</body></html>'),
    );
    await later(DAY_MS + HOUR_MS);
    expect(stateOf(2)).toBe('withdrawn');
  });

  it('stays while most other pages are gone too, though the front page answers: the site was rebuilt', async () => {
    await start('withdraw');
    for (const id of [1, 2, 3, 4, 5, 6, 7, 8]) site.server.on(site.pathOf(story(id)), status(404));
    await later(7 * DAY_MS);
    for (let look = 0; look < 3; look += 1) await later(DAY_MS + HOUR_MS);
    expect(node.engine.store.lists.count({ publisherId: 'stand-in' })).toBe(8);
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(stateOf)).toEqual(Array(8).fill('live'));
    expect(node.engine.store.decisions.open()).toEqual([]);
    for (const id of [1, 3, 4, 5, 6, 7, 8]) site.servePage(story(id));
    await later(DAY_MS + HOUR_MS);
    await later(DAY_MS + HOUR_MS);
    expect([1, 2, 3].map(stateOf)).toEqual(['live', 'withdrawn', 'live']);
  });

  it('goes though its page had been too thin to be shown', async () => {
    site.servePage(story(3, { paragraphs: ['A wall.'] }));
    await start('withdraw');
    expect(stateOf(3)).toBe('live');
    site.remove(3);
    await later(7 * DAY_MS);
    await later(DAY_MS + HOUR_MS);
    expect(stateOf(3)).toBe('withdrawn');
  });

  it('is back in lists, feeds and search once its page is, and not before', async () => {
    await start('withdraw');
    const two = site.stories.find((one) => one.id === 2) ?? story(2);
    site.remove(2);
    await later(7 * DAY_MS);
    await later(DAY_MS + HOUR_MS);
    expect(stateOf(2)).toBe('withdrawn');
    const found = () =>
      node.engine.store.search.find('"quokkaword"', { publisherId: null, fromAt: null, now: clock.now() })
        .ids;
    expect(found()).toEqual([]);
    site.publish({ ...two, title: 'The quokka dossier again' });
    site.server.on(site.pathOf(two), status(410));
    await later(HOUR_MS);
    expect([stateOf(2), found()]).toEqual(['withdrawn', []]);
    site.publish({ ...two, title: 'The quokka dossier for good' });
    await later(HOUR_MS);
    expect([stateOf(2), found()]).toEqual(['live', [expect.any(Number)]]);
    expect((await node.get('/stand-in/a2/')).text).toContain('quokkaword');
    for (const path of ['/stand-in/', '/stand-in/full/rss.xml'])
      expect((await node.get(path)).text).toContain('The quokka dossier for good');
  });

  it('is looked at from the start again when its page came back in between', async () => {
    await start('withdraw');
    const kept = site.stories.find((one) => one.id === 3);
    site.server.on(site.pathOf(story(3)), status(410));
    await later(DAY_MS);
    if (kept !== undefined) site.publish(kept);
    await later(DAY_MS + HOUR_MS);
    site.server.on(site.pathOf(story(3)), status(410));
    await later(7 * DAY_MS);
    expect(stateOf(3)).toBe('live');
  });

  it('waits for the keeper past the limit of a day', async () => {
    await start('withdraw', { TAMIZDAT_REMOVAL_DAILY_LIMIT: '2', TAMIZDAT_REMOVAL_DAILY_SHARE: '0' });
    for (const id of [4, 5, 6, 7]) site.remove(id);
    await later(7 * DAY_MS);
    await later(DAY_MS + HOUR_MS);
    const states = [4, 5, 6, 7].map(stateOf);
    expect(states.filter((state) => state === 'withdrawn')).toHaveLength(2);
    expect(node.engine.store.decisions.open().map(({ kind }) => kind)).toEqual(['removal', 'removal']);
    await later(7 * DAY_MS);
    expect([4, 5, 6, 7].map(stateOf)).toEqual(states);
  });
});
