import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Publisher } from '../../src/domain/publisher.js';
import { createReaderSide } from '../../src/node.js';
import { listen } from '../../src/serve/listen.js';
import { createSearch } from '../../src/serve/search.js';
import { type HostileServer, send, startHostileServer } from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { searchHere } from '../support/search-here.js';
import { createTestNode, testPublisher } from '../support/test-node.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;

interface Item {
  id: string;
  title: string;
  text: string;
  daysAgo: number;
}

const feedOf = (items: readonly Item[]): string =>
  `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Feed</title>${items
    .map(
      ({ id, title, text, daysAgo }) =>
        `<item><title>${title}</title><link>http://127.0.0.1/${id}</link><guid>${id}</guid>` +
        `<pubDate>${new Date(NOW - daysAgo * DAY).toUTCString()}</pubDate><description><![CDATA[<p>${text}</p>]]></description></item>`,
    )
    .join('')}</channel></rss>`;

const FILLER = 'Other words stand here, so that the text is as long as texts are. '.repeat(30);

const FEEDS: Readonly<Record<string, { language: string; items: readonly Item[] }>> = {
  lantern: {
    language: 'en',
    items: [
      { id: 'bridge', title: 'A bridge opens', text: `${FILLER}The engineers celebrated.`, daysAgo: 1 },
      {
        id: 'old',
        title: 'A quiet harbour',
        text: 'Nobody crossed the bridges of the harbour.',
        daysAgo: 40,
      },
      ...Array.from({ length: 25 }, (_, index) => ({
        id: `series${index}`,
        title: `Lighthouse note ${index}`,
        text: `${'A lighthouse keeper writes &lt;b&gt; of weather, waves and wicks. '.repeat(40)}Number ${index}.`,
        daysAgo: 2 + index / 24,
      })),
    ],
  },
  fonar: {
    language: 'ru',
    items: [{ id: 'most', title: 'Новые мосты', text: 'Через реку построили две переправы.', daysAgo: 3 }],
  },
  likhtar: {
    language: 'uk',
    items: [{ id: 'misto', title: 'Новини', text: 'У школах почалися канікули.', daysAgo: 3 }],
  },
  fanus: {
    language: 'fa',
    items: [{ id: 'ketab', title: 'کتاب‌های تازه', text: 'نویسندگان ایرانی کتاب می‌خوانند.', daysAgo: 3 }],
  },
  denglong: {
    language: 'zh',
    items: [{ id: 'qiao', title: '新桥开通', text: '市民走过长江大桥，看见了灯笼。', daysAgo: 3 }],
  },
};

let upstream: HostileServer;
let node: Awaited<ReturnType<typeof createTestNode>>;
let publishers: Publisher[];
const clock = createManualClock(NOW);

beforeAll(async () => {
  upstream = await startHostileServer(
    Object.fromEntries(
      Object.entries(FEEDS).map(([id, { items }]) => [
        `/${id}.xml`,
        send(feedOf(items), { 'content-type': 'application/rss+xml; charset=utf-8' }),
      ]),
    ),
  );
  publishers = Object.entries(FEEDS).map(([id, { language }]) =>
    testPublisher({
      id,
      language,
      names: { [language]: id },
      sources: [{ kind: 'feed', url: upstream.url(`/${id}.xml`), text: 'full', role: 'main', section: null }],
    }),
  );
  node = await createTestNode({ publishers, clock, env: { TAMIZDAT_FETCH_ALLOW: upstream.pair } });
  await node.pass();
});

afterAll(async () => {
  await node.close();
  await upstream.close();
});

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  wireBytes: number;
}

function post(
  path: string,
  fields: Record<string, string> | string,
  headers: Record<string, string> = {},
  origin = node.origin,
): Promise<Reply> {
  const body = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString();
  return new Promise((resolve, reject) => {
    const sent = request(
      `${origin}${path}`,
      {
        method: 'POST',
        agent: false,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(body),
          'accept-encoding': 'gzip',
          ...headers,
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const bytes = Buffer.concat(parts);
          const zipped = response.headers['content-encoding'] === 'gzip';
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: (zipped ? gunzipSync(bytes) : bytes).toString('utf8'),
            wireBytes: bytes.length,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Paths of the articles found, in order. */
const foundIn = (html: string): string[] =>
  [...html.matchAll(/<h3[^>]*><a href="([^"]+)">/g)].map(([, href]) => href ?? '');
const marked = (html: string): string[] =>
  [...html.matchAll(/<mark>([^<]*)<\/mark>/g)].map(([, word]) => word ?? '');
const pathOf = (publisher: string, guid: string): string => {
  const article = node.engine.store.articles.find(publisher, { stableId: '', guid, url: null });
  return `../${publisher}/a${article?.stableId}/`;
};

describe('search', () => {
  it('finds English words in any form, marked in headline and excerpt', async () => {
    const { status, text } = await post('/search/', { q: 'bridging engineer' });
    expect(status).toBe(200);
    expect(foundIn(text)).toEqual([pathOf('lantern', 'bridge')]);
    expect(marked(text)).toEqual(['bridge', 'engineers']);
    expect(text).toContain('…');
  });

  it.each([
    ['Russian', 'переправу мост', 'fonar', 'most', ['мосты', 'переправы']],
    ['Ukrainian', 'школа', 'likhtar', 'misto', ['школах']],
    ['Persian with Arabic letters', 'كتاب', 'fanus', 'ketab', null],
    ['Chinese', '大桥', 'denglong', 'qiao', ['大桥']],
  ])('finds %s', async (_, q, publisher, guid, words) => {
    const { text } = await post('/search/', { q });
    expect(foundIn(text)).toEqual([pathOf(publisher, guid)]);
    if (words === null) expect(marked(text).length).toBeGreaterThan(0);
    else expect(marked(text)).toEqual(words);
  });

  it('puts a match in the headline before a newer one elsewhere', async () => {
    expect(foundIn((await post('/search/', { q: 'harbour OR bridge' })).text)).toEqual([]);
    expect(foundIn((await post('/search/', { q: 'bridges' })).text)).toEqual([
      pathOf('lantern', 'bridge'),
      pathOf('lantern', 'old'),
    ]);
  });

  it('keeps to a period and to a publisher', async () => {
    const week = await post('/search/', { q: 'bridge', since: 'week' });
    expect(foundIn(week.text)).toEqual([pathOf('lantern', 'bridge')]);
    expect(week.text).toContain('<option value="week" selected="">');
    expect(foundIn((await post('/search/', { q: 'bridge', publisher: 'fonar' })).text)).toEqual([]);
    expect(foundIn((await post('/search/', { q: 'bridge', publisher: 'lantern' })).text)).toHaveLength(2);
    expect(
      foundIn((await post('/search/', { q: 'bridge', publisher: 'nobody', since: 'x' })).text),
    ).toHaveLength(2);
  });

  it('shows ten at a time, newest first, and turns the pages by further forms', async () => {
    const first = await post('/search/', { q: 'lighthouse', publisher: 'lantern' });
    expect(first.text).toContain('25 articles found');
    expect(foundIn(first.text)).toEqual(
      Array.from({ length: 10 }, (_, index) => pathOf('lantern', `series${index}`)),
    );
    expect(first.text).toContain('<input type="hidden" name="page" value="2">');
    const last = await post('/search/', { q: 'lighthouse', page: '3' });
    expect(foundIn(last.text)).toHaveLength(5);
    expect(last.text).not.toContain('name="page" value="4"');
    expect(foundIn((await post('/search/', { q: 'lighthouse', page: '99' })).text)).toEqual(
      foundIn(last.text),
    );
  });

  it('fits the line, is kept by nobody and is not found in the tree', async () => {
    const before = node.engine.store.pages.allPaths().length;
    const { headers, wireBytes } = await post('/search/', { q: 'lighthouse weather', since: 'month' });
    expect(wireBytes).toBeLessThanOrEqual(8_192);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toContain("form-action 'self'");
    expect(headers.connection).toBe('close');
    expect(node.engine.store.pages.allPaths()).toHaveLength(before);
  });

  it('leaves markup in a text and in a question what it is: text', async () => {
    const { text } = await post('/search/', { q: '"><script>alert(1)</script> lighthouse' });
    expect(text).not.toContain('<script');
    const notes = await post('/search/', { q: 'lighthouse' });
    expect(notes.text).not.toContain('<b> of weather');
  });

  it('speaks the language of the path it was asked under', async () => {
    const { text } = await post('/ru/search/', { q: 'мост' });
    expect(text).toContain('<html lang="ru"');
    expect(foundIn(text)).toEqual([`../${pathOf('fonar', 'most')}`]);
  });

  it('gives the form in the tree, linked from every page', async () => {
    const form = await node.get('/search/');
    expect(form.status).toBe(200);
    expect(form.text).toContain('<form method="post" action="./">');
    expect(foundIn(form.text)).toEqual([]);
    expect((await node.get('/fa/search/')).text).toContain('dir="rtl"');
    expect((await node.get('/')).text).toContain('href="./search/"');
    expect((await node.get('/fonar/')).text).toContain('href="../ru/search/"');
    expect(node.engine.store.pages.head('/search/')?.groupKey).toBe('search:/');
  });

  it('gives the form again where nothing was asked, and says where nothing can be found', async () => {
    expect((await post('/search/', { q: '  ' })).text).not.toContain('role="status"');
    expect((await post('/search/', { q: '!!! "" *' })).text).toContain('Nothing was found');
  });

  it('answers 413 to a question too long and 400 to what is no form, with a page', async () => {
    const long = await post('/search/', { q: 'a'.repeat(201) });
    expect([long.status, long.text.includes('Too long')]).toEqual([413, true]);
    const huge = await post('/search/', `q=${'a'.repeat(5_000)}`);
    expect([huge.status, huge.text.includes('Too long')]).toEqual([413, true]);
    const json = await post('/search/', '{"q":"bridge"}', { 'content-type': 'application/json' });
    expect([json.status, json.text.includes('Not understood')]).toEqual([400, true]);
  });

  it('stops reading a body that does not say its length', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const sent = request(
        `${node.origin}/search/`,
        { method: 'POST', agent: false, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      sent.on('error', reject);
      sent.write('q=');
      for (let index = 0; index < 5; index += 1) sent.write('a'.repeat(1_000));
    });
    expect(status).toBe(413);
  });

  it('leaves nothing of a question in an address, a header, a counter or a file', async () => {
    const mark = 'zanzibarquux';
    const heard: unknown[] = [];
    const side = createReaderSide(node.config, clock, (...told) => heard.push(...told), {
      searcherOf: searchHere,
    });
    const server = await listen(side.app, { host: '127.0.0.1', port: 0 });
    const { text, headers } = await post(
      '/search/',
      { q: `lighthouse OR ${mark}` },
      {},
      `http://127.0.0.1:${server.port}`,
    );
    await server.close(1_000);
    await side.close();
    expect(text.match(new RegExp(mark, 'g'))).toHaveLength(1);
    expect([...text.matchAll(/(?:href|action)="([^"]*)"/g)].filter(([, url]) => url?.includes('?'))).toEqual(
      [],
    );
    expect(JSON.stringify(headers)).not.toContain(mark);
    expect(heard).toEqual([200, expect.any(Number)]);
    const files = readdirSync(node.home, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const file of files)
      expect(readFileSync(join(file.parentPath, file.name)).includes(mark), file.name).toBe(false);
  });

  it('answers 405 to any other method and any other path', async () => {
    expect((await post('/', { q: 'bridge' })).status).toBe(405);
    expect((await post('/lantern/search/', { q: 'bridge' })).status).toBe(405);
    expect((await post('/zz/search/', { q: 'bridge' })).status).toBe(405);
    expect((await node.get('/search/', {}, 'PUT')).status).toBe(405);
    expect((await node.get('/search/', {}, 'HEAD')).status).toBe(200);
  });

  it('gets ready when somebody asks for the form, however often, and for nothing else', async () => {
    const prepare = vi.fn();
    const side = createReaderSide(node.config, clock, () => {}, {
      searcherOf: (tree) => ({ ...searchHere(tree), prepare }),
    });
    const server = await listen(side.app, { host: '127.0.0.1', port: 0 });
    const asked = async (path: string) => {
      const { status } = await fetch(`http://127.0.0.1:${server.port}${path}`);
      return [status, prepare.mock.calls.length];
    };
    const paths = ['/', '/search/', '/search/', '/ru/search/', '/lantern/search/'];
    const seen = [];
    for (const path of paths) seen.push(await asked(path));
    await server.close(1_000);
    await side.close();
    expect(seen).toEqual([
      [200, 0],
      [200, 1],
      [200, 2],
      [200, 3],
      [404, 3],
    ]);
  });

  it.each([
    ['busy', 503, 'Busy'],
    ['broken', 500, 'Something broke'],
  ] as const)('answers with a page where the thread that searches is %s', async (kind, status, heading) => {
    const side = createReaderSide(node.config, clock, () => {}, {
      searcherOf: () => ({ ask: async () => ({ kind }), prepare: () => {}, close: async () => {} }),
    });
    const server = await listen(side.app, { host: '127.0.0.1', port: 0 });
    const reply = await post('/ru/search/', { q: 'x' }, {}, `http://127.0.0.1:${server.port}`);
    const english = await post('/search/', { q: 'x' }, {}, `http://127.0.0.1:${server.port}`);
    await server.close(1_000);
    await side.close();
    expect([reply.status, english.status]).toEqual([status, status]);
    expect(english.text).toContain(`<h1>${heading}</h1>`);
    expect(reply.text).toContain('<html lang="ru"');
    expect(reply.headers['cache-control']).toBe('no-store');
  });

  it('never shows what was withdrawn, nor publishers at rest, nor more of a teaser than lists do', async () => {
    const { sync, store } = node.engine;
    const article = store.articles.find('likhtar', { stableId: '', guid: 'misto', url: null });
    store.search.remove(article?.id ?? 0);
    expect(foundIn((await post('/search/', { q: 'школа' })).text)).toEqual([]);

    const teaser = publishers.map((one) =>
      one.id === 'lantern' ? { ...one, publish: 'teaser' as const } : one,
    );
    sync.prepare(
      teaser.filter(({ id }) => id !== 'denglong'),
      'another',
    );
    expect(foundIn((await post('/search/', { q: '大桥' })).text)).toEqual([]);
    expect(foundIn((await post('/search/', { q: '大桥', publisher: 'denglong' })).text)).toEqual([]);
    const hidden = await post('/search/', { q: 'celebrated' });
    expect(foundIn(hidden.text)).toEqual([pathOf('lantern', 'bridge')]);
    expect(marked(hidden.text)).toEqual([]);
  });
});

describe('the search behind it', () => {
  it('is another path than the form’s for anything but its own', async () => {
    const { store } = node.engine;
    const search = createSearch({ store, site: {} as never, clock, searcher: {} as never });
    expect(await search('/search', {} as never)).toBeNull();
    expect(await search('/eng/search/', {} as never)).toBeNull();
  });
});
