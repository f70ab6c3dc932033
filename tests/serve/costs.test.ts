import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDoorway, createTraffic } from '../../src/node/doorway.js';
import { watchConnections } from '../../src/serve/connections.js';
import { listen } from '../../src/serve/listen.js';
import { createRequestRate } from '../../src/serve/request-rate.js';
import { createThrift } from '../../src/serve/thrift.js';
import { createTrafficCounter } from '../../src/serve/traffic-counter.js';
import { readTrafficFile, trafficFile } from '../../src/store/traffic-file.js';
import { send } from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { ask, createTestNode, silentLog } from '../support/test-node.js';
import { scene } from '../support/test-pictures.js';
import { createStandIn, type StandIn, story } from '../sync/stand-in.js';

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 10, 21, 12);
const tlsFile = (name: string) => fileURLToPath(new URL(`../fixtures/tls-ec/${name}`, import.meta.url));

function counterAt(clock = createManualClock(NOON)) {
  const kept: unknown[] = [];
  const troubles: string[] = [];
  let full = false;
  const counter = createTrafficCounter({
    clock,
    known: [],
    keep: (days) => {
      if (full) throw new Error('ENOSPC: no space left on device');
      kept.push(days);
    },
    onTrouble: (reason) => troubles.push(reason),
  });
  return {
    clock,
    counter,
    kept,
    troubles,
    fill: (now: boolean) => {
      full = now;
    },
  };
}

describe('the counter of traffic', () => {
  it('goes on while the disk is full, says so once, and keeps everything when there is room again', () => {
    const { counter, kept, troubles, fill } = counterAt();
    fill(true);
    counter.addBytes(100);
    counter.addAnswer(200);
    counter.flush();
    counter.addBytes(50);
    counter.flush();
    expect([kept, troubles]).toEqual([[], ['ENOSPC: no space left on device']]);
    fill(false);
    counter.flush();
    expect(kept).toEqual([
      [{ day: '2026-11-21', bytes: 150, answers: { '2xx': 1, '3xx': 0, '4xx': 0, '5xx': 0 } }],
    ]);
  });

  it('writes nothing while nobody asks', () => {
    const { counter, kept } = counterAt();
    counter.flush();
    expect(kept).toEqual([]);
  });
});

describe('thrift', () => {
  it('grows step by step with what the day has cost, and ends with the day', () => {
    const { clock, counter } = counterAt();
    // Ten days are left of November, so each may cost a tenth.
    const thrift = createThrift(10_000_000, { clock, counter });
    expect(thrift.allowanceBytes()).toBe(1_000_000);
    const seen: string[] = [];
    for (const bytes of [799_999, 1, 100_000, 70_000, 29_999, 1]) {
      counter.addBytes(bytes);
      seen.push(thrift.now());
    }
    expect(seen).toEqual(['none', 'no-pictures', 'no-full', 'page-only', 'page-only', 'silent']);
    expect(thrift.resumesAt()).toBe(Date.UTC(2026, 10, 22));
    clock.advance(DAY_MS / 2);
    expect([thrift.now(), thrift.allowanceBytes()]).toEqual(['none', 1_000_000]);
  });

  it('gives a day what dearer days before it left', () => {
    const { clock, counter } = counterAt();
    const thrift = createThrift(10_000_000, { clock, counter });
    counter.addBytes(100_000);
    clock.advance(DAY_MS);
    expect(thrift.allowanceBytes()).toBe(Math.floor(9_900_000 / 9));
  });
});

describe('the rate of requests', () => {
  it('lets a burst pass, then the rate, and fills again while it is quiet', () => {
    let now = 0;
    const rate = createRequestRate(50, () => now);
    const taken = (times: number) => Array.from({ length: times }, () => rate.take()).filter(Boolean).length;
    expect(taken(1_000)).toBe(250);
    now += 1_000;
    expect(taken(1_000)).toBe(50);
    now += 3_600_000;
    expect(taken(1_000)).toBe(250);
  });
});

