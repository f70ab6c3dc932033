import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedEntry } from '../../src/domain/feed.js';
import { MAX_FEED_BYTES, parseFeed } from '../../src/parse/parse-feed.js';
import { parseSitemap } from '../../src/parse/parse-sitemap.js';
import { parseWordPress } from '../../src/parse/parse-wordpress.js';
import { readEntries } from '../../src/parse/read-entries.js';

const unknown = { contentType: null, url: null };
const read = (source: string) => parseFeed(new TextEncoder().encode(source), unknown);
const item = (n: number) => `<item><title>Entry ${n}</title><link>https://news.example/${n}</link></item>`;
const rss = (inside: string) => `<rss version="2.0"><channel><title>News</title>${inside}</channel></rss>`;

const enclosures = (many: number) =>
  Array.from({ length: many }, (_, n) => `<enclosure url="${n}.mp3"/>`).join('');

const entryOf = (contentHtml: string): FeedEntry => ({
  id: null,
  title: null,
  url: null,
  publishedAt: null,
  updatedAt: null,
  authors: [],
  summaryHtml: null,
  contentHtml,
  categories: [],
  enclosures: [],
});

function feedOf(source: string) {
  const result = read(source);
  if (result.kind === 'no-feed') throw new Error(result.reason);
  return result.feed;
}

