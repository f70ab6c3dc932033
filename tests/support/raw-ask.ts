import { connect } from 'node:net';

export interface RawAnswer {
  /** As it came, one character a byte. */
  text: string;
  /** The other end closed, or cut, the connection by itself. */
  closed: boolean;
}

/** Sends bytes and hears what comes back, until the other end closes or has said nothing for `quietMs`. */
export function rawAsk(port: number, bytes: string, quietMs = 700, firstMs = 20_000): Promise<RawAnswer> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(bytes, 'latin1')));
    const end = (closed: boolean) => () => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, closed });
    };
    let timer = setTimeout(end(false), firstMs);
    socket.setEncoding('latin1');
    socket.on('data', (part: string) => {
      text += part;
      clearTimeout(timer);
      timer = setTimeout(end(false), quietMs);
    });
    socket.on('end', end(true));
    socket.on('error', end(true));
  });
}
