import { lookup } from 'node:dns/promises';
import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import { addressLiteral, isPublicAddress } from './address-guard.js';
import type { Admission } from './admission.js';
import { failed } from './fetch-failure.js';
import type { FetchOptions } from './fetch-options.js';
import { openHttpTunnel } from './http-tunnel.js';
import { addressOf, proxyOf } from './route.js';
import { openSocks5Tunnel } from './socks5-tunnel.js';
import { untilAborted } from './until-aborted.js';

export interface DialDeps {
  /** Resolves a name to all its addresses. Tests put their own in. */
  resolve?: (host: string) => Promise<readonly string[]>;
  /** Opens a socket to one of these very addresses. Tests put their own in. */
  connect?: (addresses: readonly string[], port: number) => Socket;
  /** Trusted certificates in PEM, instead of the system's. */
  ca?: readonly string[];
}

/** Opens the connection for one request: to the address that was checked, through the route, TLS on top. */
export type Dial = (url: URL, signal: AbortSignal) => Promise<Socket>;

export function createDial(
  options: Pick<FetchOptions, 'route' | 'timeoutMs'>,
  admission: Admission,
  deps: DialDeps,
): Dial {
  const resolve = deps.resolve ?? resolveAll;
  const connect = deps.connect ?? connectPinned;
  const secure = buildConnector({
    timeout: options.timeoutMs,
    ...(deps.ca === undefined ? {} : { ca: [...deps.ca] }),
  });

  /** Resolves once, checks every answer, connects to what passed: nothing is looked up again in between. */
  async function dialDirect(url: URL, signal: AbortSignal): Promise<Socket> {
    const literal = addressLiteral(url);
    const found = literal === null ? await untilAborted(resolve(url.hostname), signal) : [literal];
    if (found.length === 0) throw failed('dns', `${url.hostname} has no address`);
    const usable = admission.isAllowedPair(url) ? found : found.filter(isPublicAddress);
    if (usable.length === 0) {
      throw failed(
        'address-refused',
        `${url.hostname} resolves to ${found.join(', ')}: not a public address`,
      );
    }
    return connected(connect(usable, portOf(url)), signal);
  }

  async function dialThrough(proxy: URL, url: URL, signal: AbortSignal): Promise<Socket> {
    let socket: Socket;
    try {
      socket = await connected(connectSocket(addressOf(proxy)), signal);
    } catch (error) {
      if (signal.aborted) throw error;
      throw failed('proxy', `the proxy ${proxy.host} does not answer`);
    }
    try {
      if (proxy.protocol === 'socks5:')
        await openSocks5Tunnel(socket, proxy, url.hostname, portOf(url), signal);
      else if (url.protocol === 'https:')
        await openHttpTunnel(socket, proxy, url.hostname, portOf(url), signal);
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  const proxy = proxyOf(options.route);
  return async (url, signal) => {
    const socket = await (proxy === null ? dialDirect(url, signal) : dialThrough(proxy, url, signal));
    // Whoever holds the socket next hears of its errors; in between nobody does, and that must not end the process.
    socket.setNoDelay(true).on('error', () => {});
    if (url.protocol === 'http:') return socket;
    return startTls(secure, socket, url, signal);
  };
}

function startTls(
  secure: ReturnType<typeof buildConnector>,
  socket: Socket,
  url: URL,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    const target = { hostname: url.hostname, host: url.host, protocol: url.protocol, port: url.port };
    secure({ ...target, httpSocket: socket }, (error, tlsSocket) => {
      signal.removeEventListener('abort', abort);
      if (error === null) resolve(tlsSocket.on('error', () => {}));
      else {
        socket.destroy();
        reject(error);
      }
    });
  });
}

const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80);

async function resolveAll(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map((answer) => answer.address);
}

/**
 * Happy Eyeballs (RFC 8305) over exactly these addresses. A second for each before the next is tried: Node's own 250 ms
 * would give up on every address but the last on the long lines this is meant for.
 */
function connectPinned(addresses: readonly string[], port: number): Socket {
  const answers = addresses.map((address) => ({ address, family: isIP(address) }));
  return connectSocket({
    host: 'pinned.invalid',
    port,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: 1_000,
    lookup: (_host, lookupOptions, answer) => {
      if (lookupOptions.all === true) answer(null, answers);
      else answer(null, answers[0]?.address ?? '', answers[0]?.family);
    },
  });
}

function connected(socket: Socket, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      signal.removeEventListener('abort', abort);
      socket.off('connect', open).off('error', fail);
      end();
    };
    const open = () => settle(() => resolve(socket));
    const fail = (error: Error) => settle(() => reject(error));
    const abort = () => {
      settle(() => reject(signal.reason));
      socket.on('error', () => {}).destroy();
    };
    socket.once('connect', open).once('error', fail);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