describe('parseFeed against hostile input', () => {
  it('does not expand entities that name entities', () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `<!ENTITY lol${n + 1} "${`&lol${n};`.repeat(10)}">`,
    ).join('');
    const feed = feedOf(
      `<!DOCTYPE rss [<!ENTITY lol0 "lol">${levels}]>${rss('<item><title>&lol12;!</title></item>')}`,
    );
    expect(feed.entries).toMatchObject([{ title: '&lol12;!' }]);
  });

  it('does not multiply a long entity', () => {
    const source = `<!DOCTYPE rss [<!ENTITY a "${'x'.repeat(100_000)}">]>${rss(`<item><description>${'&a;'.repeat(10_000)}</description></item>`)}`;
    expect(feedOf(source).entries[0]?.summaryHtml?.length).toBe(30_000);
  });

  it('lets short entities, bases and links grow a feed by little, however often they are used', () => {
    const long = 'x'.repeat(250);
    const entity = `<!DOCTYPE rss [<!ENTITY a "${long}">]>`;
    const used = '&a;'.repeat(20_000);
    const base = `https://news.example/${'b'.repeat(7_000)}/`;
    const grown = [
      `${entity}${rss(`<item><description>${used}</description></item>`)}`,
      `${entity}${rss(`<item><title>One</title><link href="${used}"/></item>`)}`,
      rss(`<item xml:base="${base}"><description>${'&lt;a href="1"&gt;'.repeat(1_000)}</description></item>`),
      rss(`<item xml:base="${base}"><description>${'<a href="1"/>'.repeat(1_000)}</description></item>`),
      rss(`<item xml:base="${base}"><title>One</title>${enclosures(1_000)}</item>`),
    ].map((source) => JSON.stringify(feedOf(source).entries).length);
    for (const chars of grown) expect(chars).toBeLessThan(2_500_000);
  });

  it('takes no more than ten million characters of entries', () => {
    const read = readEntries(Array.from({ length: 14 }), () => entryOf('word '.repeat(160_000)));
    expect(read.entries).toHaveLength(12);
    expect(read.problems).toEqual(['entries of more than 10000000 characters together']);
  });

  it('asks nobody for an external entity, DTD or style sheet', async () => {
    let asked = 0;
    const canary = createServer((_request, response) => {
      asked++;
      response.end('secret');
    });
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
    const { port } = canary.address() as AddressInfo;
    const at = `http://127.0.0.1:${port}/x`;
    const feed = feedOf(
      `<?xml-stylesheet href="${at}"?><!DOCTYPE rss SYSTEM "${at}" [<!ENTITY e SYSTEM "${at}"><!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY % p SYSTEM "${at}">%p;]>${rss('<item><title>&e;&f;</title></item>')}`,
    );
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => canary.close(resolve));
    expect(feed.entries).toMatchObject([{ title: '&e;&f;' }]);
    expect(asked).toBe(0);
  });

  it('stops at 20,000 nested tags and keeps the entries before them', () => {
    const feed = feedOf(rss(`${item(1)}<item><description>${'<a>'.repeat(20_000)}`));
    expect(feed.entries).toMatchObject([{ title: 'Entry 1' }]);
    expect(feed.problems).toEqual(['nested deeper than 256 elements']);
  });

  it('keeps the whole entries of a feed that was cut off, wherever that happened', () => {
    const whole = rss(item(1) + item(2) + item(3));
    const secondEnds = whole.indexOf('</item>', whole.indexOf('Entry 2')) + '</item>'.length;
    const thirdEnds = whole.indexOf('</item>', whole.indexOf('Entry 3')) + '</item>'.length;
    for (let end = secondEnds; end < thirdEnds; end++) {
      const { entries, problems } = feedOf(whole.slice(0, end));
      expect(entries.map(({ title }) => title)).toEqual(['Entry 1', 'Entry 2']);
      expect(problems).toEqual(['cut off']);
    }
  });

  it('keeps the whole items of a JSON Feed that was cut off', () => {
    const whole = JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      items: [1, 2].map((n) => ({
        id: `${n}`,
        title: `Entry "${n}" }]`,
        attachments: [{ url: 'https://a.example/' }],
      })),
    });
    const feed = feedOf(whole.slice(0, whole.lastIndexOf('Entry') + 3));
    expect(feed).toMatchObject({ entries: [{ title: 'Entry "1" }]' }], problems: ['cut off'] });
  });

  it('takes no more than 10,000 entries', () => {
    const feed = feedOf(rss(Array.from({ length: 10_001 }, (_, n) => item(n)).join('')));
    expect(feed.entries).toHaveLength(10_000);
    expect(feed.problems).toEqual(['more than 10000 entries']);
  });

  it('cuts a text that no article could be', () => {
    const feed = feedOf(rss(`<item><description>${'word '.repeat(130_000)}</description></item>`));
    expect(feed.entries[0]?.summaryHtml).toHaveLength(600_000);
    expect(feed.problems).toEqual(['a text longer than 600000 characters was cut']);
  });

  it('cuts a text that comes in pieces, each of which is short', () => {
    const feed = feedOf(
      rss(`<item><description>${'<![CDATA[word ]]>'.repeat(130_000)}</description></item>`),
    );
    expect(feed.entries[0]?.summaryHtml).toHaveLength(600_000);
    expect(feed.problems).toEqual(['a text longer than 600000 characters was cut']);
  });

  it('gives JSON up that is nested deeper than any feed', () => {
    expect(read(`{"items":${'['.repeat(200)}${']'.repeat(200)}}`)).toMatchObject({ reason: 'broken JSON' });
  });

  it('refuses more than 12 MB unread', () => {
    const result = parseFeed(new Uint8Array(MAX_FEED_BYTES + 1), unknown);
    expect(result).toEqual({ kind: 'no-feed', reason: `larger than ${MAX_FEED_BYTES} bytes` });
  });

  it.each([
    ['elements', '<a/>'.repeat(400_000)],
    ['end tags', '</a>'.repeat(400_000)],
    ['open brackets', '<'.repeat(800_000)],
    ['comment starts', '<!--'.repeat(400_000)],
    ['declarations', `<!DOCTYPE a [${'<!ENTITY a "b'.repeat(100_000)}`],
    ['attributes', `<rss ${'a="b" '.repeat(200_000)}/>`],
    [
      'namespaces',
      `<rss ${Array.from({ length: 50_000 }, (_, n) => `xmlns:p${n}="u"`).join(' ')}>${'<a xmlns:q="v"/>'.repeat(100_000)}</rss>`,
    ],
    ['style starts in titles', rss(`<item><title>${'&lt;style'.repeat(100_000)}</title></item>`.repeat(2))],
    ['ampersands', rss(`<item><title>${'&amp'.repeat(400_000)}</title></item>`)],
    ['at signs', rss(`<item><author>${'a@'.repeat(400_000)}</author></item>`)],
    ['brackets of a date', rss(`<item><pubDate>${'('.repeat(800_000)}</pubDate></item>`)],
    ['open lists', `{"items":${'['.repeat(800_000)}`],
    ['open objects', `{"items":[${'{"a":'.repeat(200_000)}`],
  ])('gets through megabytes of %s', (_name, source) => {
    expect(['feed', 'no-feed']).toContain(read(source).kind);
  });

  it('answers any bytes with a value, feeds, sitemaps and listings alike', () => {
    const scraps = fc.constantFrom(
      ...[
        '<rss>',
        '<item>',
        '</item>',
        '<![CDATA[',
        ']]>',
        '<!--',
        '-->',
        '<?xml',
        '?>',
        '&amp;',
        '&#x',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
      ],
      ...[
        '<entry ',
        'xml:base="',
        '"',
        '>',
        '<urlset>',
        '<url><loc>',
        '<!DOCTYPE [',
        '<!ENTITY a "',
        '{"items":[',
        '[{"id":1,"link":"',
        '\u0000',
        '\ufeff',
        '</',
      ],
    );
    const pieces = fc.oneof(
      scraps.map((text) => [...new TextEncoder().encode(text)]),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => [...bytes]),
    );
    const inputs = fc.array(pieces, { maxLength: 40 }).map((parts) => Uint8Array.from(parts.flat()));
    fc.assert(
      fc.property(inputs, fc.option(fc.string()), (bytes, contentType) => {
        const context = { contentType, url: 'https://news.example/feed' };
        for (const parse of [parseFeed, parseSitemap, parseWordPress]) {
          expect(['feed', 'no-feed', 'index']).toContain(parse(bytes, context).kind);
        }
      }),
      { numRuns: 200 },
    );
  });
});
