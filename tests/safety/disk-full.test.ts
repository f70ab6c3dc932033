import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { enterHome, mendHome, refuseFullDisk } from '../../src/node/enter-home.js';
import { problemsOfDatabase } from '../../src/store/database-file.js';
import { isNoRoom } from '../../src/store/trouble.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode, silentLog } from '../support/test-node.js';
import { mountSmallDisk, noSmallDisk } from '../support/tmpfs.js';
import { describeUnless } from '../support/tools.js';
import { createStandIn, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

/** Longer than a feed of ours ever is: enough of them fill what is left on the disk. */
const bulky = (id: number) =>
  story(id, {
    paragraphs: Array.from(
      { length: 60 },
      (_, index) =>
        `${id}.${index} ${Array.from({ length: 60 }, (_, word) => ((id * 7919 + index * 104729 + word * 1299709) % 99991).toString(36)).join(' ')}.`,
    ),
  });

describeUnless(noSmallDisk(), 'a disk that fills up', () => {
  let disk: { path: string; unmount(): void };
  let clock: ManualClock;
  let site: StandIn;
  let node: Awaited<ReturnType<typeof createTestNode>>;

  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(disk.path);
    return bavail * bsize;
  };
  /** Leaves only so much of the disk. */
  const fill = (left: number): void => {
    const handle = openSync(join(disk.path, 'filler'), 'a');
    for (let more = freeBytes() - left; more > 0; more -= 65_536)
      writeSync(handle, Buffer.alloc(Math.min(65_536, more)));
    closeSync(handle);
  };
  const open = () =>
    createTestNode({
      publishers: [site.publisher()],
      clock,
      env: { ...site.env, TAMIZDAT_DESK_ENABLED: 'false', TAMIZDAT_BACKUP_DAILY: 'false' },
      home: join(disk.path, 'home'),
    });

  beforeEach(async () => {
    const mounted = mountSmallDisk(24);
    if (mounted === null) throw new Error('a moment ago it could be mounted');
    disk = mounted;
    clock = createManualClock();
    site = await createStandIn([story(1)]);
    node = await open();
    await node.pass();
  });
  afterEach(async () => {
    await site.close();
    disk.unmount();
  });

  it('ends the pass and nothing else: readers are answered, and the next pass with room goes on', async () => {
    for (let id = 2; id <= 14; id += 1) site.publish(bulky(id));
    clock.advance(HOUR_MS);
    fill(300_000);
    const error: unknown = await node.pass({ force: true }).catch((thrown: unknown) => thrown);
    expect(isNoRoom(error), String(error)).toBe(true);
    for (const path of ['/', '/stand-in/', '/stand-in/a1/', '/stand-in/rss.xml', '/search/'])
      expect((await node.get(path)).status, path).toBe(200);
    fill(0);
    expect(() => refuseFullDisk(node.config)).toThrow(/the disk is full/);
    expect((await node.get('/stand-in/a1/')).status).toBe(200);

    rmSync(join(disk.path, 'filler'));
    refuseFullDisk(node.config);
    clock.advance(HOUR_MS);
    await node.pass({ force: true });
    expect(node.engine.store.lists.count({})).toBe(14);
    expect(node.engine.store.dirty.count()).toBe(0);
    expect((await node.get('/stand-in/a14/')).status).toBe(200);
    await node.close();
    expect(problemsOfDatabase(join(disk.path, 'home', 'tamizdat.sqlite'), 'full')).toEqual([]);
  });

  it('is not taken for damage, and does not keep a node from starting', async () => {
    await node.engine.keepSafe();
    await node.close();
    fill(0);
    const home = await enterHome(node.config, silentLog, clock);
    expect(await mendHome(node.config, silentLog, 'quick', clock)).toBeNull();
    home.release();
    node = await open();
    expect((await node.get('/stand-in/a1/')).status).toBe(200);
    await node.close();
  });
});
