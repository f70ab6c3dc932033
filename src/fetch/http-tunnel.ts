import type { Socket } from 'node:net';
import { FetchFailure, failed } from './fetch-failure.js';
import { take } from './socket-reader.js';

/** An answer to CONNECT longer than this is no answer: node:http's own limit for headers. */
const MAX_ANSWER_BYTES = 16_384;

/** The `Proxy-Authorization` value for the account in the proxy's URL, or null where it has none. */
export function proxyAuthorization(proxy: URL): string | null {
  if (proxy.username === '') return null;
  const account = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return `Basic ${Buffer.from(account, 'utf8').toString('base64')}`;
}

/** Asks an HTTP proxy for a tunnel to a name (RFC 9110 section 9.3.6), which the proxy resolves. */
export async function openHttpTunnel(
  socket: Socket,
  proxy: URL,
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<void> {
  const account = proxyAuthorization(proxy);
  const authorization = account === null ? '' : `Proxy-Authorization: ${account}\r\n`;
  socket.write(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n${authorization}\r\n`);
  let status: number;
  try {
    status = await readStatus(socket, signal);
  } catch (error) {
    if (error instanceof FetchFailure || signal.aborted) throw error;
    throw failed('proxy', `the proxy ${proxy.host} hung up on CONNECT ${host}:${port}`);
  }
  if (status >= 200 && status < 300) return;
  // 502 to 504: the proxy is well and the host is not (RFC 9110 section 15.6).
  const reason = status >= 502 && status <= 504 ? 'connect' : 'proxy';
  throw failed(reason, `the proxy ${proxy.host} answers ${status} to CONNECT ${host}:${port}`, status >= 500);
}

/** Byte by byte, so that not one byte of the tunnel itself is taken. */
async function readStatus(socket: Socket, signal: AbortSignal): Promise<number> {
  let head = '';
  while (!head.endsWith('\r\n\r\n')) {
    head += (await take(socket, 1, signal)).toString('latin1');
    if (head.length > MAX_ANSWER_BYTES) break;
  }
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === undefined) throw new Error('not HTTP');
  return Number(status);
}
