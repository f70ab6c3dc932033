import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Tree } from './test-desk.js';

/** What a mirror answers in place of a file; null leaves the file as it is. */
export type Twist = (path: string, bytes: Buffer | null) => Reply | null;

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: Buffer | string;
  /** Sends so many bytes of the body, and then nothing more. */
  stallAfter?: number;
  endless?: boolean;
}

export interface MirrorServer {
  readonly url: string;
  readonly pair: string;
  readonly port: number;
  /** Paths asked for so far, and the bytes of bodies sent. */
  readonly asked: string[];
  sentBytes(): number;
  /** Hears of each body sent, piece by piece. */
  onSent(hear: ((path: string, bytes: number) => void) | null): void;
  serve(tree: Tree): void;
  twist(twist: Twist | null): void;
  close(): Promise<void>;
}

/** A mirror of a signed tree on loopback, with tags, pieces and gzip, that a test can turn into any liar. */
export async function startMirror(tree: Tree): Promise<MirrorServer> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let [served, twist, sent] = [tree, null as Twist | null, 0];
  let hear: ((path: string, bytes: number) => void) | null = null;
  const count = (path: string, bytes: number): void => {
    sent += bytes;
    hear?.(path, bytes);
  };
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').slice(1));
    asked.push(path);
    const bytes = served.get(path) ?? null;
    const reply = twist?.(path, bytes) ?? null;
    const body = Buffer.from(reply?.body ?? bytes ?? '');
    const status = reply?.status ?? (bytes === null && reply?.body === undefined ? 404 : 200);
    const tag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
    if (status !== 200) {
      response.writeHead(status, { 'content-length': body.length, ...reply?.headers }).end(body);
      return;
    }
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304, { etag: tag }).end();
      return;
    }
    if (reply?.endless === true) {
      response.writeHead(200, { ...reply.headers });
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 0x61)));
      };
      response.on('drain', more);
      more();
      return;
    }
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(String(request.headers.range ?? '')) ?? [];
    if (first !== undefined && body.length > 8_192) {
      const part = body.subarray(Number(first), Number(last) + 1);
      count(path, part.length);
      response
        .writeHead(206, {
          etag: tag,
          'content-range': `bytes ${first}-${Number(first) + part.length - 1}/${body.length}`,
          'content-length': part.length,
        })
        .end(part);
      return;
    }
    const pack =
      String(request.headers['accept-encoding']).includes('gzip') && !path.endsWith('.gz') && reply === null;
    const wire = pack ? gzipSync(body) : body;
    const length = { 'content-length': wire.length };
    count(path, wire.length);
    response.writeHead(200, {
      etag: tag,
      ...length,
      ...(pack ? { 'content-encoding': 'gzip' } : {}),
      ...reply?.headers,
    });
    if (reply?.stallAfter === undefined) response.end(wire);
    else response.write(wire.subarray(0, reply.stallAfter));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    pair: `127.0.0.1:${port}`,
    port,
    asked,
    sentBytes: () => sent,
    onSent: (next) => {
      hear = next;
    },
    serve: (next) => {
      served = next;
    },
    twist: (next) => {
      twist = next;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
