import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { systemClock } from '../../src/domain/clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, type StandIn, story } from '../sync/stand-in.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

let site: StandIn | null = null;
let child: ChildProcess | null = null;
let node: Awaited<ReturnType<typeof createTestNode>> | null = null;

afterEach(async () => {
  if (child !== null && child.exitCode === null) {
    const closed = new Promise((resolve) => child?.once('close', resolve));
    child.kill('SIGTERM');
    await closed;
  }
  await node?.close();
  await site?.close();
});

async function untilThere<T>(look: () => Promise<T | null> | T | null): Promise<T> {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('did not come within a minute');
}

it('removes an article by a button, in the process that writes', async () => {
  site = await createStandIn([story(1), story(2)]);
  const publisher = site.publisher();
  node = await createTestNode({ desk: true, publishers: [publisher], clock: systemClock, env: site.env });
  await node.pass();
  node.engine.store.decisions.ask('stand-in', 'removal', '1', systemClock.now());
  const { home } = node;
  // The serving node's own processes write from here on.
  await node.engine.close();
  mkdirSync(join(home, 'publishers'));
  writeFileSync(join(home, 'publishers', 'stand-in.yaml'), stringify(publisher));
  child = spawn(process.execPath, [MAIN, 'serve', '--home', home, '--listen', '127.0.0.1:0'], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      TAMIZDAT_PUBLISHERS: 'stand-in',
      TAMIZDAT_FETCH_POLITENESS: '0s',
      TAMIZDAT_ADMIN_LISTEN: '127.0.0.1:0',
      ...site.env,
    },
  });
  const address = await untilThere(() => {
    try {
      const { host, port } = JSON.parse(readFileSync(join(home, 'running.json'), 'utf8')).keeper;
      return `http://${host}:${port}`;
    } catch {
      return null;
    }
  });
  const page = await (await fetch(`${address}/`)).text();
  expect(page).toContain('Needs your decision');
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const answer = await fetch(`${address}/decide`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Origin: address },
    body: new URLSearchParams({ csrf, ids: '1', verdict: 'accept' }),
  });
  expect(answer.status).toBe(303);
  const after = await untilThere(async () => {
    const text = await (await fetch(`${address}/`)).text();
    return text.includes('Needs your decision') ? null : text;
  });
  expect(after).toContain('1 removed');
});
