import { connect, createServer, type Socket } from 'node:net';
import { readClientHello } from './client-hello.js';

/**
 * A censor's line on loopback: a TCP relay in front of a server that goes silent as the filters of Russian lines are reported to
 * (net4people/bbs issue 490 and its successors, June 2025 to June 2026). Silent means: no RST, no FIN, nothing more, and the
 * client waits for its own timeout. All bytes of a connection count, the TLS handshake included.
 */
export interface CurtainOptions {
  target: { host: string; port: number };
  /** Bytes from the server after which a connection freezes; 12,288 is the lowest reported. Null: never. */
  freezeBytes: number | null;
  /** Packets both ways after which a connection freezes; about 25 are reported. Null: never. */
  packets: number | null;
  /** So many TLS handshakes to one name within `withinMs` freeze every further one for `frozenForMs`, the last of them included. */
  burst: { handshakes: number; withinMs: number; frozenForMs: number } | null;
  /** Milliseconds; only differences matter. */
  now?: () => number;
}

export interface ConnectionRecord {
  /** The server name of the ClientHello, null on a plain port. */
  name: string | null;
  openedAt: number;
  fromServerBytes: number;
  fromClientBytes: number;
  packets: number;
  frozenBy: 'bytes' | 'packets' | 'burst' | null;
}

export interface Curtain {
  port: number;
  /** Every connection so far, in the order of arrival; the records go on counting. */
  connections(): readonly ConnectionRecord[];
  close(): Promise<void>;
}

/**
 * Payload of a full segment on an Ethernet path without TCP options.
 *
 * A packet is counted for each such stretch of a *flight*: the bytes that one side sends before the other side's next byte.
 * How a flight reaches this relay, in few reads or in many, says only how busy the machine is; on a wire the sender's TCP cuts it.
 * It fills each segment where bytes wait (Nagle, RFC 9293 3.7.4) and where one write follows another at once, as a TLS record does
 * the one before; a sender without Nagle that dawdles between two writes would spend one packet more than is counted here.
 */
const SEGMENT_BYTES = 1_460;

/** SYN, SYN-ACK, ACK. */
const OPENING_PACKETS = 3;

/** A receiver acknowledges every second segment (RFC 9293 3.8.6.3). */
const ACKS_PER_SEGMENT = 0.5;

/** Listens on a free port of 127.0.0.1. */
export async function createCurtain(options: CurtainOptions): Promise<Curtain> {
  const now = options.now ?? Date.now;
  const records: ConnectionRecord[] = [];
  const sockets = new Set<Socket>();
  const isFrozen = createBurstFilter(options.burst, now);

  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    return socket;
  };

  const server = createServer({ allowHalfOpen: true }, (client) => {
    track(client);
    const record: ConnectionRecord = {
      name: null,
      openedAt: now(),
      fromServerBytes: 0,
      fromClientBytes: 0,
      packets: OPENING_PACKETS,
      frozenBy: null,
    };
    records.push(record);
    let first = Buffer.alloc(0);
    const awaitHello = (chunk: Buffer): void => {
      first = Buffer.concat([first, chunk]);
      const hello = readClientHello(first);
      if (hello.kind === 'partial') return;
      client.off('data', awaitHello);
      if (hello.kind === 'hello') record.name = hello.name;
      if (record.name !== null && isFrozen(record.name)) {
        record.frozenBy = 'burst';
        client.resume(); // what the client still says is dropped, and its leaving is noticed
        return;
      }
      const upstream = track(connect({ ...options.target, allowHalfOpen: true }));
      relay(client, upstream, first, record, options);
    };
    client.on('data', awaitHello);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');

  return {
    port: address.port,
    connections: () => records,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Answers, for each handshake as it comes, whether it meets a frozen name. Handshakes on a frozen name do not count again. */
function createBurstFilter(burst: CurtainOptions['burst'], now: () => number): (name: string) => boolean {
  const handshakes = new Map<string, number[]>();
  const frozenUntil = new Map<string, number>();
  return (name) => {
    if (burst === null) return false;
    const at = now();
    if (at < (frozenUntil.get(name) ?? 0)) return true;
    const recent = (handshakes.get(name) ?? []).filter((time) => at - time <= burst.withinMs);
    handshakes.set(name, [...recent, at]);
    if (recent.length + 1 < burst.handshakes) return false;
    frozenUntil.set(name, at + burst.frozenForMs);
    handshakes.delete(name);
    return true;
  };
}

type Limits = Pick<CurtainOptions, 'freezeBytes' | 'packets'>;
type Direction = 'fromServerBytes' | 'fromClientBytes';

/** Carries both directions until a limit is reached; from then on neither side hears of the other again. */
function relay(
  client: Socket,
  upstream: Socket,
  first: Buffer,
  record: ConnectionRecord,
  limits: Limits,
): void {
  let packets = record.packets;
  /** Whose flight it is, and how many of its bytes are under way. */
  let flight: { direction: Direction | null; bytes: number } = { direction: null, bytes: 0 };

  const freeze = (by: 'bytes' | 'packets'): void => {
    record.frozenBy = by;
    upstream.pause();
    client.removeAllListeners('data').resume();
  };

  /** One segment; false where the line has gone silent before it. */
  const passes = (acknowledgments: number): boolean => {
    if (limits.packets !== null && record.packets >= limits.packets) {
      freeze('packets');
      return false;
    }
    packets += 1 + acknowledgments;
    record.packets = Math.floor(packets);
    return true;
  };

  /** Segment by segment, as far as the limits let it: bytes up to the limit still arrive. */
  const carry = (chunk: Buffer, to: Socket, direction: Direction): void => {
    if (flight.direction !== direction) flight = { direction, bytes: 0 };
    for (let at = 0; at < chunk.length && record.frozenBy === null; ) {
      // What an earlier read left of a segment is filled first: that packet is counted already.
      const filled = flight.bytes % SEGMENT_BYTES;
      if (filled === 0 && !passes(ACKS_PER_SEGMENT)) return;
      const segment = chunk.subarray(at, at + SEGMENT_BYTES - filled);
      at += segment.length;
      flight.bytes += segment.length;
      const room =
        direction === 'fromServerBytes' && limits.freezeBytes !== null
          ? limits.freezeBytes - record.fromServerBytes
          : segment.length;
      if (room > 0) to.write(segment.subarray(0, room));
      record[direction] += Math.min(segment.length, Math.max(0, room));
      if (room < segment.length) freeze('bytes');
    }
  };

  const end = (to: Socket): void => {
    if (record.frozenBy === null && passes(0)) to.end();
  };

  client.on('data', (chunk: Buffer) => carry(chunk, upstream, 'fromClientBytes'));
  upstream.on('data', (chunk: Buffer) => carry(chunk, client, 'fromServerBytes'));
  client.on('end', () => end(upstream));
  upstream.on('end', () => end(client));
  client.on('close', () => upstream.destroy());
  upstream.on('close', (hadError) => {
    if (hadError && record.frozenBy === null) client.destroy();
  });
  carry(first, upstream, 'fromClientBytes');
}