describe('a node near its allowance', () => {
  const clock = createManualClock(Date.UTC(2026, 10, 23, 9));
  const article = '/stand-in/a1/';
  let site: StandIn;
  let node: Awaited<ReturnType<typeof createTestNode>>;
  let picture: { path: string; bytes: number };

  /** Spends what is missing to `share` of the day's allowance. */
  const spendTo = (share: number) => {
    const { traffic } = node.readers;
    const spent = readTraffic();
    traffic.addBytes(Math.ceil(traffic.thrift.allowanceBytes() * share) - spent);
  };
  const readTraffic = () => {
    node.readers.traffic.keep()();
    return readTrafficFile(trafficFile(node.home)).at(-1)?.bytes ?? 0;
  };

  beforeAll(async () => {
    site = await createStandIn([story(1)]);
    site.server.on(
      '/p.jpg',
      send(await scene(1_000, 700).jpeg().toBuffer(), { 'content-type': 'image/jpeg' }),
    );
    const lead = site.server.url('/p.jpg');
    site.server.on(
      site.pathOf(story(1)),
      send(
        `<html><head><meta property="og:image" content="${lead}"></head><body><h1>Report</h1><figure><img src="${lead}" alt="The hills"><figcaption>Hills</figcaption></figure><div class="text">${story(
          1,
        )
          .paragraphs.map((text) => `<p>${text}</p>`)
          .join('')}</div></body></html>`,
        { 'content-type': 'text/html' },
      ),
    );
    const publisher = site.publisher({ pages: 'always' });
    node = await createTestNode({
      publishers: [{ ...publisher, page: { ...publisher.page, lead: ['img'], leadCaption: ['figcaption'] } }],
      clock,
      env: { ...site.env, TAMIZDAT_LIMITS_BYTES_PER_MONTH: '800MB' },
    });
    await node.pass();
    const { text } = await node.get(article);
    const large = /href="([^"]*\/media\/[^"]+)"/.exec(text)?.[1] ?? '';
    const path = new URL(large, `http://x${article}`).pathname;
    picture = { path, bytes: (await node.get(path)).wireBytes };
  });
  afterAll(async () => {
    await node.close();
    await site.close();
  });

  it('leaves pictures out first, large files and those in pages', async () => {
    const before = await node.get(article, { 'accept-encoding': 'br' });
    expect((await node.get(picture.path)).status).toBe(200);
    spendTo(0.8);
    const refused = await node.get(picture.path);
    expect([picture.bytes > 8_192, refused.status]).toEqual([true, 503]);
    expect(Number(refused.headers['retry-after'])).toBe(15 * 3_600);
    expect(refused.text).toContain('Large pictures rest until 24 November 2026, 00:00 UTC');
    expect(refused.text).toContain('<p lang="ru" dir="ltr">Крупные снимки недоступны до 24 ноября 2026');
    const light = await node.get(article, { 'accept-encoding': 'br' });
    expect([light.status, light.text.includes('<figcaption')]).toEqual([200, true]);
    expect(light.text).not.toContain('data:image');
    expect(light.wireBytes).toBeLessThan(before.wireBytes / 1.3);
    // Nobody is sent a page anew for the sake of thrift, nor keeps the thrifty one for long.
    const known = { 'if-none-match': before.headers.etag ?? '' };
    expect((await node.get(article, known)).status).toBe(304);
    expect(light.headers.etag).not.toBe(before.headers.etag);
    expect((await node.get('/full/rss.xml')).status).toBe(200);
  });

  it('then lets the feeds of whole texts rest', async () => {
    spendTo(0.9);
    const full = await node.get('/full/rss.xml');
    expect([full.status, full.headers['retry-after']]).toEqual([503, String(15 * 3_600)]);
    expect(full.text).toContain('Feeds of whole texts rest until');
    expect((await node.get('/rss.xml')).status).toBe(200);
    expect((await node.get(article)).status).toBe(200);
  });

  it('then says in every language when it goes on', async () => {
    spendTo(0.97);
    const page = await node.get(article, { 'accept-encoding': 'gzip' });
    expect([page.status, page.headers['cache-control'], page.headers.connection]).toEqual([
      503,
      'no-store',
      'close',
    ]);
    expect(page.text.match(/<p lang="(?:en|ru|uk|fa|zh)"/g)).toHaveLength(5);
    expect(page.text).toContain('24 November 2026');
    expect(page.wireBytes).toBeLessThan(1_200);
    expect((await node.get('/rss.xml')).status).toBe(503);
  });

  it('then answers nobody, and goes on with the next day', async () => {
    spendTo(1);
    await expect(node.get('/')).rejects.toThrow(/ECONNRESET|socket hang up/);
    clock.advance(15 * 3_600_000);
    expect((await node.get('/')).status).toBe(200);
  });

  it('knows after a start what was spent before', () => {
    expect(readTraffic()).toBeGreaterThan(0);
    expect(readTrafficFile(trafficFile(node.home))).toHaveLength(2);
    node.engine.prepare();
    rmSync(trafficFile(node.home));
    const { thrift } = createTraffic(node.config, { store: node.engine.store, clock, log: silentLog });
    expect(thrift.allowanceBytes()).toBe(node.readers.traffic.thrift.allowanceBytes());
  });

  it('serves on where the file of its counters cannot be written', async () => {
    mkdirSync(join(node.home, 'traffic.json.new'));
    await node.get('/');
    node.readers.traffic.keep()();
    expect((await node.get('/')).status).toBe(200);
  });

  it('refuses what comes too fast, with one small answer', async () => {
    const config = { ...node.config, limits: { ...node.config.limits, requestsPerSecond: 1 } };
    const door = createDoorway(config, {
      ...node.readers,
      ready: node.readers.pages.ready,
      clock,
      onAnswer: () => {},
    });
    const server = await listen(node.readers.app, { host: '127.0.0.1', port: 0 }, null, door);
    const answers = [];
    for (let asked = 0; asked < 10; asked += 1) answers.push(await ask(server.port, '/', {}));
    await server.close(500);
    const refused = answers.filter(({ status }) => status === 503);
    expect(answers.slice(0, 5).every(({ status }) => status === 200)).toBe(true);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.headers).toMatchObject({ 'retry-after': '1', connection: 'close' });
    expect(refused[0]?.wireBytes).toBeLessThan(100);
  });
});

