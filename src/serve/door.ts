import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { watchConnections } from './connections.js';
import { createHidden } from './hidden.js';
import type { Places } from './places.js';
import { atLeast, type ThriftGauge } from './thrift.js';

/** Stands between a server's socket and the app: who is let in at all, and at what pace. */
export interface Door {
  /** Takes its place at a server that does not listen yet; the function it gives back ends its watch. */
  attach(server: Server): () => void;
  /** True where it answered itself. */
  answers(incoming: IncomingMessage, outgoing: ServerResponse): boolean;
}

export interface DoorDeps {
  places: Places;
  thrift: ThriftGauge;
  /** Takes one request from what a second may hold; false where nothing is left of it. */
  takeRequest: () => boolean;
  /** The page that says when the mirror goes on, packed as the reader takes it. */
  resting: (incoming: IncomingMessage) => { body: Uint8Array; headers: Record<string, string> };
  /** Milliseconds since the epoch. */
  now: () => number;
  mostConnections: number;
  onBytes: (bytes: number) => void;
  /** Hears of each answer that the door gave itself, by status. */
  onAnswer: (status: number) => void;
}

/** As patient as nginx is with a head, a body and the next request, so that its patience tells nobody what it is. */
const QUIET_PATIENCE_MS = { head: 60_000, keepAlive: 75_000 };

export function createDoor(deps: DoorDeps): Door {
  const { places, thrift, now, onAnswer } = deps;
  const hidden = createHidden(places, now);

  const say = (
    outgoing: ServerResponse,
    status: number,
    body: Uint8Array | string,
    headers: object,
  ): void => {
    onAnswer(status);
    outgoing.writeHead(status, {
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'no-store',
      Connection: 'close',
      ...headers,
    });
    outgoing.end(body);
  };

  function answers(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
    if (places.isQuiet()) {
      const status = hidden.answer(incoming, outgoing);
      if (status !== null) {
        onAnswer(status);
        return true;
      }
    }
    const level = thrift.now();
    if (level === 'silent') {
      incoming.socket.destroy();
      return true;
    }
    if (!deps.takeRequest()) {
      say(outgoing, 503, incoming.method === 'HEAD' ? '' : 'Busy. Try again in a second.\n', {
        'Content-Type': 'text/plain; charset=utf-8',
        'Retry-After': '1',
      });
      return true;
    }
    if (!atLeast(level, 'page-only')) return false;
    const page = deps.resting(incoming);
    say(outgoing, 503, incoming.method === 'HEAD' ? '' : page.body, {
      ...page.headers,
      'Retry-After': Math.ceil((thrift.resumesAt() - now()) / 1_000),
    });
    return true;
  }

  function attach(server: Server): () => void {
    if (places.isQuiet()) {
      server.headersTimeout = QUIET_PATIENCE_MS.head;
      server.requestTimeout = QUIET_PATIENCE_MS.head;
      server.keepAliveTimeout = QUIET_PATIENCE_MS.keepAlive;
    }
    const secure = server instanceof TlsServer;
    server.on('connection', (socket: Socket) => {
      if (thrift.now() === 'silent') socket.destroy();
      else if (!secure && places.isQuiet()) hidden.watchFirstLine(socket);
    });
    server.on('secureConnection', (socket: Socket) => {
      if (places.isQuiet()) hidden.watchFirstLine(socket);
    });
    // Where nobody listens to these, Node answers them in words of its own.
    const asRequest = (incoming: IncomingMessage, outgoing: ServerResponse) =>
      server.emit('request', incoming, outgoing);
    server.on('checkExpectation', asRequest);
    server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
      if (!places.isQuiet() || places.locate(incoming.url ?? '') !== null) outgoing.writeContinue();
      asRequest(incoming, outgoing);
    });
    server.on('connect', (incoming: IncomingMessage, socket: Socket) =>
      hidden.refused({ kind: 'request', incoming }, socket),
    );
    server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Socket) =>
      hidden.refused({ kind: 'broken', code: error.code ?? '', packet: error.rawPacket }, socket),
    );
    return watchConnections(server, { most: deps.mostConnections, onBytes: deps.onBytes });
  }

  return { attach, answers };
}
