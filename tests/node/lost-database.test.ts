import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogFields } from '../../src/domain/log.js';
import { createEngine } from '../../src/node/engine.js';
import { readTree, treeFolderOf } from '../publish/signed-tree.js';
import { PUBLISHER, testArticle } from '../publish/test-desk.js';
import { createManualClock } from '../support/manual-clock.js';
import { testConfig } from '../support/test-node.js';

let home: string;
const clock = createManualClock(Date.UTC(2026, 10, 1));
let logged: string[] = [];
const note = (event: string, fields: LogFields = {}): void => {
  logged.push(`${event} ${JSON.stringify(fields)}`);
};
const log = { debug: note, info: note, warn: note, error: note };

const open = () => {
  logged = [];
  const engine = createEngine(testConfig(home), [PUBLISHER], log, { clock });
  engine.prepare();
  return engine;
};
type Engine = ReturnType<typeof open>;

async function publish({ desk }: Engine) {
  clock.advance(3_600_000);
  return desk?.publish();
}
const save = ({ store }: Engine, id: number, change = {}) =>
  store.transaction(() => store.articles.save(testArticle(id, change), { at: clock.now(), edition: false }));
const find = ({ store }: Engine, id: number) =>
  store.articles.find(PUBLISHER.id, { stableId: String(id), guid: null, url: null });

/** A desk with a corrected, a withdrawn and an expunged article, whose database is then gone. */
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'tamizdat-lost-'));
  const engine = open();
  for (const id of [1, 2, 3, 4]) save(engine, id);
  await publish(engine);
  save(engine, 2, { title: 'Corrected' });
  for (const [id, state] of [
    [3, 'withdrawn'],
    [4, 'tombstone'],
  ] as const)
    engine.store.transaction(() =>
      engine.store.articles.changeState(find(engine, id)?.id ?? 0, state, 'asked for', clock.now()),
    );
  await publish(engine);
  await engine.close();
  for (const name of readdirSync(home)) if (name.startsWith('tamizdat.sqlite')) rmSync(join(home, name));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('a desk whose database is gone without a backup', () => {
  it('goes on with its log, and has its articles back out of its own signed tree', async () => {
    const before = readTree(treeFolderOf(home));
    const engine = open();
    expect(find(engine, 1)).toMatchObject({ state: 'live', title: 'Report 1' });
    expect(find(engine, 2)).toMatchObject({ state: 'live', title: 'Corrected' });
    expect(find(engine, 3)).toMatchObject({ state: 'withdrawn', stateReason: 'asked for' });
    expect(find(engine, 4)).toMatchObject({ state: 'tombstone', content: '' });
    expect(await publish(engine)).toMatchObject({ kind: 'published', entries: 0 });
    save(engine, 5);
    expect(await publish(engine)).toMatchObject({ kind: 'published', entries: 1 });
    const after = readTree(treeFolderOf(home));
    expect(readdirSync(join(home, 'signed'))).toHaveLength(1);
    expect(after.raw.slice(0, before.size)).toEqual(before.raw);
    expect(after.size).toBe(before.size + 1);
    expect(after.timestamp.version).toBeGreaterThan(before.timestamp.version);
    await engine.close();
  });

  it('founds no other one where the tree is gone too, and says what to type', async () => {
    rmSync(join(home, 'signed'), { recursive: true });
    const engine = open();
    const result = await publish(engine);
    expect(result).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('tamizdat restore FILE'),
    });
    expect(engine.store.desk.get()).toBeNull();
    await engine.close();
  });

  it('founds no other one where the keys are gone', async () => {
    renameSync(join(home, 'keys'), join(home, 'elsewhere'));
    const engine = open();
    const result = await publish(engine);
    expect(result).toMatchObject({ kind: 'failed', reason: expect.stringContaining('Put its keys back') });
    await engine.close();
    renameSync(join(home, 'elsewhere'), join(home, 'keys'));
    const again = open();
    expect(await publish(again)).toMatchObject({ kind: 'published' });
    await again.close();
  });

  it('signs nothing where the tree was changed', async () => {
    const folder = treeFolderOf(home);
    rmSync(join(folder, 'log/tile/entries'), { recursive: true });
    const engine = open();
    expect(await publish(engine)).toMatchObject({ kind: 'failed' });
    expect(logged.join('\n')).toContain('desk-lost');
    await engine.close();
  });
});
