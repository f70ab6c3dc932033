import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { systemClock } from '../../src/domain/clock.js';
import { type Program, startProgram } from '../support/program.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, type StandIn, story } from '../sync/stand-in.js';

let site: StandIn | null = null;
let serving: Program | null = null;
let node: Awaited<ReturnType<typeof createTestNode>> | null = null;

afterEach(async () => {
  await serving?.stop('SIGTERM');
  await node?.close();
  await site?.close();
});

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
  serving = startProgram(['serve', '--home', home, '--listen', '127.0.0.1:0'], {
    env: {
      TAMIZDAT_PUBLISHERS: 'stand-in',
      TAMIZDAT_FETCH_POLITENESS: '0s',
      TAMIZDAT_ADMIN_LISTEN: '127.0.0.1:0',
      ...site.env,
    },
  });
  const [, address = ''] = await serving.until(/keeper: (http:\/\/127\.0\.0\.1:\d+)/);
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
  const shown = async () => (await fetch(`${address}/`)).text();
  await expect.poll(shown).not.toContain('Needs your decision');
  expect(await shown()).toContain('1 removed');
});
