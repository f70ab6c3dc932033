import { createServer as createHttpServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export interface TestProxy {
  /** `http://127.0.0.1:port` or `socks5://127.0.0.1:port`. */
  readonly url: string;
  /** `name:port` of every request that reached it, just as the client wrote it. */
  readonly targets: readonly string[];
  close(): Promise<void>;
}

export interface TestProxyOptions {
  /** Where a name leads: the proxy's own resolver. A name that is not here is refused. */
  names: Readonly<Record<string, { address: string; port: number }>>;
  /** `user:password` that has to be given. */
  account?: string;
}

/** A small HTTP proxy: CONNECT, and plain http in absolute form. */
export async function startHttpProxy(options: TestProxyOptions): Promise<TestProxy> {
  const targets: string[] = [];
  const wanted =
    options.account === undefined ? undefined : `Basic ${Buffer.from(options.account).toString('base64')}`;
  const server = createHttpServer((request, response) => {
    const url = new URL(request.url ?? '');
    targets.push(`${url.hostname}:${url.port || 80}`);
    const place = options.names[url.hostname];
    if (request.headers['proxy-authorization'] !== wanted) response.writeHead(407).end();
    else if (place === undefined) response.writeHead(502).end();
    else {
      const { 'proxy-authorization': _, ...headers } = request.headers;
      const onward = { host: place.address, port: place.port, path: url.pathname + url.search, headers };
      httpRequest(onward, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      })
        .on('error', () => response.destroy())
        .end();
    }
  });
  server.on('connect', (request, socket: Socket) => {
    targets.push(request.url ?? '');
    const place = options.names[(request.url ?? '').replace(/:\d+$/, '')];
    if (request.headers['proxy-authorization'] !== wanted) socket.end('HTTP/1.1 407 No\r\n\r\n');
    else if (place === undefined) socket.end('HTTP/1.1 502 No\r\n\r\n');
    else joinTo(socket, place, 'HTTP/1.1 200 OK\r\n\r\n');
  });
  return listen(server, 'http', targets);
}

/** A small SOCKS5 proxy (RFC 1928, RFC 1929) that writes down names and addresses alike. */
export async function startSocks5Proxy(options: TestProxyOptions): Promise<TestProxy> {
  const targets: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    void serveSocks(socket, options, targets).catch(() => socket.destroy());
  });
  return listen(server, 'socks5', targets);
}

async function serveSocks(socket: Socket, options: TestProxyOptions, targets: string[]): Promise<void> {
  const bytes = reader(socket);
  const [, methods = 0] = await bytes(2);
  const offered = await bytes(methods);
  const method = options.account === undefined ? 0 : 2;
  if (!offered.includes(method)) {
    socket.end(Buffer.from([5, 0xff]));
    return;
  }
  socket.write(Buffer.from([5, method]));
  if (method === 2) {
    const user = await bytes((await bytes(2))[1] ?? 0);
    const password = await bytes((await bytes(1))[0] ?? 0);
    const isRight = `${user}:${password}` === options.account;
    socket.write(Buffer.from([1, isRight ? 0 : 1]));
    if (!isRight) return;
  }
  const type = (await bytes(4))[3];
  const host =
    type === 3 ? (await bytes((await bytes(1))[0] ?? 0)).toString('latin1') : [...(await bytes(4))].join('.');
  targets.push(`${host}:${(await bytes(2)).readUInt16BE()}`);
  const place = options.names[host];
  const reply = Buffer.from([5, place === undefined ? 4 : 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  if (place === undefined) socket.end(reply);
  else joinTo(socket, place, reply);
}

function joinTo(socket: Socket, place: { address: string; port: number }, hello: string | Buffer): void {
  const onward = connect(place.port, place.address, () => {
    socket.write(hello);
    socket.pipe(onward).pipe(socket);
  });
  onward.on('error', () => socket.destroy());
  socket.on('error', () => onward.destroy());
}

function reader(socket: Socket): (count: number) => Promise<Buffer> {
  return async (count) => {
    for (;;) {
      const chunk: Buffer | null = count === 0 ? Buffer.alloc(0) : socket.read(count);
      if (chunk !== null) return chunk;
      await new Promise<void>((resolve, reject) => {
        socket.once('readable', resolve).once('close', () => reject(new Error('closed')));
      });
    }
  };
}

async function listen(server: Server, scheme: string, targets: string[]): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    targets,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
