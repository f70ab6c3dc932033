import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type HostileServer,
  redirect,
  SMALL_FEED,
  send,
  startHostileServer,
  status,
  tlsFixture,
} from '../support/hostile-server.js';
import { PUBLIC, pretendInternet, type TestFetcher, testFetcher } from './support.js';

describe('redirects', () => {
  let server: HostileServer;
  let secure: HostileServer;
  let fetcher: TestFetcher;
  beforeAll(async () => {
    server = await startHostileServer();
    secure = await startHostileServer({}, { certificates: ['leaf.pem', 'intermediate.pem'] });
  });
  afterAll(() => Promise.all([server.close(), secure.close()]));
  beforeEach(() => {
    const { deps } = pretendInternet(() => [PUBLIC]);
    fetcher = testFetcher({ robots: false }, { ...deps, ca: [tlsFixture('root.pem')] });
    server.on('/here', send(SMALL_FEED));
  });
  afterEach(() => fetcher.close());
  const get = (path: string, request = {}) => fetcher.get(server.url(path, 'feed.test'), request);

  it.each([301, 302, 303, 307, 308])('follows %i and says where it arrived', async (code) => {
    server.on('/feed', redirect(code, '/here#top'));
    expect(await get('/feed')).toMatchObject({ kind: 'fetched', url: server.url('/here', 'feed.test') });
  });

  it('follows to another listed host, a wildcard name included', async () => {
    server.on('/feed', redirect(301, server.url('/here', 'www.feed.test')));
    expect(await get('/feed')).toMatchObject({ kind: 'fetched', url: server.url('/here', 'www.feed.test') });
  });

  it('takes validators along', async () => {
    server.on('/feed', redirect(302, '/fresh'));
    server.on('/fresh', (request, response) => {
      status(request.headers['if-none-match'] === '"1"' ? 304 : 500)(request, response);
    });
    expect(await get('/feed', { etag: '"1"' })).toMatchObject({ kind: 'not-modified' });
  });

  it.each([301, 308])(
    'waits for the keeper at a permanent move (%i) to a host that is not listed',
    async (code) => {
      server.on('/feed', redirect(code, 'https://new.test/feed'));
      expect(await get('/feed')).toEqual({ kind: 'moved', to: 'https://new.test/feed', status: code });
    },
  );

  it.each([302, 303, 307])('refuses a temporary redirect (%i) to a host that is not listed', async (code) => {
    server.on('/feed', redirect(code, 'https://new.test/feed'));
    expect(await get('/feed')).toMatchObject({ kind: 'failed', reason: 'host-refused' });
  });

  it('does not call it moved where a temporary redirect came before', async () => {
    server.on('/feed', redirect(302, '/between'));
    server.on('/between', redirect(301, 'https://new.test/feed'));
    expect(await get('/feed')).toMatchObject({ kind: 'failed', reason: 'host-refused' });
  });

  it('ends a loop, and a chain longer than five', async () => {
    server.on('/a', redirect(302, '/b'));
    server.on('/b', redirect(302, '/a'));
    const before = server.requests.length;
    expect(await get('/a')).toMatchObject({ kind: 'failed', reason: 'too-many-redirects' });
    expect(server.requests.length - before).toBe(2);

    for (let n = 0; n < 9; n += 1) server.on(`/c${n}`, redirect(302, `/c${n + 1}`));
    server.on('/c9', send(SMALL_FEED));
    expect(await get('/c0')).toMatchObject({ kind: 'failed', reason: 'too-many-redirects' });
    expect(await get('/c4')).toMatchObject({ kind: 'fetched' });
  });

  it('refuses to leave https for http, but goes the other way', async () => {
    secure.on('/feed', redirect(302, server.url('/here', 'feed.test')));
    expect(await fetcher.get(secure.url('/feed', 'feed.test'))).toMatchObject({
      kind: 'failed',
      reason: 'bad-redirect',
    });
    secure.on('/here', send(SMALL_FEED));
    server.on('/feed', redirect(301, secure.url('/here', 'feed.test')));
    expect(await get('/feed')).toMatchObject({ kind: 'fetched', url: secure.url('/here', 'feed.test') });
  });

  it.each([
    ['no Location', status(302)],
    ['a Location that is no URL', redirect(302, 'http://[')],
    ['another scheme', redirect(302, 'javascript:alert(1)')],
    ['a file', redirect(301, 'file:///etc/passwd')],
  ])('fails with bad-redirect on %s', async (_what, behavior) => {
    server.on('/feed', behavior);
    expect(await get('/feed')).toMatchObject({ kind: 'failed', reason: 'bad-redirect' });
  });
});
