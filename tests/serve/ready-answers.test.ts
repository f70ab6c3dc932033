import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listen } from '../../src/serve/listen.js';
import { endSilentConnections } from '../../src/serve/silent-connections.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, type StandIn, story } from '../sync/stand-in.js';

const PATH = '/stand-in/a1/';
const FEED = '/stand-in/rss.xml';

type Node = Awaited<ReturnType<typeof createTestNode>>;
let site: StandIn;
let direct: Node;
let proxied: Node;
const sockets = new Set<Socket>();

beforeAll(async () => {
  site = await createStandIn([story(1), story(2)]);
  const start = async (edge: string) => {
    const node = await createTestNode({
      publishers: [site.publisher()],
      clock: createManualClock(FIRST_AT + DAY_MS),
      env: { ...site.env, TAMIZDAT_HTTP_EDGE: edge },
    });
    await node.pass();
    return node;
  };
  direct = await start('direct');
  proxied = await start('proxied');
  for (const node of [direct, proxied]) for (const path of [PATH, FEED]) await node.get(path, HOST);
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all([direct.close(), proxied.close(), site.close()]);
});

const HOST = { host: 'mirror.example' };
const get = (path: string, ...lines: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: mirror.example', ...lines, '', ''].join('\r\n');

/** As long as a busy machine may take. */
const PATIENCE = { timeout: 15_000 };
const until = (met: () => boolean) => vi.waitUntil(met, PATIENCE);

interface Talk {
  socket: Socket;
  text(): string;
  ended(): boolean;
}

/** Bytes as they come, each a character. */
function talk(node: Node, request: string): Talk {
  const socket = connect(Number(new URL(node.origin).port), '127.0.0.1');
  sockets.add(socket);
  let text = '';
  let ended = false;
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  socket.on('end', () => {
    ended = true;
  });
  socket.on('error', () => {});
  socket.write(request);
  return { socket, text: () => text, ended: () => ended };
}

interface Message {
  status: number;
  head: string;
  body: string;
}

/** Answers one after another, each of the length it gives. Throws where one is cut short. */
function messagesIn(text: string): Message[] {
  const messages: Message[] = [];
  for (let rest = text; rest !== ''; ) {
    const end = rest.indexOf('\r\n\r\n') + 4;
    const head = rest.slice(0, end);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
    const length =
      status === 304 || status === 100 ? 0 : Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (!(end >= 4 && status > 0 && rest.length >= end + length)) throw new Error(`no whole answer: ${rest}`);
    messages.push({ status, head, body: rest.slice(end, end + length) });
    rest = rest.slice(end + length);
  }
  return messages;
}

async function answers(node: Node, request: string, count: number): Promise<Message[]> {
  const { text } = talk(node, request);
  const whole = (): Message[] | null => {
    try {
      return messagesIn(text());
    } catch {
      return null;
    }
  };
  return vi.waitUntil(() => {
    const messages = whole();
    return messages !== null && messages.length >= count ? messages : null;
  }, PATIENCE);
}

const linesOf = ({ head }: Message) =>
  head
    .split('\r\n')
    .filter((line) => line !== '' && !/^date: /i.test(line))
    .sort();

describe('a page from memory', () => {
  it.each([
    ['direct', PATH, []],
    ['direct', FEED, ['Accept-Encoding: br']],
    ['proxied', PATH, ['Accept-Encoding: gzip, br']],
    ['proxied', FEED, ['Accept-Encoding: gzip']],
  ] as const)('answers as Hono does, header for header: %s %s %s', async (edge, path, lines) => {
    const node = edge === 'direct' ? direct : proxied;
    // A query that trackers append keeps a request out of memory's way.
    const [slow] = await answers(node, get(`${path}?utm_source=x`, ...lines), 1);
    const [fast] = await answers(node, get(path, ...lines), 1);
    if (slow === undefined || fast === undefined) throw new Error('no answer');
    expect(linesOf(fast)).toEqual(linesOf(slow));
    expect(fast.body).toBe(slow.body);
    expect(fast.head).toMatch(/\r\nDate: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\r\n/);

    const etag = /\r\netag: (\S+)/i.exec(fast.head)?.[1] ?? '';
    const asked = [...lines, `If-None-Match: ${etag}`];
    const [slow304] = await answers(node, get(`${path}?utm_source=x`, ...asked), 1);
    const [fast304] = await answers(node, get(path, ...asked), 1);
    if (slow304 === undefined || fast304 === undefined) throw new Error('no answer');
    expect(fast304.status).toBe(304);
    expect(linesOf(fast304)).toEqual(linesOf(slow304));
  });

  it('leaves in one write', async () => {
    const { socket, text, ended } = talk(direct, '');
    let reads = 0;
    socket.on('data', () => {
      reads += 1;
    });
    socket.write(get(PATH, 'Accept-Encoding: br'));
    await until(ended);
    expect(messagesIn(text())).toHaveLength(1);
    expect(reads).toBe(1);
  });

  it('keeps the order of requests sent at once, a search among them', async () => {
    const form = 'q=lighthouse';
    const search = [
      'POST /search/ HTTP/1.1',
      'Host: mirror.example',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${form.length}`,
      '',
      form,
    ].join('\r\n');
    const asked = [get(PATH), search, get(FEED), get('/nothing/'), get(PATH, 'If-None-Match: *'), get(PATH)];
    const messages = await answers(proxied, asked.join(''), asked.length);
    expect(messages.map(({ status }) => status)).toEqual([200, 200, 200, 404, 304, 200]);
    expect(messages[0]?.body).toBe(messages[5]?.body);
    expect(messages[1]?.body).toContain('lighthouse');
    expect(messages[2]?.body).toContain('<rss');
  });

  it('closes after the first of two requests where it faces readers', async () => {
    const { text, ended } = talk(direct, get(PATH) + get(FEED));
    await until(ended);
    expect(messagesIn(text()).map(({ status }) => status)).toEqual([200]);
  });

  it('reaches a reader whole who takes it only when the node has closed', async () => {
    const late = talk(direct, '');
    late.socket.pause();
    late.socket.write(get(PATH));
    // Answered after it.
    await answers(direct, get(FEED), 1);
    expect(late.text()).toBe('');
    late.socket.resume();
    await until(late.ended);
    expect(messagesIn(late.text()).map(({ status }) => status)).toEqual([200]);
  });

  it('closes for a client that wants it, or that speaks HTTP/1.0', async () => {
    for (const request of [
      get(PATH, 'Connection: close'),
      `GET ${PATH} HTTP/1.0\r\nHost: mirror.example\r\n\r\n`,
    ]) {
      const { text, ended } = talk(proxied, request);
      await until(ended);
      const [message] = messagesIn(text());
      expect(message?.head).toMatch(/\r\nconnection: close\r\n/i);
      expect(message?.status).toBe(200);
    }
  });

  it('says 100 Continue to whom waits for it, and passes over a body that nobody asked for', async () => {
    const waiting = await answers(proxied, get(PATH, 'Expect: 100-continue') + get(FEED), 3);
    expect(waiting.map(({ status }) => status)).toEqual([100, 200, 200]);
    const bodied = await answers(proxied, `${get(PATH, 'Content-Length: 5')}12345${get(FEED)}`, 2);
    expect(bodied.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('answers HEAD without a body', async () => {
    const { text, ended } = talk(direct, get(PATH).replace('GET', 'HEAD'));
    await until(ended);
    expect(text()).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n$/);
    expect(text()).toMatch(/\r\ncontent-length: [1-9]/i);
  });

  it('serves a reader who asks two thousand times before reading, and others after one who left', async () => {
    const gone = talk(proxied, get(PATH).repeat(50));
    gone.socket.destroy();
    const greedy = talk(proxied, '');
    greedy.socket.pause();
    greedy.socket.write(get(PATH).repeat(2_000));
    const [other] = await answers(proxied, get(FEED), 1);
    expect(other?.status).toBe(200);
    greedy.socket.resume();
    const [one] = await answers(proxied, get(PATH), 1);
    const bytes = (one?.head.length ?? 0) + (one?.body.length ?? 0);
    await until(() => greedy.text().length === 2_000 * bytes);
    expect(messagesIn(greedy.text()).every(({ status, body }) => status === 200 && body === one?.body)).toBe(
      true,
    );
  });
});

describe('connections on which nothing moves', () => {
  it('are ended, and the others are not', async () => {
    const { createServer } = await import('node:http');
    const server = createServer({ keepAliveTimeout: 0 }, (_request, response) => response.end('here'));
    const stop = endSilentConnections(server, 100);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const open = () => {
      const socket = connect(port, '127.0.0.1');
      sockets.add(socket);
      socket.on('error', () => {});
      return socket;
    };
    const silent = open();
    const busy = open();
    let closed = false;
    silent.on('close', () => {
      closed = true;
    });
    busy.on('data', () => busy.write('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n'));
    for (const socket of [silent, busy]) socket.write('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n');
    silent.resume();
    await until(() => closed);
    expect(busy.destroyed).toBe(false);
    stop();
    server.closeAllConnections();
    server.close();
  });

  it('do not keep a node from closing', async () => {
    const server = await listen({ fetch: () => new Response('here') }, { host: '127.0.0.1', port: 0 });
    const socket = connect(server.port, '127.0.0.1');
    sockets.add(socket);
    await once(socket, 'connect');
    const ended = once(socket, 'close');
    await server.close(100);
    await ended;
  });
});
