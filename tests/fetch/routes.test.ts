import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from '../../src/fetch/route.js';
import {
  type Canary,
  type HostileServer,
  redirect,
  SMALL_FEED,
  send,
  silence,
  startCanary,
  startHostileServer,
  tlsFixture,
} from '../support/hostile-server.js';
import { startHttpProxy, startSocks5Proxy, type TestProxy } from '../support/test-proxies.js';
import { type TestFetcher, testFetcher } from './support.js';

const KINDS = [
  ['HTTP', startHttpProxy],
  ['SOCKS5', startSocks5Proxy],
] as const;

describe.each(KINDS)('through a proxy by %s', (_kind, startProxy) => {
  let plain: HostileServer;
  let secure: HostileServer;
  let canary: Canary;
  let proxy: TestProxy;

  beforeAll(async () => {
    plain = await startHostileServer({ '/feed': send(SMALL_FEED) });
    secure = await startHostileServer(
      { '/feed': send(SMALL_FEED) },
      { certificates: ['leaf.pem', 'intermediate.pem'] },
    );
    canary = await startCanary();
    proxy = await startProxy({ names: { 'feed.test': plain, 'other.test': secure } });
  });
  afterAll(async () => {
    await Promise.all([plain.close(), secure.close(), canary.close(), proxy.close()]);
    expect(canary.touches()).toBe(0);
  });

  /** A fetcher on a route that must never resolve a name or connect by itself. */
  const routed = (route = proxy.url, options = {}): TestFetcher =>
    testFetcher(
      { robots: false, route: { proxy: route }, ...options },
      {
        ca: [tlsFixture('root.pem')],
        resolve: () => Promise.reject(new TypeError('a name was resolved here')),
        connect: () => {
          throw new TypeError('a connection was made from here');
        },
      },
    );

  it('gives the proxy the name, never an address, for http and https', async () => {
    const fetcher = routed();
    expect(await fetcher.get('http://feed.test/feed')).toMatchObject({
      kind: 'fetched',
      url: 'http://feed.test/feed',
    });
    expect(await fetcher.get('https://other.test/feed')).toMatchObject({ kind: 'fetched' });
    expect(proxy.targets.slice(-2)).toEqual(['feed.test:80', 'other.test:443']);
    expect(plain.requests.at(-1)?.headers.host).toBe('feed.test');
    await fetcher.close();
  });

  it('refuses addresses, local names and hosts that are not listed, allowed pairs too', async () => {
    const fetcher = routed(proxy.url, { allow: [`${canary.address}:${canary.port}`] });
    const seen = proxy.targets.length;
    const hosts = [
      'feed.test',
      '127.0.0.2',
      '[::1]',
      '93.184.215.14',
      'localhost',
      'router',
      'metadata.google.internal',
      '*.feed.test',
    ];
    for (const url of [
      `http://${canary.address}:${canary.port}/`,
      'http://93.184.215.14/',
      'http://[::1]/',
      'http://localhost/',
      'http://router/',
      'http://metadata.google.internal/',
      'http://elsewhere.test/',
      // 266 characters, of which a SOCKS5 proxy would take the first ten for the name.
      `http://10.0.0.123${'.aaaaaaaa'.repeat(27)}.aaa.feed.test/`,
    ]) {
      expect(await fetcher.get(url, { hosts })).toMatchObject({
        kind: 'failed',
        reason: expect.stringMatching(/^(address|host)-refused$/),
      });
    }
    plain.on('/away', redirect(302, `http://${canary.address}:${canary.port}/`));
    expect(await fetcher.get('http://feed.test/away', { hosts })).toMatchObject({
      reason: 'address-refused',
    });
    expect(proxy.targets.slice(seen)).toEqual(['feed.test:80']);
    await fetcher.close();
  });

  it('says connect where the proxy cannot reach the host', async () => {
    const fetcher = routed();
    expect(await fetcher.get('https://gone.feed.test/feed')).toMatchObject({
      kind: 'failed',
      reason: 'connect',
    });
    await fetcher.close();
  });

  it('says proxy where the proxy is not there, or is no proxy', async () => {
    const scheme = new URL(proxy.url).protocol;
    const gone = await startHostileServer();
    await gone.close();
    const absent = routed(`${scheme}//127.0.0.1:${gone.port}`);
    expect(await absent.get('https://feed.test/feed')).toMatchObject({
      kind: 'failed',
      reason: 'proxy',
      retryable: true,
    });

    const parrot = createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end('hello, hello, hello\r\n\r\n'),
    );
    await new Promise<void>((resolve) => parrot.listen(0, '127.0.0.1', resolve));
    const wrong = routed(`${scheme}//127.0.0.1:${(parrot.address() as AddressInfo).port}`);
    expect(await wrong.get('https://feed.test/feed')).toMatchObject({ kind: 'failed', reason: 'proxy' });
    await new Promise((resolve) => parrot.close(resolve));
  });

  it('gives a proxy that falls silent no more than its time', async () => {
    const mute = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const url = `${new URL(proxy.url).protocol}//127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const hasty = routed(url, { timeoutMs: 100 });
    expect(await hasty.get('https://feed.test/feed')).toMatchObject({ kind: 'failed', reason: 'timeout' });
    mute.close();
  });

  it('gives the account the proxy asks for, and says so where it is wrong', async () => {
    const guarded = await startProxy({
      names: { 'feed.test': plain, 'other.test': secure },
      account: 'desk:pass word',
    });
    const withAccount = guarded.url.replace('//', '//desk:pass%20word@');
    const wrongAccount = guarded.url.replace('//', '//desk:no@');
    for (const url of ['http://feed.test/feed', 'https://other.test/feed']) {
      expect(await routed(withAccount).get(url)).toMatchObject({ kind: 'fetched' });
      expect(await routed(wrongAccount).get(url)).toMatchObject({
        kind: 'failed',
        reason: 'proxy',
        retryable: false,
      });
      expect(await routed(guarded.url).get(url)).toMatchObject({
        kind: 'failed',
        reason: 'proxy',
        retryable: false,
      });
    }
    expect(plain.requests.at(-1)?.headers).not.toHaveProperty('proxy-authorization');
    await guarded.close();
  });

  it('ends at its time where the host behind the proxy falls silent', async () => {
    plain.on('/silence', silence());
    const hasty = routed(proxy.url, { timeoutMs: 200 });
    expect(await hasty.get('http://feed.test/silence')).toMatchObject({ kind: 'failed', reason: 'timeout' });
    await hasty.close();
  });
});

describe('a route', () => {
  it.each([
    ['socks5://[::1]', { host: '::1', port: 1080 }],
    ['http://proxy.test', { host: 'proxy.test', port: 80 }],
    ['socks5://127.0.0.1:9050', { host: '127.0.0.1', port: 9050 }],
  ])('leads to %s by an address that a socket takes', (route, address) => {
    expect(addressOf(new URL(route))).toEqual(address);
  });

  it.each(['https://127.0.0.1:1', 'socks4://127.0.0.1:1', '127.0.0.1:9050', 'socks5://'])(
    'is refused with what to write where it is %s',
    (proxy) => {
      expect(() => testFetcher({ route: { proxy } })).toThrow(
        expect.objectContaining({
          code: 'fetch.bad-route',
          hint: expect.stringContaining('socks5://host:port'),
        }),
      );
    },
  );
});
