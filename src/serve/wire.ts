import { STATUS_CODES } from 'node:http';

/** An answer as it goes on the wire, head and body in one piece: one write, one TLS record, one packet fewer to count. */
export type Wire = () => Buffer | string;

/**
 * Made once, and again only when the second of its Date changes (RFC 9110 section 6.6.1): never in place, since the bytes of an
 * earlier second may still be on their way. A head alone is a string of Latin-1, which Node writes with less ado than a Buffer.
 * `headers` must say the body's length; `Connection` too, since nobody adds it here.
 */
export function createWire(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array | null,
): Wire {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}`;
  let madeFor = -1;
  let bytes: Buffer | string = '';
  return () => {
    const second = Math.floor(Date.now() / 1000);
    if (second === madeFor) return bytes;
    const dated = `${head}Date: ${new Date(second * 1000).toUTCString()}\r\n\r\n`;
    bytes = body === null ? dated : Buffer.concat([Buffer.from(dated, 'latin1'), body]);
    madeFor = second;
    return bytes;
  };
}
