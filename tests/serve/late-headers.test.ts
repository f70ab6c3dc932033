import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { LateHeaders } from '../../src/serve/late-headers.js';

it('gives all headers of a request that was taken over, and before that none but to whom expects something', async () => {
  const seen: unknown[] = [];
  const server = createServer(
    { IncomingMessage: LateHeaders, requireHostHeader: false },
    (request, response) => {
      seen.push({ ...request.headers });
      request.taken = true;
      seen.push({ ...request.headers });
      response.end();
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const ask = (...lines: string[]) =>
    new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(
          `${['GET / HTTP/1.1', 'Host: a.example', 'Connection: close', ...lines].join('\r\n')}\r\n\r\n`,
        ),
      );
      socket.resume().once('close', () => resolve());
    });
  try {
    await ask('Accept: text/html');
    await ask('EXPECT: 100-continue');
  } finally {
    server.close();
  }
  const plain = { host: 'a.example', connection: 'close', accept: 'text/html' };
  const expecting = { host: 'a.example', connection: 'close', expect: '100-continue' };
  expect(seen).toEqual([{}, plain, expecting, expecting]);
});
