import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { writeTrustString } from '../../src/sign/trust-string.js';
import { tamizdat } from '../support/cli.js';
import { type MirrorServer, startMirror } from '../support/mirror-server.js';
import { deskWith, type TestDesk } from '../support/test-desk.js';
import { QUICK_FOLDER, QUICK_PAGES } from '../support/test-node.js';
import { describeLong } from '../support/tools.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const NODES = 5;
const WAIT = { timeout: 60_000, interval: 200 };

let folder: string;
let desk: TestDesk;
let mirror: MirrorServer;
const serving: { url: string; child: ChildProcess; env: Record<string, string>; home: string }[] = [];

/** Each node follows only the one before it, the first one the desk. */
async function startNode(number: number): Promise<void> {
  const before = serving.at(-1)?.url ?? mirror.url;
  const home = join(folder, String(number));
  const env = {
    TAMIZDAT_JOIN: writeTrustString(desk.pin(), [before]),
    TAMIZDAT_FETCH_ALLOW: new URL(before).host,
    TAMIZDAT_ADMIN_LISTEN: '127.0.0.1:0',
    ...QUICK_PAGES,
  };
  const child = spawn(process.execPath, [MAIN, 'serve', '--home', home, '--listen', '127.0.0.1:0'], {
    env: { PATH: process.env.PATH, ...env },
  });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (text: string): void => {
      said += text;
      const address = /Open \S*?(http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (address !== undefined) resolve(`${address}/`);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.on('close', () => reject(new Error(said)));
  });
  serving.push({ url, child, env, home });
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
}, 300_000);

afterAll(async () => {
  for (const { child } of serving) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const page = async (url: string, path: string): Promise<[number, string]> => {
  const answer = await fetch(new URL(path, url), { headers: { connection: 'close' } });
  return [answer.status, await answer.text()];
};

describeLong('five nodes in a chain', () => {
  it('show the same news, and hand on the same signed head', async () => {
    for (const { url } of serving) {
      expect(await page(url, '/test-news/aa3/')).toEqual([
        200,
        expect.stringContaining('number a3 was written down'),
      ]);
      expect((await page(url, '/signed/head.json'))[1]).toBe(String(desk.tree.get('head.json')));
    }
  });

  it('carry a correction to the last, and go on without the desk', async () => {
    desk.advance(30);
    desk.add('u', desk.articleBlob('a3', { rev: 2, title: 'What the keeper saw later' }));
    desk.publish();
    for (const { home, env, url } of serving) {
      const passed = await tamizdat(['sync', '--once', '--home', home], { env });
      expect(passed.code, passed.stderr).toBe(0);
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
  }, 300_000);
});
