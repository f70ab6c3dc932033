import { connect } from 'node:tls';

export interface TlsPage {
  status: number;
  /** Of the head as it came, its empty line included. */
  headBytes: number;
  bodyBytes: number;
  /** Lower case, as a block of text. */
  head: string;
  protocol: string | null;
  alpn: string | false | null;
  /** All certificates the other end sent, in DER. */
  chainBytes: number;
  keyType: string | undefined;
}

/**
 * One page over a TLS connection of its own, brotli, an HTTP/2 client's offer made. The chain must lead to `root`. Answers when the
 * other end has closed by itself; throws where it does not.
 */
export function askTls(name: string, path: string, root: Buffer): Promise<TlsPage> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const options = { servername: name, ca: root, ALPNProtocols: ['h2', 'http/1.1'] };
    const socket = connect(443, '127.0.0.1', options, () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${name}\r\nAccept-Encoding: br\r\n\r\n`),
    );
    socket.setTimeout(5_000, () => socket.destroy(new Error('it does not close')));
    socket.on('data', (part) => parts.push(part));
    socket.on('error', reject);
    socket.on('end', () => {
      const text = Buffer.concat(parts).toString('latin1');
      const end = text.indexOf('\r\n\r\n') + 4;
      const head = text.slice(0, end).toLowerCase();
      const leaf = socket.getPeerX509Certificate();
      let chainBytes = 0;
      for (let one = leaf; one !== undefined; one = one.issuerCertificate) chainBytes += one.raw.length;
      resolve({
        status: Number(text.split(' ')[1]),
        headBytes: end,
        bodyBytes: head.includes('transfer-encoding: chunked')
          ? chunkedBytes(text.slice(end))
          : text.length - end,
        head,
        protocol: socket.getProtocol(),
        alpn: socket.alpnProtocol,
        chainBytes,
        keyType: leaf?.publicKey.asymmetricKeyType,
      });
    });
  });
}

/** RFC 9112, 7.1. */
function chunkedBytes(text: string): number {
  let bytes = 0;
  for (let at = 0; ; ) {
    const size = Number.parseInt(text.slice(at), 16);
    if (!(size > 0)) return bytes;
    bytes += size;
    at = text.indexOf('\r\n', at) + 2 + size + 2;
  }
}