describe('bytes on the wire', () => {
  const app = { fetch: () => new Response('x'.repeat(5_000), { headers: { Connection: 'close' } }) };

  async function counted(tls: { cert: string; key: string } | null, read: (port: number) => Promise<number>) {
    let bytes = 0;
    const server = await listen(app, { host: '127.0.0.1', port: 0 }, tls, {
      answers: () => false,
      attach: (attached) =>
        watchConnections(attached, {
          most: 10,
          onBytes: (more) => {
            bytes += more;
          },
        }),
    });
    const received = await read(server.port);
    await server.close(500);
    return { bytes, received };
  }

  const readAll = (socket: Socket, wire: () => number): Promise<number> =>
    new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.resume();
      socket.on('close', () => resolve(wire()));
    });

  it('count the head of an answer with its body', async () => {
    const { bytes, received } = await counted(null, (port) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
      return readAll(socket, () => socket.bytesRead);
    });
    expect(bytes).toBe(received);
    expect(bytes).toBeGreaterThan(5_050);
  });

  it('count the handshake of TLS and its records', async () => {
    const { bytes, received } = await counted(
      { cert: tlsFile('chain.pem'), key: tlsFile('server.key') },
      (port) => {
        const raw = connect(port, '127.0.0.1');
        const socket = connectTls({ socket: raw, rejectUnauthorized: false }, () =>
          socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
        );
        return readAll(socket, () => raw.bytesRead);
      },
    );
    expect(bytes).toBe(received);
    expect(bytes).toBeGreaterThan(7_000);
  });
});

describe('connections', () => {
  async function watched(limits: { most: number; graceMs?: number; sweepMs?: number }, body: Buffer) {
    const server = createServer((_, response) => response.end(body));
    const stop = watchConnections(server, { ...limits, onBytes: () => {} });
    const lost = new Promise<void>((resolve) =>
      server.on('connection', (socket) => socket.on('close', () => resolve())),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      lost,
      port: (server.address() as AddressInfo).port,
      close: () => {
        stop();
        server.close();
        server.closeAllConnections();
      },
    };
  }
  const closed = (socket: Socket) =>
    new Promise<void>((resolve) => socket.on('close', () => resolve()).on('error', () => {}));

  it('past the limit are closed at once', async () => {
    const server = await watched({ most: 2 }, Buffer.alloc(10));
    const sockets = [1, 2, 3].map(() => connect(server.port, '127.0.0.1').resume());
    await closed(sockets[2] as Socket);
    expect(sockets.slice(0, 2).map((socket) => socket.destroyed)).toEqual([false, false]);
    server.close();
    for (const socket of sockets) socket.destroy();
  });

  it('whose reader takes nothing are closed after a grace', async () => {
    // More than the buffers of both ends hold; at the least rate it would take hours, so the grace is below zero.
    const body = Buffer.alloc(32_000_000);
    const server = await watched({ most: 2, graceMs: -1e9, sweepMs: 20 }, body);
    const socket = connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    socket.on('error', () => {});
    await server.lost;
    socket.destroy();
    server.close();
  });
});
