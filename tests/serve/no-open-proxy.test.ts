import { createServer as createHttpServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../support/manual-clock.js';
import { rawAsk } from '../support/raw-ask.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, type StandIn, story } from '../sync/stand-in.js';

const CANARY = '127.0.0.3';

let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;
let canary: Server;
let touches = 0;
let at = '';

beforeAll(async () => {
  site = await createStandIn([story(1)]);
  node = await createTestNode({
    publishers: [site.publisher()],
    clock: createManualClock(FIRST_AT + DAY_MS),
    env: site.env,
  });
  await node.pass();
  canary = createHttpServer((_, response) => response.end('the canary sings'));
  canary.on('connection', () => {
    touches += 1;
  });
  await new Promise<void>((resolve) => canary.listen(0, CANARY, resolve));
  const address = canary.address();
  at = `${CANARY}:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(async () => {
  await node.close();
  await site.close();
  await new Promise((resolve) => canary.close(resolve));
});

const requests = (): [string, string][] => {
  const host = `Host: ${at}\r\n`;
  const end = 'Connection: close\r\n\r\n';
  const encoded = encodeURIComponent(`http://${at}/`);
  return [
    ['an absolute address', `GET http://${at}/ HTTP/1.1\r\n${host}${end}`],
    ['an absolute https address', `GET https://${at}/ HTTP/1.1\r\n${host}${end}`],
    ['an absolute address under our name', `GET http://${at}/stand-in/a1/ HTTP/1.1\r\nHost: us\r\n${end}`],
    ['CONNECT', `CONNECT ${at} HTTP/1.1\r\n${host}\r\n`],
    ['CONNECT with bytes behind it', `CONNECT ${at} HTTP/1.1\r\n${host}\r\nGET / HTTP/1.1\r\n${host}\r\n`],
    ['two slashes', `GET //${at}/ HTTP/1.1\r\n${host}${end}`],
    ['two slashes under a publisher', `GET /stand-in//${at}/ HTTP/1.1\r\n${host}${end}`],
    ['a backslash', `GET /\\${at}/ HTTP/1.1\r\n${host}${end}`],
    ['an address in the path', `GET /http://${at}/ HTTP/1.1\r\n${host}${end}`],
    ['an address under a publisher', `GET /stand-in/http://${at}/ HTTP/1.1\r\n${host}${end}`],
    ['an address in the query', `GET /?url=${encoded} HTTP/1.1\r\n${host}${end}`],
    ['an at sign', `GET /@${at}/ HTTP/1.1\r\n${host}${end}`],
    [
      'a Host of its own',
      `GET / HTTP/1.1\r\n${host}X-Forwarded-Host: ${at}\r\nForwarded: host=${at}\r\n${end}`,
    ],
    ['POST to it', `POST http://${at}/search/ HTTP/1.1\r\n${host}Content-Length: 3\r\n${end}q=a`],
    [
      'a search for it',
      `POST /search/ HTTP/1.1\r\n${host}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${encoded.length + 2}\r\n${end}q=${encoded}`,
    ],
    ['OPTIONS', `OPTIONS http://${at}/ HTTP/1.1\r\n${host}${end}`],
    ['a picture of it', `GET /media/http://${at}/p.avif HTTP/1.1\r\n${host}${end}`],
    ['an upgrade', `GET http://${at}/ HTTP/1.1\r\n${host}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n`],
    ['SOCKS5', '\x05\x01\x00'],
  ];
};

describe('nobody makes the node fetch', () => {
  it('with any request that a proxy would follow', async () => {
    const port = Number(new URL(node.origin).port);
    const asked = site.server.requests.length;
    for (const [title, bytes] of requests()) {
      const { text } = await rawAsk(port, bytes, 60, 2_000);
      expect(text, title).not.toContain('the canary sings');
      // No redirect leads out of the tree either.
      const [, location = '/'] = /\r\nLocation: ([^\r]*)/i.exec(text) ?? [];
      expect(location, title).toMatch(/^\/(?![/\\])/);
      if (/^(?:CONNECT|OPTIONS)/.test(bytes)) expect(text, title).not.toMatch(/^HTTP\/1\.1 2/);
    }
    expect([touches, site.server.requests.length]).toEqual([0, asked]);
    // The canary itself is alive.
    expect(await (await fetch(`http://${at}/`)).text()).toBe('the canary sings');
  });
});
