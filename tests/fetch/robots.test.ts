import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ARTICLE_PAGE,
  type HostileServer,
  redirect,
  reset,
  SMALL_FEED,
  send,
  startHostileServer,
  status,
} from '../support/hostile-server.js';
import { PUBLIC, pretendInternet, type TestFetcher, testFetcher } from './support.js';

describe('robots.txt', () => {
  let server: HostileServer;
  let fetcher: TestFetcher;
  beforeEach(async () => {
    server = await startHostileServer({
      '/news': send(ARTICLE_PAGE),
      '/private/x': send(ARTICLE_PAGE),
      '/feed': send(SMALL_FEED),
    });
    fetcher = testFetcher({}, pretendInternet(() => [PUBLIC]).deps);
  });
  afterEach(async () => {
    await fetcher.close();
    await server.close();
  });
  const page = (path: string) => fetcher.get(server.url(path, 'feed.test'), { expect: 'page' });
  const timesAsked = () => server.requests.filter((request) => request.path === '/robots.txt').length;

  it('keeps us from pages it disallows, and is asked once a day', async () => {
    server.on('/robots.txt', send('User-agent: *\nDisallow: /private/\n'));
    expect(await page('/news')).toMatchObject({ kind: 'fetched' });
    expect(await page('/private/x')).toMatchObject({ kind: 'failed', reason: 'robots', retryable: false });
    expect(server.requests.some((request) => request.path === '/private/x')).toBe(false);
    expect(timesAsked()).toBe(1);
    fetcher.clock.advance(24 * 3_600_000);
    await page('/news');
    expect(timesAsked()).toBe(2);
  });

  it('speaks to us by our name before it speaks to all', async () => {
    server.on('/robots.txt', send('User-agent: *\nDisallow: /\n\nUser-agent: Tamizdat\nAllow: /\n'));
    expect(await page('/news')).toMatchObject({ kind: 'fetched' });
    const other = testFetcher({ userAgent: 'Other/1.0' }, pretendInternet(() => [PUBLIC]).deps);
    expect(await other.get(server.url('/news', 'feed.test'), { expect: 'page' })).toMatchObject({
      reason: 'robots',
    });
  });

  it('is not asked for feeds, pictures and JSON, nor where the keeper turned it off', async () => {
    server.on('/robots.txt', send('User-agent: *\nDisallow: /\n'));
    for (const expected of ['feed', 'picture', 'json'] as const) {
      expect(await fetcher.get(server.url('/feed', 'feed.test'), { expect: expected })).toMatchObject({
        kind: 'fetched',
      });
    }
    const off = testFetcher({ robots: false }, pretendInternet(() => [PUBLIC]).deps);
    expect(await off.get(server.url('/news', 'feed.test'), { expect: 'page' })).toMatchObject({
      kind: 'fetched',
    });
    expect(timesAsked()).toBe(0);
  });

  it('is obeyed where a redirect leads, too', async () => {
    server.on('/robots.txt', send('User-agent: *\nDisallow: /private/\n'));
    server.on('/news', redirect(302, '/private/x'));
    expect(await page('/news')).toMatchObject({ kind: 'failed', reason: 'robots' });
  });

  it.each([
    ['is not there', status(404)],
    ['is refused', status(403)],
    ['leads to a host that is not listed', redirect(301, 'https://elsewhere.test/robots.txt')],
    ['leads in a circle', redirect(302, '/robots.txt')],
    ['is a web page', send(ARTICLE_PAGE, { 'content-type': 'text/html' })],
    ['is empty', send('')],
  ])('allows all where it %s', async (_what, behavior) => {
    server.on('/robots.txt', behavior);
    expect(await page('/news')).toMatchObject({ kind: 'fetched' });
  });

  it.each([
    ['fails', status(500), { kind: 'failed', reason: 'server-error', retryable: true }],
    ['resets the connection', reset(), { kind: 'blocked', reason: 'reset' }],
    ['asks for a pause', status(429, { 'retry-after': '60' }), { kind: 'rate-limited', scope: 'host' }],
  ])('keeps us from pages for now where it %s', async (_what, behavior, expected) => {
    server.on('/robots.txt', behavior);
    expect(await page('/news')).toMatchObject(expected);
    expect(server.requests.some((request) => request.path === '/news')).toBe(false);
  });

  it('is used from the day before where it fails today', async () => {
    server.on('/robots.txt', send('User-agent: *\nDisallow: /private/\n'));
    await page('/news');
    fetcher.clock.advance(25 * 3_600_000);
    server.on('/robots.txt', status(500));
    expect(await page('/news')).toMatchObject({ kind: 'fetched' });
    expect(await page('/private/x')).toMatchObject({ reason: 'robots' });
  });
});
