import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createEngine } from '../../src/node/engine.js';
import { toBase64url } from '../../src/sign/base64url.js';
import { jcs } from '../../src/sign/jcs.js';
import { entryIdOf } from '../../src/sign/repository.js';
import { writeTrustString } from '../../src/sign/trust-string.js';
import { readTree } from '../publish/signed-tree.js';
import { PUBLISHER, testArticle } from '../publish/test-desk.js';
import { addLines } from '../support/log-lines.js';
import { createManualClock } from '../support/manual-clock.js';
import { startMirror } from '../support/mirror-server.js';
import { createTestDesk, deskWith, type TestDesk, type Tree } from '../support/test-desk.js';
import { createTestFollower } from '../support/test-follower.js';
import { silentLog, testConfig } from '../support/test-node.js';
import { startHttpProxy, startSocks5Proxy } from '../support/test-proxies.js';

const START = Date.UTC(2026, 10, 1) / 1_000;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function mirrorOf(tree: Tree) {
  const mirror = await startMirror(tree);
  open.push(mirror);
  return mirror;
}

/** An engine whose fetcher is that of its config. */
function engineOf(desk: TestDesk, env: Record<string, string>, publishers = [] as (typeof PUBLISHER)[]) {
  const home = mkdtempSync(join(tmpdir(), 'tamizdat-ways-'));
  const clock = createManualClock(desk.state.clock * 1_000);
  const engine = createEngine(testConfig(home, env), publishers, silentLog, { clock });
  engine.prepare();
  open.push({
    close: async () => {
      await engine.close();
      rmSync(home, { recursive: true, force: true });
    },
  });
  return { engine, home, clock };
}

/** Another desk with a publisher of its own. */
function otherDesk(publisher: string): TestDesk {
  const desk = createTestDesk(START);
  desk.publishTargets();
  desk.card(publisher);
  for (const id of ['o1', 'o2']) desk.add('p', desk.articleBlob(id, { publisher, title: `Other ${id}` }));
  desk.publish();
  return desk;
}

describe('the way to a peer', () => {
  it.each([
    ['an HTTP proxy', startHttpProxy],
    ['a SOCKS5 proxy', startSocks5Proxy],
  ] as const)('leads through %s, which alone resolves the names', async (_what, startProxy) => {
    const desk = deskWith(5, START);
    const mirror = await mirrorOf(desk.tree);
    const names = { 'mirror.invalid': { address: '127.0.0.1', port: mirror.port } };
    const proxy = await startProxy({ names });
    open.push(proxy);
    const { engine } = engineOf(desk, {
      TAMIZDAT_JOIN: writeTrustString(desk.pin(), ['http://mirror.invalid/']),
      TAMIZDAT_FOLLOW_ROUTE: proxy.url,
    });
    expect(await engine.follower.pass()).toMatchObject([{ outcome: 'news', fresh: 5, missing: 0 }]);
    expect([...new Set(proxy.targets)]).toEqual(['mirror.invalid:80']);
    expect(mirror.asked.length).toBe(proxy.targets.length);
  });

  it('to an address from the list of mirrors is guarded like any: a private one is not asked', async () => {
    const desk = deskWith(3, START);
    const [known, hidden] = [await mirrorOf(desk.tree), await mirrorOf(desk.tree)];
    const list = jcs({
      v: 1,
      repository: desk.state.repository,
      mirrors: [
        { url: hidden.url },
        { url: `http://localhost:${hidden.port}/` },
        { url: 'http://10.1.2.3/' },
      ],
    });
    desk.publishMirrors(list);
    desk.publish();
    const follower = createTestFollower(desk, [known]);
    open.push(follower);
    await follower.pass();
    desk.advance(60);
    desk.add('p', desk.articleBlob('next'));
    desk.publish();
    expect(await follower.pass()).toMatchObject({ fresh: 1 });
    const listed = follower.peers().filter(({ origin }) => origin === 'mirrors');
    expect(listed.length).toBeGreaterThan(0);
    expect(listed.map(({ state }) => state)).not.toContain('current');
    expect(hidden.asked).toEqual([]);
  });
});

