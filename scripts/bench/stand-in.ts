import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As many words as an article of The Moscow Times has at most on an ordinary day. */
const WORDS = 900;
/** As many as fill a page of 8,192 B: each tenth article has them. */
const LONG_WORDS = 2_520;
const VOCABULARY = 4_000;
const PARAGRAPH_WORDS = 60;
const MINUTE_MS = 60_000;

const isLongArticle = (id: number): boolean => id % 10 === 9;

export interface StandIn {
  /** `host:port`. */
  address: string;
  /** Requests answered so far. */
  requests(): number;
  stop(): Promise<void>;
}

/** Numbers in [0, 1), the same ones each time. */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SYLLABLES = [
  'ka',
  'to',
  'ren',
  'mi',
  'sol',
  've',
  'dra',
  'lin',
  'os',
  'pe',
  'gar',
  'u',
  'sten',
  'ho',
  'bri',
];

/** Made-up words, a few of them common and most rare, so that text packs about as well as prose does. */
function createProse() {
  const random = mulberry32(1);
  const pick = () => SYLLABLES[Math.floor(random() * SYLLABLES.length)] ?? 'a';
  const words = Array.from({ length: VOCABULARY }, () =>
    Array.from({ length: 1 + Math.floor(random() * 4) }, pick).join(''),
  );
  return (seed: number, count: number): string => {
    const roll = mulberry32(seed);
    const text = Array.from({ length: count }, () => words[Math.floor(roll() ** 3 * VOCABULARY)] ?? 'a').join(
      ' ',
    );
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  };
}

/**
 * A publisher on loopback with `articles` articles: a feed of summaries without an ETag, whose lastBuildDate always moves,
 * and a page for each with furniture around the text. Port 0: one that the system
 * chooses. `newestAt`: when its newest was published, ms since the epoch.
 */
export async function startStandIn(articles: number, port: number, newestAt: number): Promise<StandIn> {
  const prose = createProse();
  const dateOf = (id: number) => new Date(newestAt - (articles - id) * MINUTE_MS);
  const titleOf = (id: number) => prose(id, 9).slice(0, -1);
  let requests = 0;

  const item = (id: number) =>
    `<item><title>${titleOf(id)}</title><link>http://${address()}/n${id}</link><guid>http://${address()}/n${id}</guid>` +
    `<pubDate>${dateOf(id).toUTCString()}</pubDate><description>${prose(id + 1e6, 30)}</description></item>`;
  const feed = () =>
    `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Stand-in</title><link>http://${address()}/</link>` +
    `<lastBuildDate>${new Date().toUTCString()}</lastBuildDate>` +
    `${Array.from({ length: articles }, (_, index) => item(articles - index)).join('')}</channel></rss>`;
  const page = (id: number) => {
    const paragraphs = Array.from(
      { length: (isLongArticle(id) ? LONG_WORDS : WORDS) / PARAGRAPH_WORDS },
      (_, index) => `<p>${prose(id * 100 + index, PARAGRAPH_WORDS)}</p>`,
    );
    const menu = Array.from(
      { length: 40 },
      (_, index) => `<li><a href="/s${index}">${prose(index, 2)}</a></li>`,
    );
    const related = Array.from(
      { length: 8 },
      (_, index) => `<li><a href="/n${index + 1}">${titleOf(index + 1)}</a></li>`,
    );
    return (
      `<!doctype html><html lang="en"><head><title>${titleOf(id)}</title>` +
      `<meta property="article:published_time" content="${dateOf(id).toISOString()}"></head><body>` +
      `<nav><ul>${menu.join('')}</ul></nav><main><article><h1>${titleOf(id)}</h1>${paragraphs.join('')}</article>` +
      `<aside><h2>Read more</h2><ul>${related.join('')}</ul></aside></main><footer><p>Sign up for our newsletter.</p></footer></body></html>`
    );
  };

  const server = createServer((request, response) => {
    requests += 1;
    const id = Number(/^\/n(\d+)$/.exec(request.url ?? '')?.[1]);
    if (request.url === '/feed') response.setHeader('Content-Type', 'application/rss+xml').end(feed());
    else if (id >= 1 && id <= articles)
      response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page(id));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address: address(),
    requests: () => requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
