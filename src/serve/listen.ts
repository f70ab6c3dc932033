import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { UsageError } from '../domain/errors.js';

export interface Listening {
  host: string;
  port: number;
  /** Lets answers under way finish, for at most `graceMs`, then closes. */
  close(graceMs: number): Promise<void>;
}

/** Limits against slow clients: a head of a request takes no longer, and no connection idles. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 20_000;
const KEEP_ALIVE_MS = 5_000;

/** Serves `app` on an address. A port that is taken or may not be opened is a clear error, not a stack. */
// biome-ignore lint/suspicious/noExplicitAny: Hono's own environment types do not matter to a listener
export function listen(app: Hono<any>, address: { host: string; port: number }): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: 8_192,
    },
  }) as import('node:http').Server;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, address)));
    server.listen(address.port, address.host, () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        host: address.host,
        port,
        close: (graceMs) =>
          new Promise((done) => {
            const hurry = setTimeout(() => server.closeAllConnections(), graceMs);
            server.close(() => {
              clearTimeout(hurry);
              done();
            });
            server.closeIdleConnections();
          }),
      });
    });
  });
}

function explain(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Error {
  if (error.code === 'EADDRINUSE') {
    return new UsageError('port-taken', `something else already listens on ${host}:${port}`, {
      hint: `Stop it, or choose another address with --listen ${host}:${port + 1}.`,
      cause: error,
    });
  }
  if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL') {
    return new UsageError('address-refused', `cannot listen on ${host}:${port}: ${error.code}`, {
      hint: 'Ports below 1024 need root or a capability; the host must be an address of this machine.',
      cause: error,
    });
  }
  return error;
}
