import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.js';
import {
  type HostileServer,
  SMALL_FEED,
  send,
  startHostileServer,
  status,
} from '../support/hostile-server.js';
import { PUBLIC, pretendInternet, type TestFetcher, testFetcher } from './support.js';

const MINUTE = 60_000;

describe('politeness', () => {
  let server: HostileServer;
  let fetcher: TestFetcher;
  beforeAll(async () => {
    server = await startHostileServer();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    fetcher = testFetcher({ robots: false }, pretendInternet(() => [PUBLIC]).deps);
    server.on('/feed', send(SMALL_FEED));
    server.on('/other', send(SMALL_FEED));
  });
  afterEach(() => fetcher.close());
  const get = (path: string, host = 'feed.test') => fetcher.get(server.url(path, host));

  it('waits between two fetches from one host, and not between hosts', async () => {
    await get('/feed');
    await get('/feed', 'other.test');
    expect(fetcher.clock.sleeps).toEqual([]);
    await get('/other');
    expect(fetcher.clock.sleeps).toEqual([1_000]);
  });

  it('does not wait where the gap has passed by itself', async () => {
    await get('/feed');
    fetcher.clock.advance(1_000);
    await get('/feed');
    expect(fetcher.clock.sleeps).toEqual([]);
  });

  it('adds up to half the gap by chance', async () => {
    const jittered = testFetcher(
      { robots: false },
      { ...pretendInternet(() => [PUBLIC]).deps, random: () => 0.5 },
    );
    await jittered.get(server.url('/feed', 'feed.test'));
    await jittered.get(server.url('/feed', 'feed.test'));
    expect(jittered.clock.sleeps).toEqual([1_250]);
  });

  it.each([1, 2])('asks one host at most %i at once, in the order they came', async (perHost) => {
    let most = 0;
    const order: string[] = [];
    const open: (() => void)[] = [];
    for (const n of [1, 2, 3, 4]) {
      server.on(`/${n}`, (request, response) => {
        order.push(request.url ?? '');
        open.push(() => send(SMALL_FEED)(request, response));
        most = Math.max(most, open.length);
        // As many as may be here at once, and a moment in which one too many would come.
        if (open.length === perHost)
          setTimeout(() => {
            for (const answer of open.splice(0)) answer();
          }, 20);
      });
    }
    const local = testFetcher(
      { perHost, politenessMs: 0, robots: false },
      pretendInternet(() => [PUBLIC]).deps,
    );
    await Promise.all([1, 2, 3, 4].map((n) => local.get(server.url(`/${n}`, 'feed.test'))));
    expect(most).toBe(perHost);
    if (perHost === 1) expect(order).toEqual(['/1', '/2', '/3', '/4']);
  });

  it('leaves the line at once when called off, and lets the next one in', async () => {
    server.on('/slow', (request, response) => void setTimeout(() => send(SMALL_FEED)(request, response), 50));
    const off = new AbortController();
    const slow = get('/slow');
    const called = fetcher.fetch({
      url: server.url('/feed', 'feed.test'),
      expect: 'feed',
      hosts: ['feed.test'],
      signal: off.signal,
    });
    const next = get('/other');
    off.abort();
    expect(await called).toMatchObject({ kind: 'failed', reason: 'aborted' });
    expect([(await slow).kind, (await next).kind]).toEqual(['fetched', 'fetched']);
  });

  it('is called off in the middle of its wait too', async () => {
    const real = testFetcher(
      { politenessMs: 600_000 },
      { ...pretendInternet(() => [PUBLIC]).deps, clock: systemClock },
    );
    await real.get(server.url('/feed', 'feed.test'));
    const waiting = real.get(server.url('/feed', 'feed.test'));
    await real.close();
    expect(await waiting).toMatchObject({ kind: 'failed', reason: 'aborted' });
  });
});

