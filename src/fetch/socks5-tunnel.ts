import type { Socket } from 'node:net';
import { FetchFailure, failed } from './fetch-failure.js';
import { take } from './socket-reader.js';

const VERSION = 5;
const NO_AUTHENTICATION = 0;
const USERNAME_PASSWORD = 2;
const CONNECT = 1;
const DOMAIN_NAME = 3;

/** RFC 1928 section 6. Three to six say that the proxy is well and the host is not. */
const REPLIES: Readonly<Record<number, string>> = {
  1: 'general failure',
  2: 'not allowed by its rules',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'TTL expired',
  7: 'command not supported',
  8: 'address type not supported',
};

/**
 * Asks a SOCKS5 proxy (RFC 1928, RFC 1929) for a tunnel to a name, which the proxy resolves: no name is looked up here and
 * no address is ever sent. Our own, since undici's agent is experimental and gives a circuit 5 s, less than Tor often takes.
 */
export async function openSocks5Tunnel(
  socket: Socket,
  proxy: URL,
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    await authenticate(socket, proxy, signal);
    const name = Buffer.from(host, 'latin1');
    socket.write(
      Buffer.from([VERSION, CONNECT, 0, DOMAIN_NAME, name.length, ...name, port >> 8, port & 0xff]),
    );
    const [, reply = 1, , type] = await take(socket, 4, signal);
    if (reply !== 0) {
      const reason = reply >= 3 && reply <= 6 ? 'connect' : 'proxy';
      throw failed(reason, `the proxy ${proxy.host} on ${host}: ${REPLIES[reply] ?? `reply ${reply}`}`, true);
    }
    const addressBytes = type === 1 ? 4 : type === 4 ? 16 : ((await take(socket, 1, signal))[0] ?? 0);
    await take(socket, addressBytes + 2, signal);
  } catch (error) {
    if (error instanceof FetchFailure || signal.aborted) throw error;
    throw failed('proxy', `${proxy.host} does not speak SOCKS5 to the end`);
  }
}

async function authenticate(socket: Socket, proxy: URL, signal: AbortSignal): Promise<void> {
  const hasAccount = proxy.username !== '';
  socket.write(
    Buffer.from(
      hasAccount ? [VERSION, 2, NO_AUTHENTICATION, USERNAME_PASSWORD] : [VERSION, 1, NO_AUTHENTICATION],
    ),
  );
  const [version, method] = await take(socket, 2, signal);
  if (version !== VERSION) throw failed('proxy', `${proxy.host} is no SOCKS5 proxy`, false);
  if (method === NO_AUTHENTICATION) return;
  if (method !== USERNAME_PASSWORD || !hasAccount) {
    throw failed('proxy', `the proxy ${proxy.host} wants a user name and password`, false);
  }
  const user = Buffer.from(decodeURIComponent(proxy.username), 'utf8');
  const password = Buffer.from(decodeURIComponent(proxy.password), 'utf8');
  socket.write(Buffer.from([1, user.length, ...user, password.length, ...password]));
  const [, status] = await take(socket, 2, signal);
  if (status !== 0) throw failed('proxy', `the proxy ${proxy.host} refuses the user name or password`, false);
}
