import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a publisher can be: as it should, or dead in one of the ways they die. */
export type Health = 'well' | 'error' | 'reset' | 'silent' | 'empty';

/** More than is ever published: what left a feed while its reader rested after a failure is nobody's loss. */
const FEED_ENTRIES = 2_000;
const WORDS =
  'harbor keeper lantern ledger tide gull rope anchor fog signal captain ferry crate barrel winter storm island letter window ladder'.split(
    ' ',
  );

/** A text like no other, of some 250 words. */
function textOf(id: number): string[] {
  let state = id * 7_919 + 17;
  const word = (): string => {
    state = (state * 48_271) % 2_147_483_647;
    return WORDS[state % WORDS.length] ?? 'rope';
  };
  return Array.from(
    { length: 6 },
    (_, index) =>
      `Paragraph ${index + 1} of ${id}: ${Array.from({ length: 40 }, (__, at) => (at % 9 === 8 ? `${word()} ${id % 1_000}${at},` : word())).join(' ')}.`,
  );
}

/** A publisher on loopback that goes on publishing: a feed of whole texts, and a page for each. */
export async function startUpstream(publishEveryMs: number) {
  let published = 0;
  let health: Health = 'well';
  const hanging = new Set<ServerResponse>();
  const firstAt = Date.now() - 3_600_000;
  const body = (id: number): string =>
    textOf(id)
      .map((text) => `<p>${text}</p>`)
      .join('');
  const item = (id: number): string =>
    `<item><title>Report ${id} of the light</title><link>http://${address()}/n${id}</link><guid>http://${address()}/n${id}</guid><pubDate>${new Date(firstAt + id * 1_000).toUTCString()}</pubDate><description><![CDATA[${body(id)}]]></description></item>`;
  const feed = (): string => {
    const ids = Array.from({ length: Math.min(FEED_ENTRIES, published) }, (_, index) => published - index);
    return `<?xml version="1.0"?><rss version="2.0"><channel><title>Soak</title><link>http://${address()}/</link>${ids.map(item).join('')}</channel></rss>`;
  };

  const server = createServer((request, response) => {
    if (health === 'reset') request.socket.destroy();
    else if (health === 'silent') hanging.add(response);
    else if (health === 'error') response.writeHead(503).end('out of order');
    else if (health === 'empty') response.end();
    else if (request.url === '/feed') response.setHeader('Content-Type', 'application/rss+xml').end(feed());
    else {
      const id = Number(/^\/n(\d+)$/.exec(request.url ?? '')?.[1]);
      if (id >= 1 && id <= published)
        response
          .setHeader('Content-Type', 'text/html; charset=utf-8')
          .end(
            `<!doctype html><html lang="en"><title>Report ${id}</title><article><h1>Report ${id}</h1>${body(id)}</article></html>`,
          );
      else response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = (): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publishing = setInterval(() => {
    published += 1;
  }, publishEveryMs);
  published = 5;

  return {
    address: address(),
    published: (): number => published,
    pause: (): void => clearInterval(publishing),
    become: (next: Health): void => {
      health = next;
      for (const response of hanging) response.destroy();
      hanging.clear();
    },
    stop: async (): Promise<void> => {
      clearInterval(publishing);
      for (const response of hanging) response.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
