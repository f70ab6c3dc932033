import type { X509Certificate } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** What a reader's connection to an address of the mirror looks like from here. */
export interface Connection {
  status: number;
  headBytes: number;
  bodyBytes: number;
  /** Everything that came over the wire, handshake included; TCP and IP headers not. */
  wireBytes: number;
  /** Whether the other side closed after its answer. */
  closes: boolean;
  altSvc: string | null;
  tls: {
    protocol: string;
    handshakeBytes: number;
    /** The server's own certificate first; each with its bytes as sent. */
    chain: readonly { certificate: X509Certificate; bytes: number }[];
    /** Why the chain is not trusted here; null where it is. */
    untrusted: string | null;
  } | null;
}

const PATIENCE_MS = 8_000;
/** A server that is going to close does so at once; this is a slow line's time. */
const CLOSE_MS = 2_000;
const MOST_BYTES = 262_144;

/** Where to connect to, in place of what the URL names: the node's own listener. */
export interface Instead {
  host: string;
  port: number;
}

/** Makes one connection as a reader does, asks for the page, and waits whether the other side closes. Rejects with the network's reason. */
export async function tryConnection(url: URL, instead: Instead | null = null): Promise<Connection> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const address = instead ?? { host, port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) };
  const raw = connectTcp(address);
  try {
    await once(raw, 'connect');
    if (url.protocol !== 'https:') return await ask(raw, raw, url, null);
    const secure = connectTls({
      socket: raw,
      servername: /^[\d.]+$|:/.test(host) ? '' : host,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: false,
    });
    await once(secure, 'secureConnect');
    const tls = {
      protocol: secure.getProtocol() ?? 'unknown',
      handshakeBytes: raw.bytesRead,
      chain: chainOf(secure),
      untrusted: secure.authorized ? null : String(secure.authorizationError),
    };
    return await ask(secure, raw, url, tls);
  } finally {
    raw.destroy();
  }
}

/** Which of HTTP/2 and HTTP/1.1 the server takes when both are offered. Rejects with the network's reason. */
export async function negotiated(url: URL, instead: Instead | null = null): Promise<string> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = connectTls({
    ...(instead ?? { host, port: Number(url.port) || 443 }),
    servername: /^[\d.]+$|:/.test(host) ? '' : host,
    ALPNProtocols: ['h2', 'http/1.1'],
    rejectUnauthorized: false,
  });
  try {
    await once(secure, 'secureConnect');
    return secure.alpnProtocol || 'none';
  } finally {
    secure.destroy();
  }
}

function ask(socket: Socket, raw: Socket, url: URL, tls: Connection['tls']): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    let waiting: NodeJS.Timeout | null = null;
    const conclude = (closes: boolean): void => {
      if (waiting !== null) clearTimeout(waiting);
      const answer = readAnswer(Buffer.concat(parts));
      if (answer === null) reject(new Error('it closed without an answer'));
      else resolve({ ...answer, wireBytes: raw.bytesRead, closes, tls });
    };
    socket.setTimeout(PATIENCE_MS, () => reject(new Error(`it said nothing for ${PATIENCE_MS / 1000} s`)));
    socket.on('error', reject);
    socket.on('end', () => conclude(true));
    socket.on('close', () => conclude(true));
    socket.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size > MOST_BYTES) reject(new Error(`its answer is larger than ${MOST_BYTES} B`));
      else if (waiting === null && readAnswer(Buffer.concat(parts))?.whole === true)
        waiting = setTimeout(() => conclude(false), CLOSE_MS);
    });
    // A browser's head, as far as it changes the answer. No Connection header: HTTP/1.1 stays open unless the server closes.
    socket.write(
      `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nAccept: text/html\r\nAccept-Encoding: gzip, br\r\n\r\n`,
    );
  });
}

/** Status, sizes and Alt-Svc of an answer; `whole`: all of its stated length has come. Null before its head is there. */
function readAnswer(bytes: Buffer) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const head = bytes.subarray(0, end).toString('latin1');
  const field = (name: string): string | null =>
    new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? null;
  const body = bytes.length - end - 4;
  const length = field('content-length');
  return {
    status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0),
    headBytes: end + 4,
    bodyBytes: body,
    altSvc: field('alt-svc'),
    whole: length === null ? bytes.subarray(-5).toString('latin1') === '0\r\n\r\n' : body >= Number(length),
  };
}

function chainOf(socket: TLSSocket): { certificate: X509Certificate; bytes: number }[] {
  const chain: { certificate: X509Certificate; bytes: number }[] = [];
  let next = socket.getPeerX509Certificate();
  while (next !== undefined && chain.length < 8) {
    chain.push({ certificate: next, bytes: next.raw.length });
    next = next.issuerCertificate;
    // A self-signed one names itself for ever.
    if (
      next !== undefined &&
      chain.some(({ certificate }) => certificate.fingerprint256 === next?.fingerprint256)
    )
      break;
  }
  return chain;
}

function once(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(PATIENCE_MS, () => reject(new Error(`no connection within ${PATIENCE_MS / 1000} s`)));
    socket.once(event, () => resolve());
    socket.once('error', reject);
  });
}
