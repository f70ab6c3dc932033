import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

export interface SmtpSink {
  url: string;
  /** Every message taken, headers and text, lines ended by \n. */
  mails: string[];
  /** What clients said before the message, in order. */
  commands: string[];
  close(): Promise<void>;
}

/** A mail server on loopback that takes everything, or refuses each recipient with `refusal` (RFC 5321, no extensions). */
export async function startSmtpSink(refusal: string | null = null): Promise<SmtpSink> {
  const mails: string[] = [];
  const commands: string[] = [];
  const sockets = new Set<Socket>();

  function serve(socket: Socket): void {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.setEncoding('utf8');
    socket.write('220 sink\r\n');
    let pending = '';
    let inMessage = false;
    socket.on('data', (text: string) => {
      pending += text;
      for (;;) {
        const end = pending.indexOf(inMessage ? '\r\n.\r\n' : '\r\n');
        if (end === -1) return;
        const part = pending.slice(0, end);
        pending = pending.slice(end + (inMessage ? 5 : 2));
        if (inMessage) {
          mails.push(part.replaceAll('\r\n', '\n').replaceAll('\n..', '\n.'));
          inMessage = false;
          socket.write('250 taken\r\n');
          continue;
        }
        commands.push(part);
        const verb = part.slice(0, 4).toUpperCase();
        if (verb === 'RCPT' && refusal !== null) socket.write(`${refusal}\r\n`);
        else if (verb === 'DATA') {
          inMessage = true;
          socket.write('354 go on\r\n');
        } else if (verb === 'QUIT') socket.end('221 bye\r\n');
        else socket.write('250 well\r\n');
      }
    });
  }

  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    commands,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
