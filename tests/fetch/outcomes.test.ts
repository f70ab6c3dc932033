import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ARTICLE_PAGE,
  conditional,
  drip,
  encoded,
  endless,
  gzipBomb,
  type HostileServer,
  raw,
  redirect,
  reset,
  SMALL_FEED,
  send,
  silence,
  startHostileServer,
  status,
  wrongLength,
} from '../support/hostile-server.js';
import { type TestFetcher, testFetcher, USER_AGENT } from './support.js';

describe('every way a fetch can end', () => {
  let server: HostileServer;
  let fetcher: TestFetcher;

  beforeAll(async () => {
    server = await startHostileServer();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    fetcher = testFetcher({ allow: [server.pair], robots: false });
  });
  afterEach(() => fetcher.close());

  const get = (path: string, request = {}) => fetcher.get(server.url(path), request);

  it('fetches a feed with its validators, type and time', async () => {
    const headers = {
      'content-type': 'application/rss+xml',
      etag: '"1"',
      'last-modified': 'Sun, 01 Nov 2026 00:00:00 GMT',
      'cache-control': 'max-age=600',
    };
    server.on('/feed', send(SMALL_FEED, headers));
    const outcome = await get('/feed');
    expect(outcome).toEqual({
      kind: 'fetched',
      url: server.url('/feed'),
      status: 200,
      contentType: 'application/rss+xml',
      etag: '"1"',
      lastModified: 'Sun, 01 Nov 2026 00:00:00 GMT',
      body: Buffer.from(SMALL_FEED),
      fetchedAt: fetcher.clock.now(),
      servedAt: expect.any(Number),
      freshForMs: 600_000,
    });
  });

  it('names itself, and sends neither cookie nor referrer, whatever the server set before', async () => {
    server.on('/sets', send(SMALL_FEED, { 'set-cookie': 'reader=1' }));
    server.on('/again', redirect(302, '/sets'));
    await get('/sets');
    await get('/again');
    for (const request of server.requests) {
      expect(request.headers['user-agent']).toBe(USER_AGENT);
      expect(request.headers).not.toHaveProperty('cookie');
      expect(request.headers).not.toHaveProperty('referer');
    }
  });

  it('answers not-modified to the validators it was given, by ETag or by date', async () => {
    server.on('/feed', conditional(SMALL_FEED, '"v2"', 'Mon, 02 Nov 2026 00:00:00 GMT'));
    expect(await get('/feed', { etag: '"v1"' })).toMatchObject({ kind: 'fetched', etag: '"v2"' });
    expect(await get('/feed', { etag: '"v2"' })).toMatchObject({ kind: 'not-modified' });
    expect(await get('/feed', { lastModified: 'Mon, 02 Nov 2026 00:00:00 GMT' })).toMatchObject({
      kind: 'not-modified',
    });
  });

  it('keeps a validator that cannot stand in a header to itself', async () => {
    server.on('/feed', send(SMALL_FEED));
    expect(await get('/feed', { etag: '"a"\r\nX-Smuggled: 1', lastModified: 'вчера' })).toMatchObject({
      kind: 'fetched',
    });
    expect(server.requests.at(-1)?.headers).not.toHaveProperty('if-none-match');
    expect(server.requests.at(-1)?.headers).not.toHaveProperty('x-smuggled');
  });

  it('does not take a 304 that nobody asked for as good news', async () => {
    server.on('/feed', status(304));
    expect(await get('/feed')).toMatchObject({ kind: 'failed', reason: 'bad-status' });
  });

  it.each(['gzip', 'br', 'deflate', 'raw-deflate'] as const)('decodes %s', async (coding) => {
    server.on('/feed', encoded(SMALL_FEED, coding));
    const outcome = await get('/feed');
    expect(outcome.kind === 'fetched' && Buffer.from(outcome.body).toString()).toBe(SMALL_FEED);
    expect(server.requests.at(-1)?.headers['accept-encoding']).toBe('gzip, br, deflate');
  });

  it('unpacks a file that is gzip by itself, as sitemaps are, and no further than a body may', async () => {
    const type = { 'content-type': 'application/gzip' };
    const file = gzipSync(SMALL_FEED);
    server.on('/map.xml.gz', send(file, type));
    server.on('/twice.xml.gz', send(gzipSync(file), { ...type, 'content-encoding': 'gzip' }));
    for (const path of ['/map.xml.gz', '/twice.xml.gz'])
      expect(await get(path)).toMatchObject({ kind: 'fetched', body: Buffer.from(SMALL_FEED) });
    server.on('/map.xml.gz', send(file.subarray(0, 60), type));
    expect(await get('/map.xml.gz')).toMatchObject({ kind: 'failed', reason: 'cut-off' });
    server.on('/map.xml.gz', send(gzipSync(Buffer.alloc(33_000_000)), type));
    expect(await get('/map.xml.gz')).toMatchObject({ kind: 'failed', reason: 'too-large' });
  });

  it('takes a plain body that only claims to be gzip', async () => {
    server.on('/feed', send(SMALL_FEED, { 'content-encoding': 'gzip' }));
    expect(await get('/feed')).toMatchObject({ kind: 'fetched', body: Buffer.from(SMALL_FEED) });
  });

  it.each([
    ['a body in a coding it did not ask for', send(SMALL_FEED, { 'content-encoding': 'zstd' })],
    ['codings on codings', send(SMALL_FEED, { 'content-encoding': 'gzip, gzip, gzip' })],
    [
      'a body that is no gzip inside',
      send(Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(80, 7)]), { 'content-encoding': 'gzip' }),
    ],
  ])('fails with bad-encoding on %s', async (_what, behavior) => {
    server.on('/feed', behavior);
    expect(await get('/feed')).toMatchObject({ kind: 'failed', reason: 'bad-encoding' });
  });

  it.each([
    ['gzip cut off', encoded(SMALL_FEED.repeat(9), 'gzip', 0.6)],
    ['brotli cut off', encoded(SMALL_FEED.repeat(9), 'br', 0.6)],
    ['a shorter body than announced', wrongLength(10_000, SMALL_FEED)],
    ['a longer body than announced', wrongLength(60, SMALL_FEED)],
    [
      'a chunked body without its end',
      raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n<rss>'),
    ],
    ['a connection closed without a word', raw('')],
  ])('fails with cut-off on %s', async (_what, behavior) => {
    server.on('/feed', behavior);
    expect(await get('/feed')).toMatchObject({ kind: 'failed', reason: 'cut-off', retryable: true });
  });

  it.each([
    ['at once', reset()],
    ['in the middle of the body', reset('<rss>')],
  ])('is blocked by a reset %s', async (_what, behavior) => {
    server.on('/feed', behavior);
    expect(await get('/feed')).toMatchObject({ kind: 'blocked', reason: 'reset', status: null });
  });

  it.each([
    [401, { kind: 'blocked', reason: 'status-401' }],
    [403, { kind: 'blocked', reason: 'status-403' }],
    [404, { kind: 'gone', status: 404 }],
    [410, { kind: 'gone', status: 410 }],
    [418, { kind: 'failed', reason: 'bad-status', retryable: false }],
    [408, { kind: 'failed', reason: 'bad-status', retryable: true }],
    [429, { kind: 'rate-limited', scope: 'host' }],
    [451, { kind: 'blocked', reason: 'status-451' }],
    [500, { kind: 'failed', reason: 'server-error', retryable: true }],
    [503, { kind: 'failed', reason: 'server-error', retryable: true }],
  ])('gives %i its outcome', async (code, expected) => {
    server.on('/feed', status(code));
    expect(await get('/feed')).toMatchObject(expected);
  });

  it('fails with bad-status on what is no HTTP', async () => {
    server.on('/feed', raw('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await get('/feed')).toMatchObject({ kind: 'failed', reason: 'bad-status' });
  });

  it('fails with connect where nobody listens', async () => {
    const gone = await startHostileServer();
    await gone.close();
    const local = testFetcher({ allow: [gone.pair] });
    expect(await local.get(gone.url('/feed'))).toMatchObject({ kind: 'failed', reason: 'connect' });
  });

  it('fails with dns where a name has no address', async () => {
    const nowhere = testFetcher(
      {},
      { resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })) },
    );
    expect(await nowhere.get('http://feed.test/')).toMatchObject({
      kind: 'failed',
      reason: 'dns',
      retryable: true,
    });
  });

  it.each([
    ['a body that drips', drip(20)],
    ['headers that drip', drip(20, 'headers')],
    ['silence', silence()],
  ])('ends %s when its time is over', async (_what, behavior) => {
    server.on('/feed', behavior);
    const hasty = testFetcher({ allow: [server.pair], timeoutMs: 150 });
    expect(await hasty.get(server.url('/feed'))).toMatchObject({ kind: 'failed', reason: 'timeout' });
    await hasty.close();
  });

  it('ends a resolver that never answers when its time is over', async () => {
    const hasty = testFetcher({ timeoutMs: 50 }, { resolve: () => new Promise(() => {}) });
    expect(await hasty.get('http://feed.test/')).toMatchObject({ kind: 'failed', reason: 'timeout' });
  });

  it('stops an endless body at the cap', async () => {
    let written = 0;
    server.on(
      '/feed',
      endless((bytes) => {
        written = bytes;
      }),
    );
    const small = testFetcher({
      allow: [server.pair],
      maxBytes: { feed: 300_000, page: 1, picture: 1, json: 1 },
    });
    expect(await small.get(server.url('/feed'))).toMatchObject({ kind: 'failed', reason: 'too-large' });
    // What the sockets of both sides hold, and no more.
    expect(written).toBeLessThan(20_000_000);
  });

  it('refuses 400 MB by their announcement alone', async () => {
    server.on('/feed', raw('HTTP/1.1 200 OK\r\nContent-Length: 400000000\r\n\r\n<rss>'));
    const outcome = await get('/feed');
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: 'too-large',
      detail: expect.stringContaining('400000000'),
    });
  });

  it('stops a body that unpacks to a thousand times its size, without holding it', async () => {
    server.on('/feed', gzipBomb(200));
    const outcome = await get('/feed');
    expect(outcome).toMatchObject({
      kind: 'failed',
      reason: 'too-large',
      detail: expect.stringContaining('unpacks'),
    });
  });

  it('holds less than 100 MB more through all of these, whatever they send', async () => {
    server.on('/endless', endless());
    server.on('/bomb', gzipBomb(200));
    const held = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
    const before = held();
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, held() - before);
    }, 1);
    await get('/endless');
    await get('/bomb');
    clearInterval(watch);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(100_000_000);
  });

  it('stops headers without end', async () => {
    server.on('/feed', raw(`HTTP/1.1 200 OK\r\n${`X-Pad: ${'y'.repeat(1_000)}\r\n`.repeat(100)}\r\n`));
    expect(await get('/feed')).toMatchObject({ kind: 'failed', reason: 'too-large' });
  });

  it('goes on with the next fetch from the same host after each of these', async () => {
    server.on('/bad', reset());
    server.on('/good', send(SMALL_FEED));
    const [bad, good] = await Promise.all([get('/bad'), get('/good')]);
    expect([bad.kind, good.kind]).toEqual(['blocked', 'fetched']);
  });

  it('says aborted when it is called off, before or during', async () => {
    server.on('/feed', silence());
    const before = new AbortController();
    before.abort();
    expect(await get('/feed', { signal: before.signal })).toMatchObject({ reason: 'aborted' });
    const during = new AbortController();
    setTimeout(() => during.abort(), 30);
    expect(await get('/feed', { signal: during.signal })).toMatchObject({
      kind: 'failed',
      reason: 'aborted',
    });
  });

  it('ends what is under way when it is closed, and throws when it is asked afterwards', async () => {
    server.on('/feed', silence());
    const closing = testFetcher({ allow: [server.pair] });
    const waiting = [closing.get(server.url('/feed')), closing.get(server.url('/feed'))];
    await closing.close();
    expect(await Promise.all(waiting)).toMatchObject([{ reason: 'aborted' }, { reason: 'aborted' }]);
    await expect(closing.get(server.url('/feed'))).rejects.toMatchObject({ code: 'fetch.closed' });
  });

  it('fetches a page and a picture and JSON by what each asks for', async () => {
    server.on('/page', send(ARTICLE_PAGE, { 'content-type': 'text/html' }));
    server.on('/picture', send(Buffer.alloc(100, 1), { 'content-type': 'image/png' }));
    server.on('/json', send('[]', { 'content-type': 'application/json' }));
    expect(await get('/page', { expect: 'page' })).toMatchObject({ kind: 'fetched' });
    expect(await get('/picture', { expect: 'picture' })).toMatchObject({ kind: 'fetched' });
    expect(await get('/json', { expect: 'json' })).toMatchObject({ kind: 'fetched' });
  });
});
