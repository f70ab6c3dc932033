import { get } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { createCurtain } from '../support/curtain.js';
import { createDemoNode, type DemoNode } from '../support/demo-node.js';
import { type Edge, startCaddyEdge, startNginxEdge } from '../support/edges.js';
import { createManualClock } from '../support/manual-clock.js';
import { titlesInNewsboat } from '../support/newsboat.js';
import { tlsEc } from '../support/tls-ec.js';
import { describeWith } from '../support/tools.js';

const HOST = 'mirror-a.test';
const MARK = 'marked-by-the-canary';

describeWith(
  ['chromium', 'caddy', 'nginx', 'newsboat'],
  'at the edge',
  ({ chromium, caddy, nginx, newsboat }) => {
    let node: DemoNode;
    const edges = new Map<string, Edge>();

    beforeAll(async () => {
      node = await createDemoNode({ TAMIZDAT_HTTP_EDGE: 'proxied' });
      const upstream = Number(new URL(node.origin).port);
      edges.set('Caddy', await startCaddyEdge(caddy, upstream));
      edges.set('nginx', await startNginxEdge(nginx, upstream));
    });

    afterAll(async () => {
      for (const edge of edges.values()) {
        await edge.stop();
        edge.remove();
      }
      await node?.close();
    });

    const curtainBefore = (name: string, now?: () => number) => {
      const { freezeBytes, packets, burst, burstWindowMs } = node.config.line;
      return createCurtain({
        target: { host: '127.0.0.1', port: edges.get(name)?.port ?? 0 },
        freezeBytes,
        packets,
        burst: { handshakes: burst, withinMs: burstWindowMs, frozenForMs: 120_000 },
        ...(now === undefined ? {} : { now }),
      });
    };

    it.each(['Caddy', 'nginx'])(
      'front, article, part, section and search load through the curtain, and twenty views trip no burst: %s',
      async (name) => {
        const clock = createManualClock();
        const curtain = await curtainBefore(name, clock.now);
        const browser = await launchChromium(chromium, { mirror: `127.0.0.1:${curtain.port}` });
        try {
          const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
          const read = async (path: string) => {
            clock.advance(1_000);
            const response = await page.goto(`https://${HOST}${path}`, { timeout: 60_000 });
            return { status: response?.status(), text: (await response?.body())?.toString() };
          };
          const paths = [
            '/',
            '/demo-courier/a1102/',
            '/demo-courier/a1102/p2/',
            '/demo-courier/s/reading/',
            '/en/search/',
          ];
          for (const path of paths) {
            const { text } = await node.get(path, { host: HOST, 'accept-encoding': 'br' });
            expect(await read(path)).toMatchObject({ status: 200, text });
          }
          clock.advance(1_000);
          await page.fill('input[name=q]', 'mirror');
          const answered = page.waitForResponse((response) => response.request().method() === 'POST');
          await page.click('main button');
          expect((await answered).status()).toBe(200);
          // Those read already would come out of the browser's own cache.
          const others = node.engine.store.pages
            .allPaths()
            .filter((path) => path.endsWith('/') && !paths.includes(path))
            .slice(0, 20);
          for (const path of others) expect(await read(path)).toMatchObject({ status: 200 });
          const frozen = curtain.connections().filter(({ frozenBy }) => frozenBy !== null);
          expect(frozen).toEqual([]);
          // One connection a page: each was closed after its answer.
          expect(others.length).toBeGreaterThanOrEqual(15);
          expect(curtain.connections().length).toBe(paths.length + 1 + others.length);
        } finally {
          await browser.close();
          await curtain.close();
        }
      },
    );

    it.each(['Caddy', 'nginx'])('a feed reader catches up on a day through the curtain: %s', async (name) => {
      const curtain = await curtainBefore(name);
      try {
        const feed = `https://localhost:${curtain.port}/demo-courier/rss.xml`;
        const published = node.engine.store.lists.newest({ publisherId: 'demo-courier' }, 30);
        expect((await titlesInNewsboat(newsboat, feed)).sort()).toEqual(
          published.map(({ title }) => title).sort(),
        );
        expect(curtain.connections().map(({ frozenBy }) => frozenBy)).toEqual([null]);
      } finally {
        await curtain.close();
      }
    });

    it.each(['Caddy', 'nginx'])(
      'closes, agrees on X25519 without HTTP/3, keeps the head small, and resumes by ticket: %s',
      async (name) => {
        const port = edges.get(name)?.port ?? 0;
        const first = await ask(port, null);
        expect(first.status).toBe(200);
        expect(first.connection).toBe('close');
        expect(first.altSvc).toBe('');
        expect(first.headBytes).toBeLessThanOrEqual(700);
        expect(first.protocol).toBe('TLSv1.3');
        expect(first.group).toBe('X25519');
        const again = await ask(port, first.session);
        expect(again.resumed).toBe(true);
      },
    );

    it.each(['Caddy', 'nginx'])(
      'writes nothing of a reader, also where the node is gone: %s',
      async (name) => {
        const edge = name === 'Caddy' ? await startCaddyEdge(caddy, 9) : await startNginxEdge(nginx, 9);
        try {
          expect((await ask(edge.port, null, `/${MARK}/`)).status).toBe(502);
          await ask(edge.port, null, `/${MARK}/%00`);
          expect(edge.output()).not.toContain(MARK);
          expect(edge.output()).not.toMatch(/remote_(?:ip|addr)|client: /);
        } finally {
          await edge.stop();
          edge.remove();
        }
      },
    );
  },
);

/** One answer on a connection of its own, as a reader makes it. */
function ask(port: number, session: Buffer | null, path = '/') {
  return new Promise<{
    status: number;
    connection: string | undefined;
    altSvc: string;
    headBytes: number;
    protocol: string | null;
    group: string;
    session: Buffer | null;
    resumed: boolean;
  }>((resolve, reject) => {
    let ticket: Buffer | null = null;
    const request = get(
      {
        host: '127.0.0.1',
        port,
        path,
        servername: HOST,
        ca: tlsEc.root,
        agent: false,
        headers: { host: HOST, 'accept-encoding': 'br', 'user-agent': MARK },
        ...(session === null ? {} : { session }),
      },
      (response) => {
        const socket = response.socket as TLSSocket;
        const headBytes =
          `HTTP/1.1 ${response.statusCode} ${response.statusMessage}\r\n\r\n`.length +
          response.rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);
        const { name = '' } = socket.getEphemeralKeyInfo() as { name?: string };
        const [protocol, resumed] = [socket.getProtocol(), socket.isSessionReused()];
        response.resume();
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            connection: response.headers.connection,
            altSvc: String(response.headers['alt-svc'] ?? ''),
            headBytes,
            protocol,
            group: name,
            session: ticket,
            resumed,
          }),
        );
      },
    );
    request.on('socket', (socket: TLSSocket) => {
      socket.on('session', (given: Buffer) => {
        ticket = given;
      });
    });
    request.on('error', reject);
  });
}
