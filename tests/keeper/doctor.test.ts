import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createDemoNewsroom } from '../../src/demo/demo-newsroom.js';
import { diaryFile } from '../../src/demo/diary.js';
import { systemClock } from '../../src/domain/clock.js';
import type { Fetcher } from '../../src/domain/fetcher.js';
import { checkAddress } from '../../src/keeper/doctor/edge.js';
import type { Finding } from '../../src/keeper/doctor/finding.js';
import {
  checkAuthorities,
  checkCoreDumps,
  checkDatabase,
  checkPermissions,
} from '../../src/keeper/doctor/machine.js';
import { checkRoute, checkSources } from '../../src/keeper/doctor/sources.js';
import { listen } from '../../src/serve/listen.js';
import { openStore } from '../../src/store/store.js';
import { indexText } from '../../src/store/tokenizer.js';
import { cli } from '../support/cli.js';
import { send } from '../support/hostile-server.js';
import { testConfig } from '../support/test-node.js';
import { createStandIn, type StandIn, story } from '../sync/stand-in.js';

const fixtures = fileURLToPath(new URL('../fixtures/tls-ec', import.meta.url));

let home: string;
let server: Server | null = null;
let site: StandIn | null = null;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tamizdat-doctor-'));
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = null;
  await site?.close();
  site = null;
  rmSync(home, { recursive: true, force: true });
});

