import {
  closeSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mendHome } from '../../src/node/enter-home.js';
import { statusOf } from '../../src/node/keeper-view.js';
import { createLastingReaderSide } from '../../src/node/reader-side.js';
import { openTree } from '../../src/node/tree.js';
import { mendDatabase, rebuiltNote } from '../../src/safety/mend-database.js';
import { listen } from '../../src/serve/listen.js';
import { problemsOfDatabase } from '../../src/store/database-file.js';
import { Sqlite } from '../../src/store/sqlite.js';
import { createManualClock } from '../support/manual-clock.js';
import { ask, createTestNode, silentLog, testConfig, treeOf } from '../support/test-node.js';
import { createStandIn, DAY_MS, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

const clock = createManualClock();
const ids = Array.from({ length: 12 }, (_, index) => index + 1);
let site: StandIn;
let template: string;
let tree: Map<string, string>;
let home: string;

const database = (): string => join(home, 'tamizdat.sqlite');
const mend = (depth: 'glance' | 'quick' = 'quick') =>
  mendDatabase({ home, backups: join(home, 'backups'), clock, log: silentLog }, depth);
/** Writes garbage over `bytes` of the file from `share` of its length on. */
const scribble = (file: string, share: number, bytes: number): void => {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(bytes, 0xa7), 0, bytes, Math.floor(statSync(file).size * share));
  closeSync(handle);
};
const asideNow = (): string[] => readdirSync(home).filter((name) => name.includes('.damaged-'));

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'tamizdat-mend-'));
  site = await createStandIn(ids.map((id) => story(id)));
  const node = await createTestNode({ publishers: [site.publisher()], clock, env: site.env, home: template });
  await node.pass();
  await node.engine.keepSafe();
  // Decided after the backup: only the damaged file knows it.
  node.engine.store.decisions.ask('stand-in', 'removal', '1', clock.now());
  node.engine.store.decisions.settle(1, 'refuse', clock.now());
  tree = treeOf(node);
  await node.close();
});

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tamizdat-mended-'));
  cpSync(template, home, { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));
afterAll(async () => {
  await site.close();
  rmSync(template, { recursive: true, force: true });
});

/** The mended home as a node finds it: whole, with every article and the tree as it was. */
async function expectWhole(): Promise<void> {
  expect(problemsOfDatabase(database(), 'full')).toEqual([]);
  const node = await createTestNode({ publishers: [site.publisher()], clock, env: site.env, home });
  await node.pass();
  expect(treeOf(node)).toEqual(tree);
  expect(node.engine.store.changes.lastSeq()).toBe(ids.length + 1);
  await node.close();
}