describe('a node that has several sources', () => {
  it('follows several repositories at once, each by its own log', async () => {
    const [one, two] = [deskWith(3, START), otherDesk('other-news')];
    const [a, b] = [await mirrorOf(one.tree), await mirrorOf(two.tree)];
    const { engine, home } = engineOf(one, {
      TAMIZDAT_JOIN: [writeTrustString(one.pin(), [a.url]), writeTrustString(two.pin(), [b.url])].join(','),
      TAMIZDAT_FETCH_ALLOW: `${a.pair},${b.pair}`,
    });
    expect(await engine.follower.pass()).toMatchObject([
      { repository: one.state.repository, fresh: 3 },
      { repository: two.state.repository, fresh: 2 },
    ]);
    expect(engine.store.publishers.active().map(({ id }) => id)).toEqual(['test-news', 'other-news']);
    for (const desk of [one, two]) {
      const head = readFileSync(join(home, 'signed', desk.state.repository, 'head.json'));
      expect(head.equals(desk.tree.get('head.json') as Buffer)).toBe(true);
    }
  });

  it('lets no second desk speak for a publisher that the first one brought', async () => {
    const [one, two] = [deskWith(3, START), otherDesk('test-news')];
    const [a, b] = [await mirrorOf(one.tree), await mirrorOf(two.tree)];
    const { engine } = engineOf(one, {
      TAMIZDAT_JOIN: [writeTrustString(one.pin(), [a.url]), writeTrustString(two.pin(), [b.url])].join(','),
      TAMIZDAT_FETCH_ALLOW: `${a.pair},${b.pair}`,
    });
    expect(await engine.follower.pass()).toMatchObject([{ fresh: 3 }, { fresh: 0 }]);
    expect(engine.store.articles.find('test-news', { stableId: 'o1', guid: null, url: null })).toBeNull();
  });

  it('is a desk for its own publishers and a follower for others, and signs nothing of theirs', async () => {
    const desk = deskWith(3, START);
    const mirror = await mirrorOf(desk.tree);
    const { engine, home, clock } = engineOf(
      desk,
      {
        TAMIZDAT_JOIN: writeTrustString(desk.pin(), [mirror.url]),
        TAMIZDAT_FETCH_ALLOW: mirror.pair,
        TAMIZDAT_PUBLISHERS: PUBLISHER.id,
      },
      [PUBLISHER],
    );
    engine.store.transaction(() =>
      engine.store.articles.save(testArticle(1), { at: clock.now(), edition: false }),
    );
    expect(await engine.follower.pass()).toMatchObject([{ fresh: 3 }]);
    expect(await engine.desk?.publish()).toMatchObject({ kind: 'published', entries: 2 });
    const own = readTree(join(home, 'signed', engine.store.desk.get()?.repository ?? ''));
    expect(own.entries.map(({ o }) => o).join('')).toBe('dp');
    expect(own.entries[1]?.a).toBe(entryIdOf(PUBLISHER.id, '1'));
    expect(
      engine.store.publishers
        .active()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([PUBLISHER.id, 'test-news']);
  });
});

describe('what a follower hands on', () => {
  it('names in its feeds the same line of the log, and the same hash, as the desk', async () => {
    const desk = deskWith(2, START);
    const mirror = await mirrorOf(desk.tree);
    const follower = createTestFollower(desk, [mirror]);
    open.push(follower);
    await follower.pass();
    await follower.engine.sync.render();
    const feed = (path: string): string =>
      gunzipSync(follower.store.pages.get(path)?.gzip ?? Buffer.alloc(0)).toString();
    const { c } = JSON.parse(String(desk.entries[2])) as { c: string };
    const line = `a="${entryIdOf('test-news', 'a2')}" c="${c}" i="2"`;
    expect(feed('/test-news/rss.xml')).toContain(line);
    expect(feed('/test-news/atom.xml')).toContain(line);
    expect(JSON.parse(feed('/test-news/feed.json')).items).toContainEqual(
      expect.objectContaining({ _tamizdat: { a: entryIdOf('test-news', 'a2'), c, i: 2 } }),
    );
  });

  it('says of a stick that begins too late what to bring instead', async () => {
    const desk = deskWith(2, START);
    const mirror = await mirrorOf(desk.tree);
    const follower = createTestFollower(desk, [mirror]);
    open.push(follower);
    await follower.pass();
    addLines(desk, 600);
    desk.publish();
    const late = new Map([...desk.tree].filter(([path]) => !/^log\/tile\/entries\/00[01]/.test(path)));
    late.set('have.json', Buffer.from('{"v":1,"lowest":512,"size":603}'));
    mirror.serve(late);
    const summary = await follower.pass();
    expect(summary).toMatchObject({ outcome: 'trouble', fresh: 0 });
    expect(summary.reason).toMatch(/begins with entry 512, and this node knows those before 3: bring a copy/);
    expect(follower.replica().size).toBe(3);
    expect(follower.article('a1')).toMatchObject({ state: 'live' });
    mirror.serve(desk.tree);
    expect(await follower.pass()).toMatchObject({ reason: null });
    expect(toBase64url(follower.replica().frontier[0] as Buffer)).toBe(
      toBase64url(desk.frontierAt(603).hashes[0] as Buffer),
    );
  });
});
