import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** Connections open at the same time; further ones are closed at once. */
  most: number;
  /** Hears of bytes as they were written to the wire: heads, TLS records and handshakes included. */
  onBytes: (bytes: number) => void;
  /** How long an answer may wait for its reader, before the time that what is left of it takes at the least rate. */
  graceMs?: number;
  sweepMs?: number;
}

const SWEEP_MS = 5_000;
const GRACE_MS = 30_000;
/** A line of 1 kB/s is slow but alive. */
const LEAST_BYTES_PER_SECOND = 1_000;

/**
 * Watches the connections of a server: counts what goes out on them, and closes those whose reader takes nothing, so that a few
 * of them cannot hold the node's memory. What it knows of a connection goes with it.
 */
export function watchConnections(
  server: Server,
  { most, onBytes, graceMs = GRACE_MS, sweepMs = SWEEP_MS }: ConnectionLimits,
): () => void {
  server.maxConnections = most;
  /** Bytes already told, by the TCP socket: under TLS it counts the records, not what they hold. */
  const told = new Map<Socket, number>();
  /** Since when bytes have been waiting. Under TLS they wait in the TLS socket. */
  const waiting = new Map<Socket, number | null>();

  function tell(socket: Socket): void {
    const written = socket.bytesWritten;
    const before = told.get(socket) ?? 0;
    if (written > before) onBytes(written - before);
    told.set(socket, written);
  }

  function watchWaiting(socket: Socket): void {
    waiting.set(socket, null);
    socket.once('close', () => waiting.delete(socket));
  }

  server.on('connection', (socket: Socket) => {
    told.set(socket, 0);
    socket.once('close', () => {
      tell(socket);
      told.delete(socket);
    });
    watchWaiting(socket);
  });
  server.on('secureConnection', watchWaiting);

  const sweeping = setInterval(() => {
    for (const socket of told.keys()) tell(socket);
    const now = performance.now();
    for (const [socket, since] of waiting) {
      const left = socket.writableLength;
      if (left === 0) waiting.set(socket, null);
      else if (since === null) waiting.set(socket, now);
      else if (now - since > graceMs + (left / LEAST_BYTES_PER_SECOND) * 1_000) socket.destroy();
    }
  }, sweepMs);
  sweeping.unref();
  return () => {
    clearInterval(sweeping);
    for (const socket of told.keys()) tell(socket);
  };
}
