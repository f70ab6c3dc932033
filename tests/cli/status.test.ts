import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announceRunning } from '../../src/keeper/running-file.js';
import { cli } from '../support/cli.js';
import { redirect } from '../support/hostile-server.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, FIRST_AT, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

let clock: ManualClock;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

beforeAll(async () => {
  clock = createManualClock(FIRST_AT + 30 * HOUR_MS);
  site = await createStandIn([1, 2, 3].map((id) => story(id)));
  node = await createTestNode({
    publishers: [site.publisher({ pages: 'always' })],
    clock,
    env: { TAMIZDAT_FETCH_ALLOW: `${site.server.pair},localhost:${site.server.port}` },
  });
  await node.pass();
});

afterAll(async () => {
  await node.close();
  await site.close();
});

const status = (...flags: string[]) => cli(['status', '--home', node.home, ...flags]);
const json = async () => JSON.parse((await status('--json')).stdout);

describe('status', () => {
  it('shows sources, articles, disk and the last pass of a node that is not running', async () => {
    const { code, stdout } = await status();
    expect(code).toBe(0);
    expect(stdout).toContain('No node is running here');
    expect(stdout).toMatch(/stand-in +3 .*3 new/);
    expect(stdout).toMatch(/fresh .*\/feed\.xml/);
    expect(stdout).toMatch(/Disk +database .* free/);
  });

  it('of a home in which the demo alone has run is the demo’s', async () => {
    const home = mkdtempSync(join(tmpdir(), 'tamizdat-status-'));
    symlinkSync(node.home, join(home, 'demo'));
    expect((await cli(['status', '--home', home])).stdout).toMatch(/stand-in +3 /);
    rmSync(home, { recursive: true });
  });

  it('prints the same as JSON', async () => {
    const report = await json();
    expect(report).toMatchObject({
      running: false,
      articles: { live: 3, removed: 0 },
      publishers: [
        {
          id: 'stand-in',
          lastPass: { outcome: 'news', fresh: 3 },
          sources: [{ state: 'fresh', reason: null, role: 'main' }],
        },
      ],
      firstStart: new Date(FIRST_AT + 30 * HOUR_MS).toISOString(),
    });
    expect(report.disk.databaseBytes).toBeGreaterThan(10_000);
  });

  it('finds the node that runs on this home, tells of a demo beside it, and takes no other on the same port for it', async () => {
    const server = createServer((_request, response) => response.end('ok\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect((await json()).running).toBe(false);
    const address = { host: '127.0.0.1', port };
    const demo = join(node.home, 'demo');
    mkdirSync(demo);
    const withdrawDemo = announceRunning(demo, { keeper: address, readers: address });
    expect((await status()).stdout).toContain(`The demo runs beside it: tamizdat status --home ${demo}`);
    withdrawDemo();
    const withdraw = announceRunning(node.home, { keeper: address, readers: address });
    expect((await json()).running).toBe(true);
    expect((await status()).stdout).toContain(`http://127.0.0.1:${port}/`);
    withdraw();
    expect((await json()).running).toBe(false);
    await new Promise((resolve) => server.close(resolve));
  });

  it('puts what waits for the keeper before everything, with the command that decides it', async () => {
    site.server.on('/feed.xml', redirect(301, site.server.url('/new.xml', 'localhost')));
    clock.advance(HOUR_MS);
    await node.pass({ force: true });
    const { stdout } = await status();
    const [id] = (await json()).waiting.map((one: { id: number }) => one.id);
    expect(stdout).toContain(`tamizdat decisions accept ${id}   or   tamizdat decisions refuse ${id}`);
    expect(stdout.indexOf('NEEDS YOUR DECISION')).toBeLessThan(stdout.indexOf('PUBLISHER'));
    expect(stdout.indexOf('NEEDS YOUR DECISION')).toBeGreaterThan(0);
  });

  it('names a publisher that fell silent once, with the reason and what to do', async () => {
    site.server.on('/feed.xml', (_request, response) => response.destroy());
    for (let round = 0; round < 2; round += 1) {
      clock.advance(4 * HOUR_MS);
      await node.pass({ force: true });
    }
    // The command's own clock is the true one; the test's has not caught up, so only what is stored tells.
    const { warnings } = await json();
    expect(warnings.filter(({ kind }: { kind: string }) => kind === 'publisher-silent')).toMatchObject([
      { key: 'publisher-silent:stand-in', todo: expect.stringContaining('publishers check stand-in') },
    ]);
  });

  it('does not call it well when a publisher never answered', async () => {
    const away = await createStandIn([]);
    away.server.on('/feed.xml', (_request, response) => response.destroy());
    const fresh = await createTestNode({ publishers: [away.publisher()], clock, env: away.env });
    await fresh.pass();
    const { stdout } = await cli(['status', '--home', fresh.home]);
    await fresh.close();
    await away.close();
    expect(stdout).not.toContain('Nothing is wrong');
    expect(stdout).toMatch(/warn +stand-in has not answered yet: /);
    expect(stdout).toContain('tamizdat publishers check stand-in');
  });

  it('says that there is none where no node ever ran, and what starts one', async () => {
    const home = mkdtempSync(join(tmpdir(), 'tamizdat-'));
    const { code, stderr, stdout } = await cli(['status', '--home', home]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('no node has run in');
    expect(stderr).toContain('tamizdat serve');
    rmSync(home, { recursive: true });
  });
});