describe('Retry-After', () => {
  let server: HostileServer;
  let fetcher: TestFetcher;
  beforeAll(async () => {
    server = await startHostileServer();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    fetcher = testFetcher({ robots: false }, pretendInternet(() => [PUBLIC]).deps);
    server.on('/other', send(SMALL_FEED));
  });
  afterEach(() => fetcher.close());
  const get = (path: string, host = 'feed.test') => fetcher.get(server.url(path, host));

  it.each([429, 503])(
    'with %i keeps the whole host alone, without touching the network, until then',
    async (code) => {
      server.on('/feed', status(code, { 'retry-after': '120' }));
      const limited = {
        kind: 'rate-limited',
        status: code,
        scope: 'host',
        retryAt: fetcher.clock.now() + 2 * MINUTE,
      };
      expect(await get('/feed')).toEqual(limited);
      const seen = server.requests.length;
      expect(await get('/feed')).toEqual(limited);
      expect(await get('/other')).toEqual(limited);
      expect(server.requests.length).toBe(seen);
      expect(fetcher.clock.sleeps).toEqual([]);
      expect(await get('/other', 'other.test')).toMatchObject({ kind: 'fetched' });

      fetcher.clock.advance(2 * MINUTE);
      expect(await get('/other')).toMatchObject({ kind: 'fetched' });
    },
  );

  it.each([500, 403, 400])('with %i keeps that URL alone and no other', async (code) => {
    server.on('/feed', status(code, { 'retry-after': '120' }));
    expect(await get('/feed')).toMatchObject({ kind: 'rate-limited', scope: 'url', status: code });
    const seen = server.requests.length;
    expect(await get('/feed')).toMatchObject({ kind: 'rate-limited', scope: 'url', status: code });
    expect(server.requests.length).toBe(seen);
    expect(await get('/other')).toMatchObject({ kind: 'fetched' });
  });

  it.each([404, 451, 401])('is not heard with %i, which says enough', async (code) => {
    server.on('/feed', status(code, { 'retry-after': '120' }));
    const first = await get('/feed');
    expect(first.kind).not.toBe('rate-limited');
    expect(await get('/feed')).toEqual(first);
  });

  it.each([
    ['0', 1_000],
    ['Sun, 01 Nov 2026 00:10:00 GMT', 10 * MINUTE],
    ['Sat, 31 Oct 2026 00:00:00 GMT', 1_000],
    ['9999999', 24 * 60 * MINUTE],
    ['soon', 5 * MINUTE],
    ['', 5 * MINUTE],
  ])('of %j with 429 means %i ms', async (value, pauseMs) => {
    server.on('/feed', status(429, { 'retry-after': value }));
    expect(await get('/feed')).toMatchObject({ retryAt: fetcher.clock.now() + pauseMs });
  });

  it('empties the line behind a host that asks for a pause at once', async () => {
    server.on('/feed', status(429, { 'retry-after': '60' }));
    const seen = server.requests.length;
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => get('/feed')));
    expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set(['rate-limited']));
    expect(server.requests.length - seen).toBe(1);
    expect(fetcher.clock.sleeps).toEqual([]);
  });
});

describe('freshness', () => {
  let server: HostileServer;
  let fetcher: TestFetcher;
  beforeAll(async () => {
    server = await startHostileServer();
    fetcher = testFetcher({ allow: [server.pair], freshness: { minMs: MINUTE, maxMs: 60 * MINUTE } });
  });
  afterAll(() => Promise.all([fetcher.close(), server.close()]));

  it.each([
    [{}, null],
    [{ 'cache-control': 'public' }, null],
    [{ 'cache-control': 'public, max-age=600' }, 10 * MINUTE],
    [{ 'cache-control': 'Max-Age="600"' }, 10 * MINUTE],
    [{ 'cache-control': 's-maxage=5, max-age=600' }, 10 * MINUTE],
    [{ 'cache-control': 'max-age=600', age: '300' }, 5 * MINUTE],
    [{ 'cache-control': 'max-age=0' }, MINUTE],
    [{ 'cache-control': 'no-cache' }, MINUTE],
    [{ 'cache-control': 'no-store, max-age=600' }, MINUTE],
    [{ 'cache-control': 'max-age=99999999999999999999' }, 60 * MINUTE],
    [{ 'cache-control': 'max-age=-1' }, null],
    [{ expires: 'Sun, 01 Nov 2026 00:20:00 GMT', date: 'Sun, 01 Nov 2026 00:00:00 GMT' }, 20 * MINUTE],
    [{ expires: '0' }, MINUTE],
  ] as [Record<string, string>, number | null][])('reads %j', async (headers, freshForMs) => {
    server.on('/feed', send(SMALL_FEED, headers));
    expect(await fetcher.get(server.url('/feed'))).toMatchObject({ kind: 'fetched', freshForMs });
    server.on('/feed', status(304, headers));
    expect(await fetcher.get(server.url('/feed'), { etag: '"1"' })).toEqual({
      kind: 'not-modified',
      freshForMs,
    });
  });
});
