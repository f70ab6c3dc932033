import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, type StandIn, story } from '../sync/stand-in.js';

let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

const start = async (env: Record<string, string> = {}, given: Parameters<StandIn['publisher']>[0] = {}) => {
  node = await createTestNode({
    publishers: [site.publisher(given)],
    clock: createManualClock(FIRST_AT + DAY_MS),
    env: { ...site.env, ...env },
  });
  await node.pass();
};
const hrefsOf = (html: string) =>
  [...html.matchAll(/ (?:href|action)="([^"]*)"/g)].map(([, href]) => href ?? '');
const tagOf = (answer: { headers: Record<string, string> }) => answer.headers.etag;

beforeEach(async () => {
  site = await createStandIn([story(1), story(2)]);
});

afterEach(async () => {
  await node.close();
  await site.close();
});

describe('addresses', () => {
  it('that lead nowhere say so in links that work at any depth', async () => {
    await start();
    for (const path of [
      '/nothing',
      '/stand-in/a99/',
      '/stand-in/s/x/y',
      '/a/b/c/d/e/f.html',
      '/a/b/c/d/e/f/g/h/',
    ]) {
      const answer = await node.get(path);
      expect(answer.status, path).toBe(404);
      expect(answer.headers['cache-control'], path).toBe('no-store');
      const links = hrefsOf(answer.text).filter((href) => !/^(?:https?|mailto|data):/.test(href));
      expect(links.length).toBeGreaterThan(2);
      for (const href of new Set(links)) {
        const target = new URL(href, `${node.origin}${path}`);
        const method = target.pathname.endsWith('/search/') ? 'POST' : 'GET';
        if (method === 'GET')
          expect((await node.get(target.pathname)).status, `${href} on ${path}`).toBe(200);
      }
    }
  });

  it('without their slash, and the publisher’s own, lead to the page', async () => {
    await start({}, { identity: { patterns: [] } });
    const [listed] = node.engine.store.lists.newest({}, 1);
    const home = `/stand-in/a${listed?.stableId}/`;
    for (const [from, to] of [
      ['/stand-in', '/stand-in/'],
      ['/en', '/en/'],
      ['/about', '/about/'],
      ['/abuse', '/legal/'],
      ['/ru/abuse/', '/ru/legal/'],
      [home.slice(0, -1), home],
      [`/stand-in${site.pathOf(story(2))}`, home],
      [`/stand-in${site.pathOf(story(2))}?utm_source=x`, home],
    ] as const) {
      const answer = await node.get(from);
      expect([answer.status, answer.headers.location], from).toEqual([301, to]);
    }
    expect((await node.get('//evil.example/stand-in')).status).toBe(404);
  });

  it('of the publisher lead to the article by its id, whatever the words say', async () => {
    await start();
    const answer = await node.get('/stand-in/news/other-words-altogether-a2');
    expect([answer.status, answer.headers.location]).toEqual([301, '/stand-in/a2/']);
  });

  it('under a base path keep every link inside it', async () => {
    await start({ TAMIZDAT_SITE_BASE_PATH: '/secret/news/' });
    expect((await node.get('/')).status).toBe(404);
    expect((await node.get('/stand-in/')).status).toBe(404);
    expect((await node.get('/secret/news/stand-in')).headers.location).toBe('/secret/news/stand-in/');
    const seen = new Set<string>();
    const todo = ['/secret/news/'];
    for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
      seen.add(path);
      const answer = await node.get(path);
      expect(answer.status, path).toBe(200);
      for (const href of hrefsOf(answer.text)) {
        if (/^(?:https?:|mailto:|data:|#)/.test(href)) continue;
        const target = new URL(href, `${node.origin}${path}`).pathname;
        expect(target.startsWith('/secret/news/'), `${href} on ${path}`).toBe(true);
        if (!seen.has(target) && !target.endsWith('/search/') && !todo.includes(target)) todo.push(target);
      }
    }
    expect(seen.size).toBeGreaterThan(20);
    expect((await node.get('/secret/news/stand-in/rss.xml')).text).toContain(
      `${node.origin}/secret/news/stand-in/a1/`,
    );
  });

  it('in feeds are those of the config, the one the reader came by first', async () => {
    await start({ TAMIZDAT_SITE_URLS: 'https://mirror.example,http://abcdefghij.onion' });
    const linksFor = async (host: string) => (await node.get('/stand-in/rss.xml', { host })).text;
    expect(await linksFor('evil.example')).toContain('https://mirror.example/stand-in/a1/');
    expect(await linksFor('evil.example')).not.toContain('evil.example');
    expect(await linksFor('abcdefghij.onion')).toContain('http://abcdefghij.onion/stand-in/a1/');
  });

  it('in feeds are the request’s where nothing is configured, ids the same for all', async () => {
    await start();
    const feeds = await Promise.all(
      ['one.example', 'two.example:8080'].map((host) => node.get('/stand-in/atom.xml', { host })),
    );
    const ids = feeds.map(({ text }) => [...text.matchAll(/<id>([^<]*)<\/id>/g)].map(([, id]) => id));
    expect(ids[0]).toEqual(ids[1]);
    expect(ids[0]).toHaveLength(3);
    expect(ids[0]?.every((id) => id?.startsWith('tag:'))).toBe(true);
    expect(feeds[1]?.text).toContain('http://two.example:8080/stand-in/a1/');
    expect(feeds.map(tagOf)[0]).not.toBe(feeds.map(tagOf)[1]);
  });

  it('leave nothing behind with no-store, and connections open where a proxy stands in front', async () => {
    await start({ TAMIZDAT_HTTP_CACHE_CONTROL: 'no-store', TAMIZDAT_HTTP_EDGE: 'proxied' });
    const sha256 = createHash('sha256').update('picture').digest('hex');
    const { store } = node.engine;
    const [listed] = store.lists.newest({}, 1);
    store.media.put(
      listed?.id ?? 0,
      'http://127.0.0.1/p',
      [{ step: 'light', type: 'image/webp', width: 1, height: 1, bytes: Buffer.from('picture') }],
      0,
    );
    for (const path of ['/', '/stand-in/a1/', '/stand-in/rss.xml', '/stand-in', `/media/${sha256}.webp`]) {
      const { headers, status } = await node.get(path);
      expect(status, path).toBeLessThan(400);
      expect(headers['cache-control'], path).toBe('no-store');
      expect((await node.get(path, { connection: 'keep-alive' })).headers.connection, path).toBe(
        'keep-alive',
      );
    }
    const secure = await node.get('/stand-in/rss.xml', {
      host: 'mirror.example',
      'x-forwarded-proto': 'https',
    });
    expect(secure.text).toContain('https://mirror.example/stand-in/a1/');
  });

  it('of pictures are their hashes, so that they may be kept for ever', async () => {
    await start();
    const bytes = Buffer.from('not looked into by the server');
    const path = `/media/${createHash('sha256').update(bytes).digest('hex')}.avif`;
    expect((await node.get(path)).status).toBe(404);
    const [listed] = node.engine.store.lists.newest({}, 1);
    node.engine.store.media.put(
      listed?.id ?? 0,
      'http://127.0.0.1/p',
      [{ step: 'light', type: 'image/avif', width: 1, height: 1, bytes }],
      0,
    );
    const answer = await node.get(path);
    expect([answer.status, answer.text]).toEqual([200, bytes.toString()]);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/avif',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-length': String(bytes.length),
    });
    expect((await node.get(path, { 'if-none-match': tagOf(answer) ?? '' })).status).toBe(304);
    expect((await node.get(path, {}, 'HEAD')).wireBytes).toBe(0);
  });

  it('of changes take a cursor', async () => {
    await start();
    for (const [since, page] of [
      ['0', '/api/v1/changes/1.json'],
      ['2', '/api/v1/changes/1.json'],
      ['99999', '/api/v1/changes/1.json'],
      ['-1', '/api/v1/changes.json'],
      ['x', '/api/v1/changes.json'],
    ] as const)
      expect((await node.get(`/api/v1/changes?since=${since}`)).headers.location, since).toBe(page);
    const { changes } = JSON.parse((await node.get('/api/v1/changes/1.json')).text) as {
      changes: { seq: number; kind: string }[];
    };
    expect(changes.map(({ seq, kind }) => [seq, kind])).toEqual([
      [1, 'publisher'],
      [2, 'publish'],
      [3, 'publish'],
    ]);
  });
});
