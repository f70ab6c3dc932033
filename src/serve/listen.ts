import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { UsageError } from '../domain/errors.js';
import type { Door } from './door.js';
import { LateHeaders } from './late-headers.js';
import { endSilentConnections } from './silent-connections.js';
import { readCertificate, reloadOnChange, TLS_OPTIONS, type TlsFiles } from './tls-files.js';

export interface Listening {
  host: string;
  port: number;
  /** Lets answers under way finish, for at most `graceMs`, then closes. */
  close(graceMs: number): Promise<void>;
}

export interface Listener {
  /** Asked first, where there is one: true where it has answered. */
  readyAnswer?: (incoming: LateHeaders, outgoing: ServerResponse) => boolean;
  /** Answers everything else, as Hono does. */
  fetch: Parameters<typeof getRequestListener>[0];
}

/** Limits against slow clients: a head of a request takes no longer, and no connection is silent for longer. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 20_000;
/** Longer than nginx keeps an idle connection to its upstream (60 s): it is to be the one that closes. */
const SILENCE_MS = 75_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** How often Node looks for requests that take too long; by itself every 30 s. */
const LOOK_FOR_SLOW_MS = 5_000;
/** As much as nginx takes, so that size alone tells no one what answers. */
const MAX_HEAD_BYTES = 36_864;

/**
 * Serves `app` on an address, over TLS where `tls` names the files, behind `door` where there is one. `onTlsTrouble` hears why a
 * renewed certificate was not taken. A port that is taken or may not be opened is a UsageError.
 */
export function listen(
  app: Listener,
  address: { host: string; port: number },
  tls: TlsFiles | null = null,
  door: Door | null = null,
  onTlsTrouble: (reason: string) => void = () => {},
): Promise<Listening> {
  const limits = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Would set and clear a timer for each request: endSilentConnections does the same for nothing.
    keepAliveTimeout: 0,
    connectionsCheckingInterval: LOOK_FOR_SLOW_MS,
    maxHeaderSize: MAX_HEAD_BYTES,
    // The app says itself what is wrong with a Host.
    requireHostHeader: false,
    IncomingMessage: LateHeaders,
  };
  const passOn = getRequestListener(app.fetch);
  const onRequest = (incoming: LateHeaders, outgoing: ServerResponse<LateHeaders>): void => {
    incoming.taken = true;
    if (door?.answers(incoming, outgoing) || app.readyAnswer?.(incoming, outgoing)) return;
    void passOn(incoming, outgoing);
  };
  const server =
    tls === null
      ? createServer(limits, onRequest)
      : createTlsServer(
          { ...limits, ...TLS_OPTIONS, ...readCertificate(tls), handshakeTimeout: HANDSHAKE_TIMEOUT_MS },
          onRequest,
        );
  const stopLooking = endSilentConnections(server, SILENCE_MS);
  const leaveDoor = door === null ? () => {} : door.attach(server);
  const stopWatching = tls === null ? () => {} : reloadOnChange(tls, server, { onTrouble: onTlsTrouble });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, address)));
    server.listen(address.port, address.host, () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        host: address.host,
        port,
        close: (graceMs) =>
          new Promise((done) => {
            stopWatching();
            leaveDoor();
            stopLooking();
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
      // The next port is most likely the keeper's.
      hint: `Stop it, or choose another address with --listen ${host}:${port + 10}.`,
      cause: error,
    });
  }
  // A host that is a name is looked up first.
  if (['EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(error.code ?? '')) {
    return new UsageError('address-refused', `cannot listen on ${host}:${port}: ${error.code}`, {
      hint: 'Ports below 1024 need root or a capability; the host must be an address of this machine.',
      cause: error,
    });
  }
  return error;
}
