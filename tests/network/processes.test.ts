import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { send, silence } from '../support/hostile-server.js';
import { addressOf, type Program, startProgram } from '../support/program.js';
import { createStandIn, type StandIn, story } from '../sync/stand-in.js';

let site: StandIn;
let home: string;
const running: Program[] = [];

function start(...argv: string[]): Program {
  const program = startProgram([...argv, '--home', home], {
    env: {
      TAMIZDAT_PUBLISHERS: 'stand-in',
      TAMIZDAT_FETCH_POLITENESS: '0s',
      // A busy machine takes long to start a second process; the first must still be waiting then.
      TAMIZDAT_FETCH_TIMEOUT: '50s',
      TAMIZDAT_ADMIN_LISTEN: '127.0.0.1:0',
      ...site.env,
    },
  });
  running.push(program);
  return program;
}

beforeAll(async () => {
  site = await createStandIn([story(1)]);
  home = mkdtempSync(join(tmpdir(), 'tamizdat-processes-'));
  mkdirSync(join(home, 'publishers'));
  writeFileSync(join(home, 'publishers', 'stand-in.yaml'), stringify(site.publisher()));
});

afterEach(async () => {
  for (const program of running.splice(0)) await program.stop();
});

afterAll(async () => {
  await site.close();
  rmSync(home, { recursive: true, force: true });
});

describe('the program', () => {
  it('serves what its first pass brings, and ends with 0 when it is told to', async () => {
    const serving = start('serve', '--listen', '127.0.0.1:0');
    const address = await addressOf(serving);
    await serving.until(/stand-in: 1 new/);
    const answer = await fetch(`${address}/stand-in/a1/`);
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringContaining('Lighthouse report 1'),
    ]);
    expect((await serving.stop('SIGTERM')).code).toBe(0);
    await expect(fetch(address)).rejects.toThrow();
  });

  it('ends with 0 also in the middle of a pass', async () => {
    let asked = () => {};
    const feedAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    site.server.on('/feed.xml', (request, response) => {
      asked();
      silence()(request, response);
    });
    const serving = start('serve', '--listen', '127.0.0.1:0');
    await feedAsked;
    expect((await serving.stop('SIGTERM')).code, serving.said()).toBe(0);
    site.serveFeed();
  });

  it('says that another process is syncing when one is', async () => {
    let answer = () => {};
    const feedAsked = new Promise<void>((begun) => {
      site.server.on('/feed.xml', (request, response) => {
        answer = () => send(site.feed())(request, response);
        begun();
      });
    });
    const first = start('sync', '--once');
    await feedAsked;
    const second = start('sync', '--once');
    expect((await second.ended).code).toBe(1);
    expect(second.said()).toContain('another process is syncing into this state folder');
    expect(second.said()).toContain('--home');
    expect(second.said()).not.toMatch(/\n\s+at /);
    answer();
    expect((await first.ended).code, first.said()).toBe(0);
  });

  it('ends with 2 and one clear message when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const serving = start('serve', '--listen', `127.0.0.1:${port}`);
    expect((await serving.ended).code).toBe(2);
    expect(serving.said()).toContain(`something else already listens on 127.0.0.1:${port}`);
    expect(serving.said()).not.toMatch(/\n\s+at /);
    other.close();
  });
});
