import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createNode, type RunningNode } from '../../src/node.js';
import { cli } from '../support/cli.js';
import { MAIN } from '../support/program.js';
import { silentLog, testConfig } from '../support/test-node.js';
import { mountSmallDisk, noSmallDisk } from '../support/tmpfs.js';
import { describeLong, describeUnless } from '../support/tools.js';
import { createStandIn, type StandIn, story } from '../sync/stand-in.js';

const noDisk = noSmallDisk();
const describeDisk: typeof describeLong =
  noDisk === null ? describeLong : (title, body) => describeUnless(noDisk, title, body);

describeDisk('a running node whose disk fills up', () => {
  let disk: { path: string; unmount(): void };
  let home: string;
  let site: StandIn;
  let node: RunningNode;
  const events: string[] = [];

  /** Asks again and again; the bound is for a busy machine. */
  const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
    const giveUpAt = Date.now() + 60_000;
    while (!(await holds())) {
      if (Date.now() > giveUpAt) throw new Error(`never came: ${what}; ${events}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const statusOf = async (path: string) => (await fetch(new URL(path, node.url))).status;
  const told = async () =>
    (await cli(['status', '--home', home], { env: { TAMIZDAT_PUBLISHERS: 'stand-in' } })).stdout;

  beforeAll(async () => {
    const mounted = mountSmallDisk(32);
    if (mounted === null) throw new Error('a moment ago it could be mounted');
    disk = mounted;
    home = join(disk.path, 'home');
    site = await createStandIn([story(1)]);
    const note = (event: string): void => void events.push(event);
    const config = testConfig(home, {
      ...site.env,
      TAMIZDAT_LISTEN: '127.0.0.1:0',
      TAMIZDAT_ADMIN_LISTEN: '127.0.0.1:0',
      TAMIZDAT_BACKUP_DAILY: 'false',
    });
    node = await createNode(config, [site.publisher()], {
      entry: MAIN,
      log: { ...silentLog, info: note, warn: note },
      rhythm: {
        cron: '* * * * * *',
        jitterMs: 0,
        recheckMs: config.sync.recheckMs,
        confirmRemovalMs: 1_000,
        politenessMs: 0,
      },
    }).start();
    await until('the first article', async () => (await statusOf('/stand-in/a1/')) === 200);
  });
  afterAll(async () => {
    await node?.stop();
    await site.close();
    disk.unmount();
  });

  it('serves on, pauses, says so in its status, and goes on by itself when there is room', async () => {
    const filler = openSync(join(disk.path, 'filler'), 'a');
    const left = (): number => {
      const { bavail, bsize } = statfsSync(disk.path);
      return bavail * bsize;
    };
    while (left() > 0) writeSync(filler, Buffer.alloc(Math.min(65_536, left())));
    closeSync(filler);
    site.publish(story(2));
    await until('the pause', () => events.includes('sync-paused'));
    for (const path of ['/', '/stand-in/a1/', '/stand-in/rss.xml'])
      expect(await statusOf(path), path).toBe(200);
    expect(await statusOf('/stand-in/a2/')).toBe(404);
    expect(await told()).toMatch(/Nothing is synced: the disk is full.*\n.*Make room on the disk/);

    rmSync(join(disk.path, 'filler'));
    await until('the end of the pause', () => events.includes('sync-resumed'));
    await until('the second article', async () => (await statusOf('/stand-in/a2/')) === 200);
    expect(await told()).not.toContain('Nothing is synced');
  });
});
