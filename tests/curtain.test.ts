import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer, get as getPlain } from 'node:http';
import { Agent, createServer as createHttpsServer, get, type RequestOptions } from 'node:https';
import {
  type AddressInfo,
  connect as connectPlain,
  createServer as createPlainServer,
  type Server,
  type Socket,
} from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Curtain, type CurtainOptions, createCurtain } from './support/curtain.js';
import { createManualClock } from './support/manual-clock.js';
import { tlsEc } from './support/tls-ec.js';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close();
});

/** A server that answers `/<n>` with n bytes that no compression shrinks. */
async function bytesServer(secure = true): Promise<AddressInfo> {
  const answer: Parameters<typeof createHttpServer>[1] = (request, response) => {
    const body = randomBytes(Number(request.url?.slice(1)));
    response.writeHead(200, { 'content-length': body.length }).end(body);
  };
  const tls = { key: tlsEc.key, cert: tlsEc.chain, ecdhCurve: 'X25519', minVersion: 'TLSv1.3' } as const;
  const server: Server & { closeAllConnections(): void } = secure
    ? createHttpsServer(tls, answer)
    : createHttpServer({}, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address() as AddressInfo;
}

/** Sends `bytes` in writes of `each`, a turn of the event loop apart, to whoever asks, and closes. */
async function dribblingServer(bytes: number, each: number): Promise<AddressInfo> {
  return plainServer((socket) => {
    socket.once('data', () => {
      let left = bytes;
      const next = () => {
        socket.write(Buffer.alloc(Math.min(each, left)));
        left -= each;
        if (left > 0) setImmediate(next);
        else socket.end();
      };
      next();
    });
  });
}

const echoServer = () => plainServer((socket) => socket.pipe(socket));

async function plainServer(onConnection: (socket: Socket) => void): Promise<AddressInfo> {
  const server = createPlainServer({ noDelay: true }, onConnection);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => server.close());
  return server.address() as AddressInfo;
}

/** How many bytes come before the end. */
async function drained(curtain: Curtain, request: string): Promise<number> {
  const socket = connectPlain(curtain.port, '127.0.0.1');
  cleanUp.push(() => socket.destroy());
  socket.write(request);
  let bytes = 0;
  for await (const chunk of socket) bytes += (chunk as Buffer).length;
  return bytes;
}

async function curtainTo({ port }: AddressInfo, limits: Partial<CurtainOptions>): Promise<Curtain> {
  const target = { host: '127.0.0.1', port };
  const curtain = await createCurtain({ target, freezeBytes: null, packets: null, burst: null, ...limits });
  cleanUp.push(() => curtain.close());
  return curtain;
}

interface Page {
  received: number;
  state: 'waiting' | 'whole' | 'broken';
}

/** A page view whose state can be watched, since a frozen one never ends. */
function view(curtain: Curtain, bytes: number, options: RequestOptions = {}): Page {
  const page: Page = { received: 0, state: 'waiting' };
  const fail = () => {
    page.state = 'broken';
  };
  const request = get(
    `https://127.0.0.1:${curtain.port}/${bytes}`,
    { ca: tlsEc.root, servername: 'mirror-a.test', agent: false, ...options },
    (response) => {
      response.on('data', (chunk: Buffer) => {
        page.received += chunk.length;
      });
      response.on('end', () => {
        page.state = 'whole';
      });
      response.on('error', fail);
    },
  );
  request.on('error', fail);
  cleanUp.push(() => request.destroy());
  return page;
}

/** As long as a busy machine may take. */
const PATIENCE = { timeout: 30_000 };
const untilWhole = (page: Page) => vi.waitUntil(() => page.state !== 'waiting', PATIENCE);
const untilFrozen = (curtain: Curtain, index = 0) =>
  vi.waitUntil(() => curtain.connections()[index]?.frozenBy, PATIENCE);