describe('a damaged database', () => {
  const DAMAGES: Readonly<Record<string, () => void>> = {
    'with pages scribbled over in its middle': () => scribble(database(), 0.5, 40_000),
    'with its first page scribbled over': () => scribble(database(), 0, 4_096),
    'cut off in its middle': () => truncateSync(database(), Math.floor(statSync(database()).size / 2)),
    'of no bytes': () => truncateSync(database(), 0),
    'that is a letter': () => writeFileSync(database(), 'Dear reader, this is no database. '.repeat(400)),
  };
  for (const [name, damage] of Object.entries(DAMAGES)) {
    it(`${name} is set aside, and the newest backup takes its place`, async () => {
      damage();
      const bytes = readFileSync(database());
      const rebuilt = await mend();
      expect(rebuilt).toMatchObject({ at: clock.now(), from: expect.stringMatching(/^tamizdat-auto-/) });
      expect(readFileSync(join(home, rebuilt?.aside ?? '')).equals(bytes)).toBe(true);
      expect(await mend()).toBeNull();
      await expectWhole();
    });
  }

  it('is known at a glance where it is empty, cut off or no database', async () => {
    for (const name of ['cut off in its middle', 'of no bytes', 'that is a letter']) {
      rmSync(home, { recursive: true });
      cpSync(template, home, { recursive: true });
      DAMAGES[name]?.();
      expect(await mend('glance'), name).not.toBeNull();
    }
  });

  it('leaves its keeper’s decisions where they can still be read', async () => {
    scribble(database(), 0.6, 20_000);
    await mend();
    const db = new Sqlite(database());
    expect(db.prepare('SELECT verdict FROM decision').pluck().all()).toEqual(['refuse']);
    db.close();
  });

  it('comes back from an older backup where the newest is damaged too', async () => {
    const [backup = ''] = readdirSync(join(home, 'backups'));
    writeFileSync(join(home, 'backups', 'tamizdat-auto-20271231T000000Z.tar.gz'), 'not a backup');
    scribble(database(), 0.5, 40_000);
    expect(await mend()).toMatchObject({ from: backup });
    await expectWhole();
  });

  it('is begun anew where there is no backup, and the publishers bring it back', async () => {
    rmSync(join(home, 'backups'), { recursive: true });
    scribble(database(), 0.5, 40_000);
    expect(await mend()).toMatchObject({ from: null });
    const node = await createTestNode({ publishers: [site.publisher()], clock, env: site.env, home });
    await node.pass();
    for (const id of ids) expect((await node.get(`/stand-in/a${id}/`)).status).toBe(200);
    const kinds = () => statusOf(node.config, node.engine.store, clock).troubles.map(({ kind }) => kind);
    expect(kinds()).toContain('database-rebuilt');
    expect(rebuiltNote(node.engine.store.meta, home)?.reason).toBeTruthy();
    rmSync(join(home, rebuiltNote(node.engine.store.meta, home)?.aside ?? ''));
    expect(kinds()).not.toContain('database-rebuilt');
    await node.close();
  });

  it('is kept aside only the last two times', async () => {
    const days = createManualClock();
    for (let time = 0; time < 4; time += 1) {
      days.advance(DAY_MS);
      truncateSync(database(), 0);
      await mendDatabase({ home, backups: join(home, 'backups'), clock: days, log: silentLog }, 'glance');
    }
    expect(asideNow()).toHaveLength(2);
  });

  it('is not set aside when it is whole, or not there yet', async () => {
    expect([await mend('glance'), await mend('quick'), asideNow()]).toEqual([null, null, []]);
    rmSync(database());
    expect(await mend('quick')).toBeNull();
    expect(existsSync(database())).toBe(false);
  });

  it('is not seen in a log of garbage beside a whole file', async () => {
    for (const garbage of [Buffer.alloc(100_000, 0x5a), Buffer.from('x'), Buffer.alloc(32)]) {
      writeFileSync(`${database()}-wal`, garbage);
      expect(await mend('quick')).toBeNull();
      await expectWhole();
    }
  });

  it('is exchanged under readers, who are answered all the while', async () => {
    const config = testConfig(home);
    const side = createLastingReaderSide(config, clock, () => {});
    const server = await listen(side.app, { host: '127.0.0.1', port: 0 });
    const status = async (path: string) => (await ask(server.port, path, {})).status;
    expect(await status('/stand-in/a3/')).toBe(200);
    scribble(database(), 0.5, 40_000);
    expect(await mendHome(config, silentLog, 'quick', clock)).not.toBeNull();
    expect(await status('/stand-in/a3/')).toBe(200);
    side.reopen();
    for (const path of tree.keys()) if (path !== '/404.html') expect(await status(path), path).toBe(200);
    const writer = openTree(config, false);
    writer.store.meta.put('written', 'after');
    expect(side.store().meta.get('written')).toBe('after');
    writer.store.close();
    await server.close(100);
    await side.close();
    expect(existsSync(database())).toBe(true);
  });

  it('loses only what the garbage part of a log held', async () => {
    const node = await createTestNode({ publishers: [site.publisher()], clock, env: site.env, home });
    site.publish(story(50));
    clock.advance(HOUR_MS);
    await node.pass({ force: true });
    // As after a power cut: file and log as they are at this moment, half of the log garbage.
    const torn = mkdtempSync(join(tmpdir(), 'tamizdat-torn-'));
    for (const part of ['tamizdat.sqlite', 'tamizdat.sqlite-wal']) cpSync(join(home, part), join(torn, part));
    node.engine.store.meta.put('x', 'y');
    await node.close();
    const log = join(torn, 'tamizdat.sqlite-wal');
    if (statSync(log).size > 0) scribble(log, 0.5, Math.floor(statSync(log).size / 2));
    expect(
      await mendDatabase({ home: torn, backups: join(torn, 'none'), clock, log: silentLog }, 'quick'),
    ).toBeNull();
    expect(problemsOfDatabase(join(torn, 'tamizdat.sqlite'), 'full')).toEqual([]);
    rmSync(torn, { recursive: true });
  });
});
