import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { request, Socks5ProxyAgent } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.js';
import { writeTrustString } from '../../src/sign/trust-string.js';
import { createTestNode } from '../support/test-node.js';
import { describeWith } from '../support/tools.js';
import { startOnionService, startTorNetwork, type TorNetwork } from '../support/tor-network.js';
import { createStandIn, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

/** A private Tor network is slow to agree on who is there, and a busy machine makes it slower. */
const PATIENCE_MS = 300_000;

describeWith(['tor'], 'over an onion service', ({ tor }) => {
  let site: StandIn;
  let node: Awaited<ReturnType<typeof createTestNode>>;
  let network: TorNetwork;
  let onion: string;
  let agent: Socks5ProxyAgent;

  const get = async (path: string) => {
    const answer = await request(`http://${onion}${path}`, { dispatcher: agent });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  };

  beforeAll(async () => {
    const publishedAt = Date.now() - HOUR_MS;
    site = await createStandIn([story(1, { publishedAt }), story(2, { publishedAt })]);
    node = await createTestNode({
      desk: true,
      publishers: [site.publisher()],
      clock: systemClock,
      env: site.env,
    });
    await node.pass();
    network = await startTorNetwork(tor);
    onion = await startOnionService(network, { host: '127.0.0.1', port: Number(new URL(node.origin).port) });
    agent = new Socks5ProxyAgent(network.socks);
    const giveUpAt = Date.now() + PATIENCE_MS - 20_000;
    for (;;) {
      const reached = await get('/').catch(() => null);
      if (reached?.status === 200) break;
      if (Date.now() > giveUpAt) throw new Error('the private Tor network never carried an answer');
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }, PATIENCE_MS);
  afterAll(async () => {
    await agent?.destroy();
    await network?.stop();
    await node.close();
    await site.close();
  });

  it('front, article and feed arrive, and every link stays on it', async () => {
    const [front, article, feed] = [
      await get('/'),
      await get('/stand-in/a1/'),
      await get('/stand-in/rss.xml'),
    ];
    expect([front.status, article.status, feed.status]).toEqual([200, 200, 200]);
    expect(front.text).toContain('Lighthouse report 1');
    expect(article.text).toContain(story(1).paragraphs[2]);
    expect(feed.text).toContain(`<link>http://${onion}/stand-in/a1/</link>`);
    for (const { text } of [front, feed]) expect(text).not.toContain(node.origin);
    expect(article.headers['onion-location']).toBeUndefined();
    const opml = await get('/opml.xml');
    expect(opml.text).toContain(`http://${onion}/stand-in/rss.xml`);
  });

  it('another node syncs from it, by its SOCKS route', async () => {
    const publisher = site.publisher({
      id: 'by-onion',
      homepage: `http://${onion}/stand-in/`,
      hosts: [onion],
      identity: { patterns: ['/a(\\d{1,9})/$'] },
      sources: [
        {
          kind: 'feed',
          url: `http://${onion}/stand-in/full/rss.xml`,
          text: 'full',
          role: 'main',
          section: null,
        },
      ],
    });
    const follower = await createTestNode({
      desk: true,
      publishers: [publisher],
      clock: systemClock,
      env: { TAMIZDAT_FETCH_ROUTE: network.socks, TAMIZDAT_FETCH_TIMEOUT: '60s' },
    });
    const summary = await follower.pass();
    const copy = await follower.get('/by-onion/a1/');
    await follower.close();
    expect(JSON.stringify(summary)).toContain('"outcome":"news"');
    expect(copy.text).toContain(story(1).paragraphs[2]);
  });

  it('another node follows it as a signed peer, told nothing but a trust string', async () => {
    const signed = join(node.home, 'signed');
    const [repository = ''] = readdirSync(signed);
    const root = readFileSync(join(signed, repository, 'tuf', '1.root.json'));
    const trust = writeTrustString(createHash('sha256').update(root).digest(), [`http://${onion}`]);
    const follower = await createTestNode({
      desk: true,
      publishers: [],
      clock: systemClock,
      env: { TAMIZDAT_JOIN: trust, TAMIZDAT_FOLLOW_ROUTE: network.socks, TAMIZDAT_FETCH_TIMEOUT: '60s' },
    });
    const [summary] = await follower.engine.follower.pass();
    const copy = follower.engine.store.articles.find('stand-in', { stableId: '1', guid: null, url: null });
    await follower.close();
    expect(summary).toMatchObject({ outcome: 'news', fresh: 2, reason: null });
    expect(copy).toMatchObject({ title: 'Lighthouse report 1', state: 'live' });
  });
});
