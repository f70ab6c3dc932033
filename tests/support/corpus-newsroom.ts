import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CorpusPage } from '../extract/corpus-pages.js';
import { createManualClock } from './manual-clock.js';
import { createTestNode, testPublisher } from './test-node.js';

const FIRST_AT = Date.UTC(2026, 8, 1, 8);
const HOUR_MS = 3_600_000;
/** As many entries as a feed of a large paper holds; a publisher brings no thousand at once. */
const BATCH = 200;

const escapeText = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** A node that has taken real pages in as articles of one paper, each fetched, read, cleaned, stored and rendered as in life. */
export async function createCorpusNode(
  pages: readonly CorpusPage[],
  tick: (done: number) => void = () => {},
) {
  const clock = createManualClock(FIRST_AT);
  let shown: readonly number[] = [];
  const server = createServer((request, response) => {
    const index = Number(/-a(\d+)$/.exec(request.url ?? '')?.[1] ?? 0) - 1;
    const page = pages[index];
    if (request.url === '/feed.xml') {
      response.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8' }).end(feed());
    } else if (page === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page.html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function feed(): string {
    const items = shown.map((index) => {
      const title = pages[index]?.title ?? `Page ${index + 1}`;
      const at = new Date(FIRST_AT + index * HOUR_MS).toUTCString();
      return `<item><title>${escapeText(title)}</title><link>${origin}/page-a${index + 1}</link><guid>${origin}/page-a${index + 1}</guid><pubDate>${at}</pubDate><category>Part ${1 + (index % 6)}</category></item>`;
    });
    return `<rss version="2.0"><channel><title>Corpus</title><link>${origin}/</link><description>x</description>${items.reverse().join('')}</channel></rss>`;
  }

  const base = testPublisher({
    id: 'corpus',
    homepage: origin,
    identity: { patterns: ['-a(\\d{1,9})$'] },
    sources: [{ kind: 'feed', url: `${origin}/feed.xml`, text: 'summary', role: 'main', section: null }],
  });
  const node = await createTestNode({
    publishers: [{ ...base, page: { ...base.page, fetch: 'always' } }],
    clock,
    env: {
      TAMIZDAT_FETCH_ALLOW: new URL(origin).host,
      TAMIZDAT_PICTURES_MODE: 'text-only',
      TAMIZDAT_SYNC_MAX_PAGES_PER_PASS: String(BATCH),
    },
  });
  for (let from = 0; from < pages.length; from += BATCH) {
    shown = Array.from({ length: Math.min(BATCH, pages.length - from) }, (_, index) => from + index);
    clock.advance((shown.length + 1) * HOUR_MS);
    await node.pass({ force: true });
    tick(from + shown.length);
  }
  return {
    ...node,
    close: async () => {
      await node.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