async function serve(answer: RequestListener): Promise<URL> {
  const started = createServer(answer);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(started.address() as AddressInfo).port}/`);
}
const look = async (url: URL, env: Record<string, string> = {}): Promise<Record<string, Finding>> =>
  Object.fromEntries(
    (await checkAddress({ url, instead: null, own: true }, testConfig(home, env), Date.now())).map((one) => [
      one.check,
      one,
    ]),
  );

describe('an address of the mirror', () => {
  it('that answers small and closes is well', async () => {
    const url = await serve((_request, response) => {
      response.setHeader('Connection', 'close');
      response.end('x'.repeat(4_000));
    });
    expect(await look(url)).toMatchObject({
      page: { level: 'ok', found: expect.stringContaining('4,000 B of page') },
      closing: { level: 'ok' },
    });
  });

  it('that stays open is told how to close', async () => {
    const url = await serve((_request, response) => response.end('x'));
    expect(await look(url)).toMatchObject({
      closing: { level: 'warn', todo: expect.stringContaining('keepalive_timeout 0') },
    });
  });

  it('that is the node behind a proxy may stay open: the proxy closes', async () => {
    const url = await serve((_request, response) => response.end('x'));
    const found = await look(url, { TAMIZDAT_HTTP_EDGE: 'proxied' });
    expect(found.page).toMatchObject({ level: 'ok' });
    expect(found.closing).toBeUndefined();
  });

  it.each([
    ['a page over the line', 200, 8_193, 0, 'fail', 'compression'],
    ['a head over the line', 200, 10, 900, 'warn', 'headers'],
    ['another site', 404, 10, 0, 'fail', 'site.urls'],
  ] as const)('with %s is named', async (_what, status, body, extra, level, todo) => {
    const url = await serve((_request, response) => {
      response.writeHead(status, {
        Connection: 'close',
        ...(extra > 0 ? { 'X-Added': 'x'.repeat(extra) } : {}),
      });
      response.end('x'.repeat(body));
    });
    expect((await look(url)).page).toMatchObject({ level, todo: expect.stringContaining(todo) });
  });

  it('over TLS: key, chain and handshake are measured in bytes', async () => {
    const secure = await listen(
      { fetch: () => new Response('x', { headers: { Connection: 'close' } }) },
      { host: '127.0.0.1', port: 0 },
      { cert: join(fixtures, 'chain.pem'), key: join(fixtures, 'server.key') },
    );
    const found = await look(new URL(`https://127.0.0.1:${secure.port}/`));
    const [, chain = '', handshake = ''] =
      /certificates of ([\d,]+) B; ([\d,]+) B for the handshake/.exec(found.certificate?.found ?? '') ?? [];
    const bytes = (text: string) => Number(text.replaceAll(',', ''));
    expect(found.certificate?.found).toContain('EC prime256v1');
    expect(bytes(chain)).toBeGreaterThan(1_000);
    expect(bytes(handshake)).toBeGreaterThan(bytes(chain));
    expect(found.protocols).toMatchObject({ level: 'ok' });
    await secure.close(0);
  });

  it('that nobody answers at fails with the reason', async () => {
    const url = await serve(() => {});
    server?.close();
    await new Promise((resolve) => server?.once('close', resolve));
    expect((await look(url)).address).toMatchObject({
      level: 'fail',
      found: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('of an onion service is left to Tor Browser', async () => {
    expect(await look(new URL(`http://${'a'.repeat(56)}.onion/`))).toMatchObject({
      address: { level: 'ok', found: expect.stringContaining('not looked at') },
    });
  });
});

describe('the machine', () => {
  it('a key that others may read fails, with the command that mends it', () => {
    chmodSync(home, 0o700);
    mkdirSync(join(home, 'keys'));
    const file = join(home, 'keys', 'root.pem');
    writeFileSync(file, 'x', { mode: 0o644 });
    expect(checkPermissions(home)).toMatchObject([{ level: 'fail', todo: `chmod 600 ${file}` }]);
    chmodSync(file, 0o600);
    expect(checkPermissions(home)).toMatchObject([{ level: 'ok' }]);
  });

  it('further authorities are trusted where their file can be read, which Node itself never says', () => {
    expect(checkAuthorities(undefined)).toEqual([]);
    expect(checkAuthorities(join(fixtures, 'root.pem'))).toMatchObject([{ level: 'ok' }]);
    expect(checkAuthorities(join(home, 'none.pem'))).toMatchObject([
      { level: 'fail', found: expect.stringContaining('ENOENT') },
    ]);
  });

  it('a database that is none fails', () => {
    const file = join(home, 'tamizdat.sqlite');
    expect(checkDatabase(file)).toMatchObject({ level: 'warn' });
    writeFileSync(file, 'x'.repeat(10_000));
    expect(checkDatabase(file)).toMatchObject({ level: 'fail', todo: expect.stringContaining('Restart') });
  });

  it('that keeps core dumps of a crash is warned of, and one that does not is well', async () => {
    const node = (limit: string) =>
      spawn('/bin/sh', ['-c', `ulimit -c ${limit} && echo set && exec sleep 60`], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    for (const [limit, level] of [
      ['0', 'ok'],
      ['unlimited', 'warn'],
    ] as const) {
      const child = node(limit);
      const could = await new Promise((resolve) => {
        child.stdout.once('data', () => resolve(true));
        child.once('exit', () => resolve(false));
      });
      // A hard limit of nothing cannot be raised again.
      if (could || limit === '0')
        expect(checkCoreDumps(child.pid)).toMatchObject([{ check: 'cores', level }]);
      child.kill();
    }
    expect(checkCoreDumps(undefined)).toEqual([]);
  });

  it('a proxy that is not there fails', async () => {
    const url = await serve(() => {});
    expect(await checkRoute(`socks5://${url.host}`)).toMatchObject({ level: 'ok' });
    server?.close();
    await new Promise((resolve) => server?.once('close', resolve));
    expect(await checkRoute(`socks5://${url.host}`)).toMatchObject({ level: 'fail' });
  });
});

describe('doctor', () => {
  async function run(skewMs: number) {
    const standIn = await createStandIn([story(1)]);
    site = standIn;
    const date = new Date(Date.now() + skewMs).toUTCString();
    standIn.server.on('/feed.xml', (request, response) =>
      send(
        '<rss version="2.0"><channel><title>The Quay</title><item><title>x</title></item></channel></rss>',
        { 'content-type': 'application/rss+xml', date },
      )(request, response),
    );
    mkdirSync(join(home, 'publishers'));
    chmodSync(home, 0o700);
    writeFileSync(join(home, 'publishers', 'stand-in.yaml'), stringify(standIn.publisher()));
    const env = { TAMIZDAT_PUBLISHERS: 'stand-in', ...standIn.env };
    const result = await cli(['doctor', '--json', '--home', home], { env });
    const { findings, ok } = JSON.parse(result.stdout) as { ok: boolean; findings: Finding[] };
    const of = (check: string) => findings.find((one) => one.check === check);
    return { ...result, ok, of };
  }

  it('ends with 0 where nothing has to be mended', async () => {
    const { code, ok, of } = await run(0);
    expect(of('source')).toMatchObject({ level: 'ok' });
    expect(of('clock')).toMatchObject({ level: 'ok' });
    expect({ code, ok }).toEqual({ code: 0, ok: true });
  });

  it('compares the clock with what sources say, and ends with 1 where it is wrong', async () => {
    const { code, ok, of } = await run(-20 * 60_000);
    expect(of('clock')).toMatchObject({ level: 'fail', found: expect.stringContaining('20 min ahead') });
    expect({ code, ok }).toEqual({ code: 1, ok: false });
  });

  it('of a home in which the demo alone has run asks the demo’s newsroom, and nobody else', async () => {
    const demo = join(home, 'demo');
    mkdirSync(demo);
    openStore(join(demo, 'tamizdat.sqlite'), { tokenizer: { indexText } }).close();
    const newsroom = createDemoNewsroom({ clock: systemClock, everyMs: 0, diaryFile: diaryFile(demo) });
    const { origin } = await newsroom.start();
    const { code, stdout } = await cli(['doctor', '--home', home], {
      env: { TAMIZDAT_FETCH_POLITENESS: '0s' },
    });
    await newsroom.stop();
    expect(code).toBe(0);
    expect(stdout.match(/^ok +source .*$/gm)).toHaveLength(8);
    expect(stdout).toContain(`ok    source       ${origin}/en/rss/all answers`);
  });

  it('asks a host that cannot be reached once, whatever number of sources it has', async () => {
    const standIn = await createStandIn([story(1)]);
    site = standIn;
    const { sources, ...rest } = standIn.publisher();
    const publisher = { ...rest, sources: [1, 2, 3].flatMap(() => sources) };
    const asked: string[] = [];
    const detail = 'the quay has no address';
    const fetcher: Fetcher = {
      fetch: async ({ url }) => {
        asked.push(url);
        return { kind: 'failed', reason: 'dns', detail, retryable: true };
      },
      close: async () => {},
    };
    const found = await checkSources([publisher], fetcher);
    expect(asked).toHaveLength(1);
    expect(found.filter((one) => one.found.includes(detail))).toHaveLength(3);
  });

  it('asks nobody with --offline', async () => {
    const { stdout } = await cli(['doctor', '--offline', '--home', home]);
    expect(stdout).toContain('no node has run here');
    expect(stdout).not.toContain('themoscowtimes');
  });

  it('has nothing to mend where no node ever was, and says what makes one', async () => {
    const { code, stdout } = await cli(['doctor', '--offline', '--home', join(home, 'none')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/warn +disk +there is no folder .*none yet\n +tamizdat serve makes it/);
  });
});
