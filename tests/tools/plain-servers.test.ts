import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTreeFiles, treeFolder } from '../../src/files/tree-files.js';
import { exportTree } from '../../src/replicate/export-tree.js';
import { freePort } from '../support/free-ports.js';
import { startMirror } from '../support/mirror-server.js';
import { deskWith, type TestDesk } from '../support/test-desk.js';
import { createTestFollower } from '../support/test-follower.js';
import { describeWith } from '../support/tools.js';

let desk: TestDesk;
let folder: string;
let exported: string;
const started: ChildProcess[] = [];

async function answering(url: string): Promise<void> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    const ok = await fetch(`${url}head.json`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} does not answer`);
}

/** A node follows a folder that a program knowing nothing of trees hands out. */
async function follows(port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}/`;
  await answering(url);
  const follower = createTestFollower(desk, [{ url, pair: `127.0.0.1:${port}` }]);
  try {
    expect(await follower.pass()).toMatchObject({ outcome: 'news', fresh: 270, missing: 0, reason: null });
    expect(await follower.pass()).toMatchObject({ outcome: 'nothing-new', reason: null });
    expect(follower.peers()[0]).toMatchObject({ state: 'current', throttled: false });
  } finally {
    await follower.close();
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tamizdat-plain-'));
  exported = join(folder, 'tree');
  desk = deskWith(270, Date.UTC(2026, 10, 1) / 1_000);
  const mirror = await startMirror(desk.tree);
  const follower = createTestFollower(desk, [mirror]);
  await follower.pass();
  exportTree(
    createTreeFiles(treeFolder(follower.home, follower.replica().repository ?? '')),
    0,
    (path, bytes) => {
      mkdirSync(dirname(join(exported, path)), { recursive: true });
      writeFileSync(join(exported, path), bytes);
    },
  );
  await follower.close();
  await mirror.close();
});

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describeWith(['python3-feedparser'], 'python3 -m http.server', ({ 'python3-feedparser': python }) => {
  it('is a mirror like any other', async () => {
    const port = await freePort();
    started.push(
      spawn(python, ['-m', 'http.server', String(port), '--bind', '127.0.0.1', '--directory', exported], {
        stdio: 'ignore',
      }),
    );
    await follows(port);
  });
});

describeWith(['nginx'], 'nginx', ({ nginx }) => {
  it('is a mirror like any other', async () => {
    const port = await freePort();
    const file = join(folder, 'nginx.conf');
    writeFileSync(
      file,
      `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {}
http { access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
server { listen 127.0.0.1:${port}; root ${exported}; } }`,
    );
    started.push(spawn(nginx, ['-c', file, '-p', folder], { stdio: 'ignore' }));
    await follows(port);
  });
});
