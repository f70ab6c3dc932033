import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Canary,
  type HostileServer,
  redirect,
  SMALL_FEED,
  send,
  startCanary,
  startHostileServer,
} from '../support/hostile-server.js';
import { PUBLIC, pretendInternet, type TestFetcher, testFetcher } from './support.js';

describe('nothing but public addresses is reached', () => {
  let server: HostileServer;
  let canary: Canary;
  let fetcher: TestFetcher;

  beforeAll(async () => {
    server = await startHostileServer();
    canary = await startCanary('127.0.0.2', server.port);
  });
  afterAll(async () => {
    await server.close();
    await canary.close();
  });
  beforeEach(() => {
    fetcher = testFetcher(
      { robots: false },
      pretendInternet((host) => (host === 'feed.test' ? [PUBLIC] : ['127.0.0.2'])).deps,
    );
  });
  // The one thing that every test here is about.
  afterEach(async () => {
    await fetcher.close();
    expect(canary.touches()).toBe(0);
  });

  const everyHost = {
    hosts: [
      'feed.test',
      'other.test',
      '127.0.0.1',
      '127.0.0.2',
      '[::ffff:127.0.0.2]',
      '[::1]',
      '*.feed.test',
    ],
  };

  it('reaches a name with a public address, and takes the answer', async () => {
    server.on('/feed', send(SMALL_FEED));
    expect(await fetcher.get(server.url('/feed', 'feed.test'))).toMatchObject({ kind: 'fetched' });
  });

  it.each([
    '127.0.0.2',
    '127.2',
    '0x7f.0.0.2',
    '2130706434',
    '0177.0.0.2',
    '[::ffff:127.0.0.2]',
    '[::ffff:7f00:2]',
    '%31%32%37.0.0.2',
    '１２７.0.0.2',
  ])('refuses %s as a host, listed or not', async (host) => {
    const outcome = await fetcher.get(`http://${host}:${canary.port}/`, everyHost);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'address-refused', retryable: false });
  });

  it.each([301, 302, 303, 307, 308])('refuses a redirect (%i) to a private address', async (code) => {
    for (const host of ['127.0.0.2', '2130706434', '[::ffff:127.0.0.2]']) {
      server.on('/feed', redirect(code, `http://${host}:${canary.port}/`));
      expect(await fetcher.get(server.url('/feed', 'feed.test'), everyHost)).toMatchObject({
        kind: 'failed',
        reason: 'address-refused',
      });
    }
  });

  it('refuses a redirect to a listed name that resolves to a private address', async () => {
    server.on('/feed', redirect(302, `http://other.test:${canary.port}/`));
    expect(await fetcher.get(server.url('/feed', 'feed.test'))).toMatchObject({
      kind: 'failed',
      reason: 'address-refused',
      detail: expect.stringContaining('127.0.0.2'),
    });
  });

  it.each([
    ['127.0.0.2'],
    ['::ffff:127.0.0.2'],
    ['64:ff9b::7f00:2'],
    ['2002:7f00:2::1'],
    ['169.254.169.254'],
    ['::1', '10.0.0.1'],
  ])('refuses a name that resolves to %s', async (...addresses) => {
    const { deps, dialed } = pretendInternet(() => addresses);
    const local = testFetcher({}, deps);
    expect(await local.get(`http://feed.test:${canary.port}/`)).toMatchObject({ reason: 'address-refused' });
    expect(dialed).toEqual([]);
  });

  it('connects to the public one of several addresses only', async () => {
    server.on('/feed', send(SMALL_FEED));
    const { deps, dialed } = pretendInternet(() => ['127.0.0.2', PUBLIC, '10.0.0.1']);
    const local = testFetcher({}, deps);
    expect(await local.get(server.url('/feed', 'feed.test'))).toMatchObject({ kind: 'fetched' });
    expect(dialed).toEqual([PUBLIC]);
  });

  it('connects to the address it checked, though the name changes its answer at once', async () => {
    server.on('/feed', send(SMALL_FEED));
    let asked = 0;
    const { deps, dialed } = pretendInternet(() => (++asked % 2 === 1 ? [PUBLIC] : ['127.0.0.2']));
    const local = testFetcher({}, deps);
    expect(await local.get(server.url('/feed', 'feed.test'))).toMatchObject({ kind: 'fetched' });
    expect(asked).toBe(1);
    // The next fetch asks again, and the second answer is refused in its turn.
    expect(await local.get(server.url('/feed', 'feed.test'))).toMatchObject({ reason: 'address-refused' });
    expect(dialed).toEqual([PUBLIC]);
  });

  it('checks the address anew at each hop, on the same host too', async () => {
    server.on('/feed', redirect(302, '/moved'));
    let asked = 0;
    const { deps, dialed } = pretendInternet(() => (++asked === 1 ? [PUBLIC] : ['127.0.0.2']));
    const local = testFetcher({}, deps);
    expect(await local.get(server.url('/feed', 'feed.test'))).toMatchObject({ reason: 'address-refused' });
    expect(dialed).toEqual([PUBLIC]);
  });

  it('lets an allowed pair through, and no other port or name of it', async () => {
    server.on('/feed', send(SMALL_FEED));
    const local = testFetcher({ allow: [server.pair] });
    expect(await local.get(server.url('/feed'))).toMatchObject({ kind: 'fetched' });
    expect(await local.get(`http://127.0.0.1:${server.port + 1}/feed`)).toMatchObject({
      reason: 'address-refused',
    });
    expect(await local.get(`http://127.0.0.2:${server.port}/feed`, everyHost)).toMatchObject({
      reason: 'address-refused',
    });
    await local.close();
  });

  it('pins exactly the address where the system connects by itself', async () => {
    server.on('/feed', send(SMALL_FEED));
    // Without a `connect` of the test's: the real one, on an allowed pair.
    const local = testFetcher(
      { allow: [`feed.test:${server.port}`] },
      { resolve: async () => ['127.0.0.1'] },
    );
    expect(await local.get(server.url('/feed', 'feed.test'))).toMatchObject({ kind: 'fetched' });
    await local.close();
  });

  it.each([
    ['ftp://feed.test/x', 'host-refused'],
    ['file:///etc/passwd', 'host-refused'],
    ['http://user:secret@feed.test/', 'host-refused'],
    ['http://elsewhere.test/', 'host-refused'],
    ['http://feed.test.elsewhere.test/', 'host-refused'],
    ['http://notfeed.test/', 'host-refused'],
    ['not a URL', 'host-refused'],
  ])('refuses %s without asking anybody', async (url, reason) => {
    const { deps, asked } = pretendInternet(() => ['127.0.0.2']);
    expect(await testFetcher({}, deps).get(url)).toMatchObject({ kind: 'failed', reason, retryable: false });
    expect(asked).toEqual([]);
  });
});
