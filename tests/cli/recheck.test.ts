import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { cli } from '../support/cli.js';
import { type HostileServer, send, startHostileServer, status } from '../support/hostile-server.js';
import { testPublisher } from '../support/test-node.js';

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const page = (author: string): string =>
  `<!doctype html><html lang="en"><head><title>The kiln</title></head><body><article><h1>The kiln</h1><p class="by">${author}</p>
   <div class="text">${'<p>The kiln is fired on Thursdays, and on Fridays the street smells of wet clay and smoke.</p>'.repeat(8)}</div></article></body></html>`;

let server: HostileServer;
let home: string;

const run = (...argv: string[]) =>
  cli(argv, {
    env: {
      TAMIZDAT_HOME: home,
      TAMIZDAT_FETCH_ALLOW: server.pair,
      TAMIZDAT_FETCH_POLITENESS: '0s',
      TAMIZDAT_PUBLISHERS: 'clay-street',
    },
  });

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tamizdat-recheck-'));
  server = await startHostileServer();
  server.on('/kiln-a7', send(page('Named Person'), HTML));
  server.on(
    '/rss',
    send(
      `<?xml version="1.0"?><rss version="2.0"><channel><title>Clay</title><item><title>The kiln</title><link>${server.url('/kiln-a7')}</link><guid>k7</guid><pubDate>${new Date(Date.now() - 3_600_000).toUTCString()}</pubDate><description>A kiln.</description></item></channel></rss>`,
      { 'content-type': 'application/rss+xml' },
    ),
  );
  const publisher = testPublisher({
    id: 'clay-street',
    identity: { patterns: ['-a(\\d{1,9})(?:[/?#]|$)'] },
    sources: [{ kind: 'feed', url: server.url('/rss'), text: 'summary', role: 'main', section: null }],
  });
  const rules = { ...publisher.page, fetch: 'always', authors: ['.by'], content: ['.text'] };
  mkdirSync(join(home, 'publishers'));
  writeFileSync(join(home, 'publishers', 'clay-street.yaml'), stringify({ ...publisher, page: rules }));
  const { code, stderr } = await run('sync', '--once');
  expect(code, stderr).toBe(0);
});

afterAll(async () => {
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

describe('recheck', () => {
  it('looks at the page again though it is not due, and finds it as it was', async () => {
    const before = server.requests.filter(({ path }) => path === '/kiln-a7').length;
    const { code, stdout } = await run('recheck', server.url('/kiln-a7'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: '/clay-street/a7/ unchanged, revision 1\n' });
    expect(server.requests.filter(({ path }) => path === '/kiln-a7')).toHaveLength(before + 1);
  });

  it('takes a pseudonym in, by the path on any mirror', async () => {
    server.on('/kiln-a7', send(page('The pottery desk'), HTML));
    const { code, stdout } = await run(
      'recheck',
      'https://mirror.example/secret/clay-street/a7/p2/',
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ path: '/clay-street/a7/', outcome: 'changed', revision: 2 });
  });

  it('ends with 1 and the reason where the page cannot be read', async () => {
    server.on('/kiln-a7', status(451));
    const { code, stdout, stderr } = await run('recheck', '/clay-street/a7/');
    expect(code).toBe(1);
    expect(stdout).toContain('/clay-street/a7/ failed, revision 2: status-451');
    expect(stderr).toContain('status-451');
  });

  it('does not believe a removal at one look', async () => {
    server.on('/kiln-a7', status(404));
    const { code, stdout } = await run('recheck', '/clay-street/a7/');
    expect(code).toBe(0);
    expect(stdout).toContain('/clay-street/a7/ waiting, revision 2: its page is gone');
  });

  it.each(['https://elsewhere.example/kiln-a7', '/clay-street/a8/', 'kiln', 'http://127.0.0.1/none'])(
    'ends with 2 for %s, which nobody knows',
    async (address) => {
      const { code, stderr } = await run('recheck', address);
      expect(code).toBe(2);
      expect(stderr).toContain(`this node has no article at ${address}`);
    },
  );
});
