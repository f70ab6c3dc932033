import { existsSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { automaticBackups, backUpDaily, backupState } from '../../src/safety/daily-backup.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode, silentLog } from '../support/test-node.js';
import { createStandIn, DAY_MS, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

const clock = createManualClock();
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;
const folder = (): string => node.config.backup.dir;
const state = () => backupState(node.engine.store.meta, folder());

beforeAll(async () => {
  site = await createStandIn([story(1)]);
  node = await createTestNode({
    publishers: [site.publisher()],
    clock,
    env: { ...site.env, TAMIZDAT_BACKUP_KEEP: '3' },
  });
  await node.pass();
});

beforeEach(() => rmSync(folder(), { recursive: true, force: true }));

afterAll(async () => {
  await node.close();
  await site.close();
});

describe('the automatic backup', () => {
  it('is made once a day, keeps as many as it should, and leaves the keeper’s own', async () => {
    mkdirSync(folder());
    writeFileSync(join(folder(), 'before-the-upgrade.tar.gz'), 'the keeper’s own');
    expect(state().last).toBeNull();
    const made: number[] = [];
    for (let hour = 0; hour < 24 * 5; hour += 1) {
      await node.engine.keepSafe();
      made.push(state().last?.at ?? 0);
      clock.advance(HOUR_MS);
    }
    expect(new Set(made).size).toBe(5);
    expect(automaticBackups(folder())).toHaveLength(3);
    expect(readdirSync(folder())).toHaveLength(4);
    expect(clock.now() - (state().last?.at ?? 0)).toBeLessThanOrEqual(DAY_MS);
    expect(state().trouble).toBeNull();
  });

  it('says why one could not be made, and is made as soon as it can be', async () => {
    clock.advance(DAY_MS);
    writeFileSync(folder(), 'a file where the folder should be');
    await node.engine.keepSafe();
    expect(state()).toMatchObject({ last: null, trouble: { at: clock.now(), reason: expect.any(String) } });
    rmSync(folder());
    clock.advance(HOUR_MS);
    await node.engine.keepSafe();
    expect(state()).toMatchObject({ last: { at: clock.now() }, trouble: null });
  });

  it('is not made where the disk could not hold it, and nothing of it is left', async () => {
    // A database of which two copies fit no disk: its end is a hole that takes no room.
    const home = join(node.home, 'huge');
    mkdirSync(home);
    writeFileSync(join(home, 'tamizdat.sqlite'), '');
    truncateSync(join(home, 'tamizdat.sqlite'), 8 * 2 ** 40);
    const made = await backUpDaily({
      home,
      folder: join(home, 'backups'),
      keep: 3,
      program: '0.1.0',
      meta: node.engine.store.meta,
      clock,
      log: silentLog,
      onProgress: () => {},
    });
    expect([made, state().trouble?.reason]).toEqual([false, expect.stringContaining('the disk is low')]);
    expect(existsSync(join(home, 'backups'))).toBe(false);
  });

  it('does not take one dated in the future for today’s', async () => {
    mkdirSync(folder());
    writeFileSync(join(folder(), 'tamizdat-auto-20990101T000000Z.tar.gz'), '');
    await node.engine.keepSafe();
    expect(automaticBackups(folder()).some(({ bytes }) => bytes > 0)).toBe(true);
  });

  it('clears away what a killed one left', async () => {
    mkdirSync(folder());
    const part = join(folder(), 'tamizdat-auto-20260101T000000Z.tar.gz.part');
    writeFileSync(part, 'half');
    await node.engine.keepSafe();
    expect(existsSync(part)).toBe(true);
    clock.advance(statSync(part).mtimeMs - clock.now() + 2 * DAY_MS);
    await node.engine.keepSafe();
    expect(existsSync(part)).toBe(false);
  });
});
