import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { writeTrustString } from '../../src/sign/trust-string.js';
import { type MirrorServer, startMirror } from '../support/mirror-server.js';
import { addressOf, type Program, startProgram, tamizdat } from '../support/program.js';
import { deskWith, type TestDesk } from '../support/test-desk.js';
import { QUICK_FOLDER, QUICK_PAGES } from '../support/test-node.js';
import { describeLong } from '../support/tools.js';

const NODES = 5;
const WAIT = { timeout: 60_000, interval: 200 };

let folder: string;
let desk: TestDesk;
let mirror: MirrorServer;
const serving: { url: string; program: Program; env: Record<string, string>; home: string }[] = [];

/** Each node follows only the one before it, the first one the desk. By itself it passes once, when it starts. */
async function startNode(number: number): Promise<void> {
  const before = serving.at(-1)?.url ?? mirror.url;
  const home = join(folder, String(number));
  const env = {
    TAMIZDAT_JOIN: writeTrustString(desk.pin(), [before]),
    TAMIZDAT_FETCH_ALLOW: new URL(before).host,
    TAMIZDAT_ADMIN_LISTEN: '127.0.0.1:0',
    TAMIZDAT_SYNC_CRON: '0 0 29 2 *',
    ...QUICK_PAGES,
  };
  const program = startProgram(['serve', '--home', home, '--listen', '127.0.0.1:0'], { env });
  serving.push({ url: `${await addressOf(program)}/`, program, env, home });
}

beforeAll(async () => {
  folder = mkdtempSync(join(QUICK_FOLDER, 'tamizdat-chain-'));
  desk = deskWith(6, Math.floor(Date.now() / 1_000) - 60);
  mirror = await startMirror(desk.tree);
  for (let number = 1; number <= NODES; number += 1) {
    await startNode(number);
    // The next one finds nothing to follow before this one has taken the news.
    const url = serving.at(-1)?.url ?? '';
    await vi.waitFor(async () => expect((await page(url, '/test-news/aa3/'))[0]).toBe(200), WAIT);
  }
});

afterAll(async () => {
  for (const { program } of serving) await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

const page = async (url: string, path: string): Promise<[number, string]> => {
  const answer = await fetch(new URL(path, url), { headers: { connection: 'close' } });
  return [answer.status, await answer.text()];
};

describeLong('five nodes in a chain', () => {
  it('show the same news, and hand on the same signed head', async () => {
    for (const { url } of serving) {
      expect((await page(url, '/test-news/aa3/'))[1]).toContain('number a3 was written down');
      expect((await page(url, '/signed/head.json'))[1]).toBe(String(desk.tree.get('head.json')));
    }
  });

  it('carry a correction to the last, and go on without the desk', async () => {
    desk.advance(30);
    desk.add('u', desk.articleBlob('a3', { rev: 2, title: 'What the keeper saw later' }));
    desk.publish();
    for (const { home, env, url } of serving) {
      // Its own first pass may not be over when the page of its news is there.
      await vi.waitFor(async () => {
        const passed = await tamizdat(['sync', '--once', '--home', home], { env });
        expect(passed.code, passed.stderr).toBe(0);
      }, WAIT);
      await vi.waitFor(
        async () => expect((await page(url, '/test-news/aa3/'))[1]).toContain('What the keeper saw later'),
        WAIT,
      );
    }
    await mirror.close();
    const last = serving.at(-1);
    expect(await page(last?.url ?? '', '/test-news/aa3/')).toEqual([
      200,
      expect.stringContaining('What the keeper saw later'),
    ]);
    const orphan = serving[0];
    const alone = await tamizdat(['sync', '--once', '--home', orphan?.home ?? ''], {
      env: orphan?.env ?? {},
    });
    expect(alone.code).toBe(1);
    const [, front] = await page(orphan?.url ?? '', '/test-news/');
    expect(front).toContain('What the keeper saw later');
    const peers = await tamizdat(['peers', '--home', orphan?.home ?? ''], { env: orphan?.env ?? {} });
    expect(peers.stdout).toMatch(/as of \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(peers.stdout).toContain('silent');
    expect(peers.code).toBe(1);
  });
});