describe('the curtain', () => {
  it('lets 8,192 bytes pass over TLS 1.3 with an ECDSA chain, handshake and 25 packets counted', async () => {
    const curtain = await curtainTo(await bytesServer(), { freezeBytes: 12_288, packets: 25 });
    const page = view(curtain, 8_192);
    await untilWhole(page);
    expect(page).toEqual({ received: 8_192, state: 'whole' });
    const [record] = curtain.connections();
    expect(record).toMatchObject({ name: 'mirror-a.test', frozenBy: null });
    expect(record?.fromServerBytes).toBeGreaterThan(8_192 + 2_500);
    expect(record?.fromServerBytes).toBeLessThan(12_288);
  });

  it('freezes an answer of 13,000 bytes without a word', async () => {
    const curtain = await curtainTo(await bytesServer(), { freezeBytes: 12_288 });
    const page = view(curtain, 13_000);
    expect(await untilFrozen(curtain)).toBe('bytes');
    expect(curtain.connections()[0]?.fromServerBytes).toBe(12_288);
    expect(page.state).toBe('waiting');
    expect(page.received).toBeLessThan(13_000);
  });

  it('freezes the second page on a kept-alive connection, and lets it pass on a new one', async () => {
    const curtain = await curtainTo(await bytesServer(), { freezeBytes: 12_288 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    cleanUp.push(() => agent.destroy());
    const first = view(curtain, 8_192, { agent });
    await untilWhole(first);
    const second = view(curtain, 8_192, { agent });
    expect(await untilFrozen(curtain)).toBe('bytes');
    expect([first.state, second.state]).toEqual(['whole', 'waiting']);

    const afresh = view(curtain, 8_192);
    await untilWhole(afresh);
    expect(afresh.state).toBe('whole');
    expect(curtain.connections()).toHaveLength(2);
  });

  it('freezes after 25 packets, whatever the bytes', async () => {
    const curtain = await curtainTo(await bytesServer(), { packets: 25 });
    const page = view(curtain, 30_000);
    expect(await untilFrozen(curtain)).toBe('packets');
    expect(curtain.connections()[0]?.packets).toBeGreaterThanOrEqual(25);
    expect(page.state).toBe('waiting');
  });

  it('counts the packets of a wire, not the reads that a busy machine cuts a flight into', async () => {
    const { port } = await dribblingServer(8_760, 100);
    const curtain = await curtainTo({ port } as AddressInfo, { packets: 25 });
    const page = await drained(curtain, 'GET / HTTP/1.1\r\n\r\n');
    expect(page).toBe(8_760);
    // SYN, SYN-ACK, ACK; the request with half an acknowledgment; six full segments with three; FIN both ways.
    const counted = Math.floor(3 + 1.5 + 9 + 2);
    await vi.waitUntil(() => curtain.connections()[0]?.packets === counted, PATIENCE);
    expect(curtain.connections()[0]?.frozenBy).toBe(null);
  });

  it('counts each answer of a conversation by itself', async () => {
    const { port } = await echoServer();
    const curtain = await curtainTo({ port } as AddressInfo, { packets: 25 });
    const socket = connectPlain(curtain.port, '127.0.0.1');
    cleanUp.push(() => socket.destroy());
    let answers = 0;
    socket.on('data', () => {
      answers += 1;
      socket.write('one more');
    });
    socket.write('one more');
    expect(await untilFrozen(curtain)).toBe('packets');
    // Each of the 22 packets past the three of the opening carries a word or acknowledges two of them.
    expect(answers).toBeLessThan(10);
  });

  it('freezes a plain port as well, and keeps what came before', async () => {
    const curtain = await curtainTo(await bytesServer(false), { freezeBytes: 12_288 });
    let received = 0;
    const request = getPlain(`http://127.0.0.1:${curtain.port}/40000`, (response) => {
      response.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      response.on('error', () => {});
    });
    request.on('error', () => {});
    cleanUp.push(() => request.destroy());
    expect(await untilFrozen(curtain)).toBe('bytes');
    await vi.waitUntil(() => received > 11_000, PATIENCE);
    expect(received).toBeLessThan(12_288);
    expect(curtain.connections()[0]?.name).toBe(null);
  });

  it('carries anything where no limit is set', async () => {
    const curtain = await curtainTo(await bytesServer(), {});
    const page = view(curtain, 200_000);
    await untilWhole(page);
    expect(page).toEqual({ received: 200_000, state: 'whole' });
  });

  it('tells the client when the server is not there', async () => {
    const address = await bytesServer();
    for (const close of cleanUp.splice(0)) await close();
    const page = view(await curtainTo(address, { freezeBytes: 12_288 }), 100);
    await untilWhole(page);
    expect(page.state).toBe('broken');
  });
});

describe('the curtain against bursts', () => {
  const burst = { handshakes: 4, withinMs: 400, frozenForMs: 120_000 };

  /** Opens connections one by one, so many milliseconds apart, and says which got through their handshake. */
  async function handshakes(
    curtain: Curtain,
    names: readonly string[],
    apart: () => void,
  ): Promise<boolean[]> {
    const opened: boolean[] = [];
    for (const servername of names) {
      const before = curtain.connections().length;
      const socket: TLSSocket = connect({
        port: curtain.port,
        host: '127.0.0.1',
        ca: tlsEc.root,
        servername,
      });
      socket.on('error', () => {});
      cleanUp.push(() => socket.destroy());
      let secure = false;
      socket.on('secureConnect', () => {
        secure = true;
      });
      await vi.waitUntil(() => secure || curtain.connections()[before]?.frozenBy === 'burst', PATIENCE);
      opened.push(secure);
      apart();
    }
    return opened;
  }

  const four = (name: string): string[] => Array.from({ length: 4 }, () => name);

  it('freezes a name at its fourth handshake within 400 ms, for two minutes, and no other name', async () => {
    const clock = createManualClock();
    const curtain = await curtainTo(await bytesServer(), { burst, now: clock.now });
    const step = () => clock.advance(100);
    expect(await handshakes(curtain, four('mirror-a.test'), step)).toEqual([true, true, true, false]);
    expect(await handshakes(curtain, ['mirror-a.test', 'mirror-b.test'], step)).toEqual([false, true]);
    clock.advance(119_000);
    expect(await handshakes(curtain, ['mirror-a.test'], step)).toEqual([false]);
    clock.advance(1_000);
    expect(await handshakes(curtain, ['mirror-a.test'], step)).toEqual([true]);
  });

  it('lets handshakes pass that come one after another', async () => {
    const clock = createManualClock();
    const curtain = await curtainTo(await bytesServer(), { burst, now: clock.now });
    const opened = await handshakes(
      curtain,
      Array.from({ length: 20 }, () => 'mirror-a.test'),
      () => clock.advance(140),
    );
    expect(opened.every(Boolean)).toBe(true);
  });

  it('lets three at once pass, and four to different names', async () => {
    const clock = createManualClock();
    const curtain = await curtainTo(await bytesServer(), { burst, now: clock.now });
    const names = [
      'mirror-a.test',
      'mirror-b.test',
      'mirror-a.test',
      'mirror-b.test',
      'localhost',
      'mirror-a.test',
    ];
    expect(await handshakes(curtain, names, () => {})).toEqual(names.map(() => true));
  });
});
