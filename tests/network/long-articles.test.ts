import { afterAll, beforeAll, expect, it } from 'vitest';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { describeLong } from '../support/tools.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

const LINE_BYTES = 8_192;
const ARTICLES = 120;
/** Of these the whole text is long: cutting and compressing each takes half a second, and a dozen differ as much as a hundred. */
const LONG = 10;

const SYLLABLES = 'ма ря но ви ста ле пу ро ка де зи бо то ни сла ше гра фо лу ты вер жа мо кри да су'.split(
  ' ',
);
let state = 41;
const pick = <T>(items: readonly T[]): T => {
  state = (state * 48271) % 2147483647;
  return items[state % items.length] as T;
};
const words = (count: number): string =>
  Array.from({ length: count }, () =>
    Array.from({ length: 1 + (count % 2) + (state % 3) }, () => pick(SYLLABLES)).join(''),
  ).join(' ');

/** Some 3,000 words: paragraphs, a table of 60 rows, a list of 80 items. `mark` numbers every block. */
function longText(id: number): { html: string; marks: string[] } {
  const marks: string[] = [];
  const mark = () => {
    marks.push(`б${id}ц${marks.length + 1}ю`);
    return marks.at(-1) ?? '';
  };
  const paragraphs = Array.from({ length: 22 }, () => `<p>${mark()} ${words(70)}.</p>`);
  const rows = Array.from(
    { length: 60 },
    () => `<tr><td>${mark()}</td><td>${words(4)}</td><td>${words(6)}</td></tr>`,
  );
  const items = Array.from({ length: 80 }, () => `<li>${mark()} ${words(8)}</li>`);
  return { html: `${paragraphs.join('')}<table>${rows.join('')}</table><ul>${items.join('')}</ul>`, marks };
}

const clock = createManualClock(FIRST_AT + 30 * DAY_MS);
const marks = new Map<number, string[]>();
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

beforeAll(async () => {
  site = await createStandIn();
  const items = Array.from({ length: ARTICLES }, (_, index) => {
    const id = index + 1;
    const text = id <= LONG ? longText(id) : { html: `<p>${words(120)}</p>`, marks: [] };
    marks.set(id, text.marks);
    const at = new Date(story(id).publishedAt / 4 + (FIRST_AT * 3) / 4).toUTCString();
    return `<item><title>${words(30)}</title><link>${site.server.url(`/x-a${id}`)}</link><guid>story-${id}</guid><pubDate>${at}</pubDate><category>${words(3)}</category><description><![CDATA[${text.html}]]></description></item>`;
  });
  const feed = `<rss version="2.0"><channel><title>${words(3)}</title>${items.reverse().join('')}</channel></rss>`;
  site.server.on('/feed.xml', (_request, response) =>
    response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' }).end(feed),
  );
  const names = { ru: words(4) };
  node = await createTestNode({
    publishers: [site.publisher({ language: 'ru', names })],
    clock,
    env: site.env,
  });
  clock.advance(HOUR_MS);
  await node.pass();
}, 400_000);

afterAll(async () => {
  await node.close();
  await site.close();
});

describeLong('a publisher of long Russian texts', () => {
  it('has no document past 8,192 bytes in either coding, as stored and as sent', async () => {
    const { store } = node.engine;
    expect(store.lists.count({})).toBe(ARTICLES);
    const bound = store.pages.sizes().filter(({ path }) => !path.includes('/full/'));
    expect(bound.length).toBeGreaterThan(2 * ARTICLES);
    expect(bound.filter(({ gzipBytes, brBytes }) => Math.max(gzipBytes, brBytes) > LINE_BYTES)).toEqual([]);
    const absolute = bound.filter(({ path }) => store.pages.get(path)?.absolute);
    const host = `${'a'.repeat(56)}.onion`;
    for (const { path } of absolute)
      for (const coding of ['br', 'gzip']) {
        const { wireBytes } = await node.get(path, { host, 'accept-encoding': coding });
        expect(wireBytes, `${path} in ${coding}`).toBeLessThanOrEqual(LINE_BYTES);
      }
  });

  it('keeps at least thirty entries and a day in each feed, without a picture to call for', async () => {
    const newest = node.engine.store.lists.newest({}, 1)[0]?.publishedAt ?? 0;
    const day = node.engine.store.lists.count({ fromAt: newest - DAY_MS });
    for (const file of ['rss.xml', 'atom.xml', 'full/rss.xml', 'full/atom.xml']) {
      const { text } = await node.get(`/stand-in/${file}`);
      const entries = text.match(/<(?:item|entry)[ >]/g)?.length ?? 0;
      expect(entries, file).toBeGreaterThanOrEqual(30);
      expect(text).not.toMatch(/<img|&lt;img|<enclosure|rel="enclosure"/);
    }
    const { items } = JSON.parse((await node.get('/stand-in/feed.json')).text) as { items: unknown[] };
    expect(items.length, `a day is ${day}`).toBeGreaterThanOrEqual(Math.min(day, 30));
  });

  it('can be read to the last block by walking the parts, in order and each once', async () => {
    for (let id = 1; id <= LONG; id += 1) {
      let path = `/stand-in/a${id}/`;
      let text = '';
      for (let part = 1; ; part += 1) {
        const page = await node.get(path);
        expect(page.status, path).toBe(200);
        text += page.text;
        const next = `a${id}/p${part + 1}/`;
        const href = [...page.text.matchAll(/href="([^"]+)"/g)].map(
          ([, to]) => new URL(to ?? '', `${node.origin}${path}`).pathname,
        );
        const target = href.find((to) => to.endsWith(next));
        if (target === undefined) break;
        path = target;
      }
      expect(path).toContain('/p');
      expect(text.match(new RegExp(`б${id}ц\\d+ю`, 'g')), String(id)).toEqual(marks.get(id));
    }
  });

  it('gives the same whole text in the parts of the API', async () => {
    for (let id = 1; id <= LONG; id += 1) {
      let url = `${node.origin}/api/v1/articles/stand-in/${id}.json`;
      let text = '';
      for (let next: string | null = ''; next !== null; ) {
        const part = JSON.parse((await node.get(new URL(url).pathname)).text) as {
          content_html: string;
          next: string | null;
        };
        text += part.content_html;
        next = part.next;
        if (next !== null) url = new URL(next, url).href;
      }
      expect(url).toMatch(/\.p\d+\.json$/);
      expect(text.match(new RegExp(`б${id}ц\\d+ю`, 'g'))).toEqual(marks.get(id));
    }
  });
});
