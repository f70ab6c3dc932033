/** Where a TLS stream's first record stands: `partial` needs more bytes; `name` is its SNI, null where it sends none. */
export type ClientHello = { kind: 'not-tls' } | { kind: 'partial' } | { kind: 'hello'; name: string | null };

const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;

/** RFC 8446 4.1.2 and 5.1, RFC 6066 3. A hello spread over several records is a `hello` without a name. */
export function readClientHello(bytes: Buffer): ClientHello {
  if (bytes.length > 0 && bytes[0] !== HANDSHAKE_RECORD) return { kind: 'not-tls' };
  if (bytes.length < 5 || bytes.length < 5 + bytes.readUInt16BE(3)) return { kind: 'partial' };
  try {
    return { kind: 'hello', name: serverNameOf(bytes.subarray(5, 5 + bytes.readUInt16BE(3))) };
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'hello', name: null };
    throw error;
  }
}

/** Throws a RangeError where a length points past the record. */
function serverNameOf(message: Buffer): string | null {
  if (message.readUInt8(0) !== CLIENT_HELLO) return null;
  let at = 4 + 2 + 32; // message header, legacy version, random
  at += 1 + message.readUInt8(at); // session id
  at += 2 + message.readUInt16BE(at); // cipher suites
  at += 1 + message.readUInt8(at); // compression methods
  const end = at + 2 + message.readUInt16BE(at);
  at += 2;
  while (at < end) {
    const [type, length] = [message.readUInt16BE(at), message.readUInt16BE(at + 2)];
    if (type === SERVER_NAME) {
      const nameLength = message.readUInt16BE(at + 7); // after list length and name type
      return message.toString('latin1', at + 9, at + 9 + nameLength).toLowerCase();
    }
    at += 4 + length;
  }
  return null;
}
