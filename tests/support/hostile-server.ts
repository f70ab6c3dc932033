import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

/** What a path does with a request that came for it. */
export type Behavior = (request: IncomingMessage, response: ServerResponse) => void;

export interface HostileServer {
  readonly address: string;
  readonly port: number;
  /** `address:port`, as `fetch.allow` takes it. */
  readonly pair: string;
  /** Requests seen so far, in order. */
  readonly requests: readonly SeenRequest[];
  /** URL of a path under the server's address, or under `host` with the server's port. */
  url(path: string, host?: string): string;
  /** Puts a behavior at a path, in place of an earlier one. Paths without one answer 404. */
  on(path: string, behavior: Behavior): void;
  /** What a path does now. */
  behavior(path: string): Behavior;
  close(): Promise<void>;
}

export interface SeenRequest {
  path: string;
  headers: IncomingMessage['headers'];
}

export interface HostileServerOptions {
  /** An address of 127.0.0.0/8. */
  address?: string;
  /** Serves https with these certificates of tests/fixtures/tls, in this order; the key is always `leaf.key`. */
  certificates?: readonly string[];
}

/** Text of a file in tests/fixtures/tls. */
export function tlsFixture(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url)), 'utf8');
}

/** A server on loopback whose every path behaves as told. */
export async function startHostileServer(
  behaviors: Readonly<Record<string, Behavior>> = {},
  options: HostileServerOptions = {},
): Promise<HostileServer> {
  const address = options.address ?? '127.0.0.1';
  const paths = new Map(Object.entries(behaviors));
  const requests: SeenRequest[] = [];
  const answer: Behavior = (request, response) => {
    const path = request.url ?? '/';
    requests.push({ path, headers: request.headers });
    (paths.get(path) ?? status(404))(request, response);
  };
  const server: Server =
    options.certificates === undefined
      ? createServer(answer)
      : createTlsServer(
          { key: tlsFixture('leaf.key'), cert: options.certificates.map(tlsFixture).join('') },
          answer,
        );
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  const scheme = options.certificates === undefined ? 'http' : 'https';
  return {
    address,
    port,
    pair: `${address}:${port}`,
    requests,
    url: (path, host = address) => `${scheme}://${host}:${port}${path}`,
    on: (path, behavior) => void paths.set(path, behavior),
    behavior: (path) => paths.get(path) ?? status(404),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

export interface Canary {
  readonly address: string;
  readonly port: number;
  /** Connections that were opened to it. Must stay 0. */
  touches(): number;
  close(): Promise<void>;
}

/** A server that must never be connected to: it stands for whatever lives in a private network. */
export async function startCanary(address = '127.0.0.2', port = 0): Promise<Canary> {
  let touches = 0;
  const server = createTcpServer((socket) => {
    touches += 1;
    socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\na secret that must stay where it is');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, address, resolve);
  });
  return {
    address,
    port: (server.address() as AddressInfo).port,
    touches: () => touches,
    close: async () => void (await new Promise((resolve) => server.close(resolve))),
  };
}

/** A short feed of our own, long enough to be one. */
export const SMALL_FEED =
  '<?xml version="1.0"?><rss version="2.0"><channel><title>Small</title><item><title>One</title><guid>1</guid></item></channel></rss>';

/** An article page with enough prose to be one. */
export const ARTICLE_PAGE = `<!doctype html><html><head><title>On bridges</title></head><body><article><h1>On bridges</h1>${'<p>A bridge is looked after by people who seldom cross it, and crossed by people who seldom look at it.</p>'.repeat(20)}</article></body></html>`;

export function send(
  body: string | Uint8Array,
  headers: Record<string, string | number> = {},
  statusCode = 200,
): Behavior {
  return (_request, response) => {
    response.writeHead(statusCode, { 'content-length': Buffer.byteLength(body), ...headers });
    response.end(body);
  };
}

export function status(code: number, headers: Record<string, string> = {}, body = ''): Behavior {
  return send(body, headers, code);
}

export function redirect(code: number, location: string): Behavior {
  return status(code, { location });
}

/** Answers 304 when the validators match, else the body with both of them. */
export function conditional(body: string, etag: string, lastModified: string): Behavior {
  return (request, response) => {
    const matches =
      request.headers['if-none-match'] === etag || request.headers['if-modified-since'] === lastModified;
    const answer = matches ? status(304, { etag }) : send(body, { etag, 'last-modified': lastModified });
    answer(request, response);
  };
}

export type Coding = 'gzip' | 'br' | 'deflate' | 'raw-deflate';

const ENCODE: Readonly<Record<Coding, (body: string) => Buffer>> = {
  gzip: (body) => gzipSync(body),
  br: (body) => brotliCompressSync(body),
  deflate: (body) => deflateSync(body),
  'raw-deflate': (body) => deflateRawSync(body),
};

/** The body compressed; `keep` leaves only that share of the bytes, the end cut off. */
export function encoded(body: string, coding: Coding, keep = 1): Behavior {
  const bytes = ENCODE[coding](body);
  const kept = bytes.subarray(0, Math.floor(bytes.length * keep));
  return send(kept, { 'content-encoding': coding === 'raw-deflate' ? 'deflate' : coding });
}

/** A body that unpacks to a thousand times its size: `megabytes` of zeros, each a member of the gzip file (RFC 1952, 2.2). */
export function gzipBomb(megabytes: number): Behavior {
  const member = gzipSync(Buffer.alloc(1_000_000), { level: 9 });
  const bomb = Buffer.concat(Array.from({ length: megabytes }, () => member));
  return send(bomb, { 'content-encoding': 'gzip', 'content-type': 'text/xml' });
}

/** Writes for ever, as fast as it is read. `onWritten` hears of the bytes handed over so far. */
export function endless(onWritten: (bytes: number) => void = () => {}): Behavior {
  return (_request, response) => {
    const chunk = Buffer.alloc(65_536, 'a');
    let written = 0;
    const more = () => {
      while (!response.destroyed) {
        written += chunk.length;
        onWritten(written);
        if (!response.write(chunk)) return;
      }
    };
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.on('drain', more);
    more();
  };
}

/** One byte each `everyMs`, for ever: of the body, or of the headers themselves. */
export function drip(everyMs: number, of: 'body' | 'headers' = 'body'): Behavior {
  return (request) => {
    const { socket } = request;
    socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n${of === 'body' ? '\r\n' : 'X-Slow: '}`);
    const timer = setInterval(() => socket.write('x'), everyMs);
    socket.on('close', () => clearInterval(timer)).on('error', () => {});
  };
}

/** Says nothing at all. */
export function silence(): Behavior {
  return (request) => void request.socket.on('error', () => {});
}

/** Resets the connection: at once, or after these bytes of a longer body. */
export function reset(after: string | null = null): Behavior {
  return (request, response) => {
    if (after === null) {
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(200, { 'content-length': after.length + 10_000 });
    // A moment later, so that the bytes have left before the reset overtakes them.
    response.write(after, () => void setTimeout(() => request.socket.resetAndDestroy(), 20));
  };
}

/** Says one length and sends another body, then closes. */
export function wrongLength(announced: number, body: string): Behavior {
  return raw(`HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: ${announced}\r\n\r\n${body}`);
}

/** Sends these very bytes and closes. */
export function raw(bytes: string): Behavior {
  return (request) => {
    const socket: Socket = request.socket;
    socket.end(bytes);
  };
}
