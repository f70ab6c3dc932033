import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  path: string;
  /** The request named a version it has: If-None-Match or If-Modified-Since. */
  conditional: boolean;
  status: number;
}

export interface Witness {
  origin: string;
  /** Every answered request, in the order of the answers. */
  readonly seen: readonly Seen[];
  forget(): void;
  close(): Promise<void>;
}

/** A relay in front of a node that writes down what readers ask for and how it was answered. */
export async function createWitness(nodeOrigin: string): Promise<Witness> {
  const { hostname, port } = new URL(nodeOrigin);
  const seen: Seen[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url: path = '/' } = incoming;
    const onward = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      const status = answer.statusCode ?? 0;
      const conditional = 'if-none-match' in headers || 'if-modified-since' in headers;
      seen.push({ path, conditional, status });
      outgoing.writeHead(status, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    forget: () => {
      seen.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
