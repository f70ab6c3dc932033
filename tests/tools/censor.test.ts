import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Listening, listen } from '../../src/serve/listen.js';
import { launchChromium } from '../support/chromium.js';
import { type Curtain, createCurtain } from '../support/curtain.js';
import { createDemoNode, type DemoNode } from '../support/demo-node.js';
import { createManualClock } from '../support/manual-clock.js';
import { titlesInNewsboat } from '../support/newsboat.js';
import { tlsEc } from '../support/tls-ec.js';
import { describeWith } from '../support/tools.js';

const HOST = 'mirror-a.test';

const tlsFile = (name: string) => fileURLToPath(new URL(`../fixtures/tls-ec/${name}`, import.meta.url));

/** A node facing its readers itself, as `tls.cert`, `tls.key` and `edge: direct` have it. */
const listenSecurely = ({ readers }: DemoNode): Promise<Listening> =>
  listen(
    readers.app,
    { host: '127.0.0.1', port: 0 },
    { cert: tlsFile('chain.pem'), key: tlsFile('server.key') },
    readers.door,
  );

/** TLS 1.3 in front of a plain server: nothing but the encryption is added. */
async function terminate(port: number): Promise<TlsServer> {
  const options = { key: tlsEc.key, cert: tlsEc.chain, ecdhCurve: 'X25519', minVersion: 'TLSv1.3' } as const;
  const server = createTlsServer(options, (reader) => {
    const node = connect(port, '127.0.0.1');
    reader.pipe(node).pipe(reader);
    reader.on('error', () => node.destroy());
    node.on('error', () => reader.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Asks for no icon, as our pages do: its connection would be one more, which the next page may take over. */
const NO_ICON = Buffer.from('<link rel="icon" href="data:,">');

/** A server that answers `/<n>` with n bytes that no compression shrinks, under a head as heavy as a page may have. */
async function bytesServer(headBytes: number): Promise<Server> {
  const server = createServer((request, response) => {
    const body = Buffer.concat([NO_ICON, randomBytes(Number(request.url?.slice(1)) - NO_ICON.length)]);
    const headers = { Connection: 'close', 'Content-Type': 'text/html', 'Content-Length': body.length };
    response.writeHead(200, { ...headers, 'X-Filler': 'x'.repeat(headBytes - 160) }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

describeWith(['chromium'], 'behind the curtain', ({ chromium }) => {
  let node: DemoNode;
  /** The node's own TLS, with nothing in front. */
  let edge: Listening;
  let bytes: Server;
  let bytesEdge: TlsServer;
  const clock = createManualClock();
  let curtain: Curtain;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    node = await createDemoNode();
    edge = await listenSecurely(node);
    bytes = await bytesServer(node.config.line.headerBytes);
    bytesEdge = await terminate(portOf(bytes));
  });

  afterAll(async () => {
    await edge?.close(500);
    for (const server of [bytesEdge, bytes]) server?.close();
    await node?.close();
  });

  const draw = async (port: number) => {
    const { freezeBytes, packets, burst, burstWindowMs } = node.config.line;
    curtain = await createCurtain({
      target: { host: '127.0.0.1', port },
      freezeBytes,
      packets,
      burst: { handshakes: burst, withinMs: burstWindowMs, frozenForMs: 120_000 },
      now: clock.now,
    });
    browser = await launchChromium(chromium, { mirror: `127.0.0.1:${curtain.port}` });
    context = await browser.newContext({ javaScriptEnabled: false });
    page = await context.newPage();
  };

  afterEach(async () => {
    await browser?.close();
    await curtain?.close();
  });

  /** A reader opens a page a second after the one before. */
  const read = async (path: string) => {
    clock.advance(1_000);
    const response = await page.goto(`https://${HOST}${path}`, { waitUntil: 'load', timeout: 60_000 });
    const body = await response?.body();
    return { status: response?.status(), text: body?.toString(), bytes: body?.length };
  };

  const frozen = () => curtain.connections().filter((connection) => connection.frozenBy !== null);
  const heaviest = (of: 'packets' | 'fromServerBytes') =>
    Math.max(...curtain.connections().map((connection) => connection[of]));

  const PATHS = [
    '/',
    '/demo-courier/a1102/',
    '/demo-courier/a1102/p2/',
    '/demo-courier/s/reading/',
    '/en/feeds/',
  ];

  it('front, article, its second part, section and feeds page load whole in a browser without scripts', async () => {
    await draw(edge.port);
    for (const path of PATHS) {
      const { text } = await node.get(path, { host: HOST, 'accept-encoding': 'br' });
      expect(await read(path)).toMatchObject({ status: 200, text });
    }
    expect(curtain.connections()).toHaveLength(PATHS.length);
    expect(frozen()).toEqual([]);
    expect(heaviest('packets')).toBeLessThanOrEqual(node.config.line.packets);
    expect(heaviest('fromServerBytes')).toBeLessThan(node.config.line.freezeBytes);
  });

  it('a search by form answers whole', async () => {
    await draw(edge.port);
    await read('/en/search/');
    clock.advance(1_000);
    await page.fill('input[name=q]', 'mirror');
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.click('main button');
    expect((await answered).status()).toBe(200);
    await expect.poll(() => page.locator('main article h3 a').count()).toBeGreaterThan(0);
    expect(frozen()).toEqual([]);
  });

  it('twenty page views, a second apart, trip no burst', async () => {
    await draw(edge.port);
    const paths = node.engine.store.pages.allPaths().filter((path) => path.endsWith('/'));
    for (const path of paths.slice(0, 20)) expect(await read(path)).toMatchObject({ status: 200 });
    expect(curtain.connections()).toHaveLength(20);
    expect(frozen()).toEqual([]);
  });

  it('a page at the very limit of body and head loads, and one of 13,000 bytes freezes', async () => {
    await draw(portOf(bytesEdge));
    // Its last packets, with which both sides part, may be the 25th and after: the reader has the page by then.
    const bytes = node.config.line.bodyBytes;
    expect(await read(`/${bytes}`)).toMatchObject({ status: 200, bytes });

    clock.advance(1_000);
    const before = curtain.connections().length;
    const waiting = page.goto(`https://${HOST}/13000`, { timeout: 0 }).then(
      () => 'loaded',
      () => 'never loaded',
    );
    const silenced = () => (curtain.connections()[before]?.frozenBy ?? null) !== null;
    await expect.poll(silenced).toBe(true);
    await browser.close();
    expect(await waiting).toBe('never loaded');
  });

  it('so many pages at once that the line calls it a burst: the last one freezes', async () => {
    await draw(edge.port);
    const paths = PATHS.slice(0, node.config.line.burst);
    const views = paths.map(async (path) => {
      const tab = await context.newPage();
      await tab.goto(`https://${HOST}${path}`, { timeout: 0 }).catch(() => null);
    });
    await expect.poll(() => frozen().map(({ frozenBy }) => frozenBy)).toEqual(['burst']);
    await browser.close();
    await Promise.all(views);
  });
});

describeWith(['newsboat'], 'a feed reader behind the curtain', ({ newsboat }) => {
  it('catches up on a day by one request that does not freeze', async () => {
    const node = await createDemoNode();
    const edge = await listenSecurely(node);
    const { freezeBytes, packets } = node.config.line;
    const curtain = await createCurtain({
      target: { host: '127.0.0.1', port: edge.port },
      freezeBytes,
      packets,
      burst: null,
    });
    const titles = await titlesInNewsboat(newsboat, `https://127.0.0.1:${curtain.port}/demo-courier/rss.xml`);
    const published = node.engine.store.lists
      .newest({ publisherId: 'demo-courier' }, 30)
      .map(({ title }) => title);
    expect(published.length).toBeGreaterThan(5);
    expect(titles.sort()).toEqual(published.sort());
    const connections = curtain.connections();
    expect(connections.map(({ frozenBy }) => frozenBy)).toEqual([null]);
    await curtain.close();
    await edge.close(500);
    await node.close();
  });
});
