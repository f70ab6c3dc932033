import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PublisherSource } from '../../src/domain/publisher.js';
import { send, status } from '../support/hostile-server.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode, treeOf } from '../support/test-node.js';
import { createStandIn, FIRST_AT, HOUR_MS, type StandIn, story } from './stand-in.js';

let clock: ManualClock;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

const MINUTES_MS = 60_000;

beforeEach(async () => {
  clock = createManualClock(FIRST_AT + 6 * HOUR_MS);
  site = await createStandIn([story(1), story(2), story(3)]);
});

afterEach(async () => {
  await node.close();
  await site.close();
});

const source = (path: string, given: Partial<PublisherSource> = {}): PublisherSource => ({
  kind: 'feed',
  url: site.server.url(path),
  text: 'full',
  role: 'main',
  section: null,
  ...given,
});
const start = async (sources: PublisherSource[], id = 'stand-in') => {
  node = await createTestNode({ publishers: [site.publisher({ id, sources })], clock, env: site.env });
};
const asked = (path: string) => site.server.requests.filter((request) => request.path === path).length;
const revisions = () =>
  node.engine.store.lists
    .fromOldest({}, 'taken', 0, 99)
    .map((listed) => node.engine.store.articles.get(listed.id)?.revision);
const lastPass = () => node.engine.store.passes.newest('stand-in', 1)[0];

describe('sources', () => {
  it('fail without stopping each other or another publisher, and the pass says which and why', async () => {
    site.server.on(
      '/broken.xml',
      send('<html><body>Please wait</body></html>', { 'content-type': 'text/html' }),
    );
    site.server.on('/dead.xml', status(500));
    node = await createTestNode({
      publishers: [
        site.publisher({ id: 'dead-one', sources: [source('/dead.xml')] }),
        site.publisher({ sources: [source('/broken.xml'), source('/feed.xml')] }),
      ],
      clock,
      env: site.env,
    });
    const { publishers } = await node.pass();
    expect(publishers.map(({ outcome, fresh }) => [outcome, fresh])).toEqual([
      ['trouble', 0],
      ['news', 3],
    ]);
    expect(publishers[0]?.reason).toContain('500');
    expect(lastPass()).toMatchObject({ outcome: 'news', fresh: 3, failed: 1 });
    expect(lastPass()?.problems[0]?.subject).toBe(site.server.url('/broken.xml'));
    expect(lastPass()?.reason).toMatch(/^(challenge-page|html-instead)/);
  });

  it('keep the other articles when an entry cannot be taken in', async () => {
    const feed = `<rss version="2.0"><channel><title>x</title><item><title>Nameless</title><description>It has neither link nor guid.</description></item><item><title>Fine</title><link>${site.server.url('/news/fine-a9')}</link><description>One sentence about a bridge.</description></item></channel></rss>`;
    site.server.on('/feed.xml', send(feed, { 'content-type': 'text/xml' }));
    await start([source('/feed.xml', { text: 'summary' })]);
    await node.pass();
    expect(node.engine.store.lists.newest({}, 9).map(({ title }) => title)).toEqual(['Fine']);
    expect(lastPass()?.problems).toMatchObject([{ subject: 'Nameless' }]);
  });

  it('are not blamed for a pass that is called off, and are asked again at once', async () => {
    await start([source('/feed.xml')]);
    const stopping = new AbortController();
    site.server.on('/feed.xml', () => stopping.abort());
    const { publishers } = await node.pass({ signal: stopping.signal });
    expect(publishers[0]).toMatchObject({ outcome: 'nothing-new', reason: null, failed: 0 });
    expect(node.engine.store.sources.of('stand-in')).toMatchObject([
      { failures: 0, triedAt: null, reason: null },
    ]);
    site.serveFeed();
    expect((await node.pass()).publishers[0]).toMatchObject({ outcome: 'news', fresh: 3 });
  });

  it('let others have a turn between their entries, so that no answer waits for the longest feed', async () => {
    for (let id = 4; id <= 24; id += 1) site.publish(story(id));
    await start([source('/feed.xml')]);
    const passed = node.pass().then(() => false);
    const turn = () => new Promise<boolean>((resolve) => setImmediate(resolve, true));
    const taken = () => node.engine.store.lists.count({});
    while (taken() === 0 && (await Promise.race([passed, turn()])));
    expect(taken()).toBeLessThan(24);
    await passed;
    expect(taken()).toBe(24);
  });

  it('may be an index of sitemaps, whose newest ones are read in every pass though it stays the same', async () => {
    const sitemap = (path: string, root: string, each: string, paths: readonly string[]) =>
      site.server.on(
        path,
        send(
          `<${root}>${paths.map((loc) => `<${each}><loc>${site.server.url(loc)}</loc><lastmod>2026-10-01</lastmod></${each}>`).join('')}</${root}>`,
          { 'content-type': 'text/xml', etag: '"always"' },
        ),
      );
    sitemap('/index.xml', 'sitemapindex', 'sitemap', ['/2026-08.xml', '/2026-10.xml']);
    const [first, second] = [site.stories[0], site.stories[1]].map((one) => (one ? site.pathOf(one) : ''));
    sitemap('/2026-10.xml', 'urlset', 'url', ['/tags/winter', first ?? '']);
    await start([source('/index.xml', { kind: 'sitemap' })]);
    const looked = async () => (await node.pass({ force: true })).publishers;
    expect(await looked()).toMatchObject([{ fresh: 1, outcome: 'news' }]);
    sitemap('/2026-10.xml', 'urlset', 'url', [second ?? '', first ?? '']);
    clock.advance(HOUR_MS);
    expect(await looked()).toMatchObject([{ fresh: 1, unchanged: 1, outcome: 'news' }]);
    expect(site.server.requests.map(({ path }) => path)).not.toContain('/2026-08.xml');
  });

  it('are asked in reserve only when every main one failed', async () => {
    site.serveFeed('/reserve.xml');
    const sources = [source('/feed.xml'), source('/reserve.xml', { role: 'fallback' })];
    await start(sources);
    await node.pass();
    expect(asked('/reserve.xml')).toBe(0);
    site.server.on('/feed.xml', status(503));
    site.publish(story(4));
    clock.advance(10 * MINUTES_MS);
    const { publishers } = await node.pass();
    expect(asked('/reserve.xml')).toBe(1);
    expect(publishers[0]).toMatchObject({ outcome: 'news', fresh: 1 });
    expect(node.engine.store.lists.count({})).toBe(4);
  });

  it('rest longer after each failure, at most six hours, and say so with their reason', async () => {
    site.server.on('/feed.xml', status(500));
    await start([source('/feed.xml')]);
    const triedAt: number[] = [];
    for (let minutes = 0; minutes <= 40 * 60; minutes += 10) {
      const before = asked('/feed.xml');
      const { publishers } = await node.pass();
      expect(publishers[0]).toMatchObject({ outcome: 'trouble', reason: expect.stringContaining('500') });
      if (asked('/feed.xml') > before) triedAt.push(minutes);
      clock.advance(10 * MINUTES_MS);
    }
    const waits = triedAt.slice(1).map((at, index) => at - (triedAt[index] ?? 0));
    expect(waits.slice(0, 5)).toEqual([10, 20, 40, 80, 150]);
    expect(Math.max(...waits)).toBe(330);
    expect(node.engine.store.publishers.get('stand-in')).toMatchObject({ silence: 'quiet' });
    expect(node.engine.store.publishers.get('stand-in')?.silenceReason).not.toBeNull();
  });

  it('write nothing in a pass that brings nothing, which is recorded all the same', async () => {
    await start([source('/feed.xml')]);
    await node.pass();
    const before = treeOf(node);
    const changes = node.engine.store.changes.lastSeq();
    const version = node.engine.store.pages.newestVersion();
    clock.advance(10 * MINUTES_MS);
    const { rendered } = await node.pass();
    expect(rendered).toBe(0);
    expect(node.engine.store.dirty.count()).toBe(0);
    expect(node.engine.store.changes.lastSeq()).toBe(changes);
    expect(node.engine.store.pages.newestVersion()).toBe(version);
    expect(treeOf(node)).toEqual(before);
    expect(lastPass()).toMatchObject({ outcome: 'nothing-new', reason: null, endedAt: clock.now() });
    expect(node.engine.store.passes.newest('stand-in', 9)).toHaveLength(2);
  });

  it('do not contradict each other over an article that two of them carry', async () => {
    const short = (change: string) => () => ({
      text: 'summary' as const,
      comment: change,
      titles: ({ id }: { id: number }) => `In short ${id}`,
    });
    site.serveFeed('/short.xml', short('1'));
    await start([source('/short.xml', { text: 'summary' }), source('/feed.xml')]);
    await node.pass();
    const before = treeOf(node);
    expect(node.engine.store.lists.newest({}, 1)[0]?.title).toBe('Lighthouse report 3');
    for (const comment of ['2', '3']) {
      site.serveFeed('/short.xml', short(comment));
      site.serveFeed('/feed.xml', () => ({ comment }));
      clock.advance(10 * MINUTES_MS);
      await node.pass();
    }
    expect(revisions()).toEqual([1, 1, 1]);
    expect(treeOf(node)).toEqual(before);
    site.publish(story(2, { title: 'Lighthouse report 2, corrected' }));
    site.serveFeed('/short.xml', () => ({
      text: 'summary',
      titles: ({ id }) => `In short, corrected ${id}`,
    }));
    for (let pass = 0; pass < 2; pass += 1) {
      clock.advance(10 * MINUTES_MS);
      await node.pass();
    }
    expect(revisions()).toEqual([1, 2, 1]);
  });

  it('that name one article twice give the upper entry, and no change in later passes', async () => {
    const twice = (comment: string) => ({
      comment,
      stories: [story(1), { ...story(1, { title: 'Older words' }), publishedAt: FIRST_AT }],
    });
    site.serveFeed('/feed.xml', () => twice('a'));
    await start([source('/feed.xml')]);
    await node.pass();
    site.serveFeed('/feed.xml', () => twice('b'));
    clock.advance(10 * MINUTES_MS);
    await node.pass();
    expect(node.engine.store.lists.newest({}, 9).map(({ title }) => title)).toEqual(['Lighthouse report 1']);
    expect(revisions()).toEqual([1]);
  });

  it('that bring more than a pass takes bring the newest first and the others in the next', async () => {
    node = await createTestNode({
      publishers: [site.publisher({ sources: [source('/feed.xml')] })],
      clock,
      env: { ...site.env, TAMIZDAT_SYNC_MAX_ARTICLES_PER_PASS: '2' },
    });
    const titles = () =>
      node.engine.store.lists.fromOldest({}, 'taken', 0, 9).map(({ title }) => title.replace(/\D+/, ''));
    await node.pass();
    expect(titles()).toEqual(['3', '2']);
    expect(lastPass()?.problems.map(({ reason }) => reason)).toEqual([
      'more than 2 new articles: the others are taken in the next pass',
    ]);
    clock.advance(10 * MINUTES_MS);
    await node.pass();
    expect(titles()).toEqual(['3', '2', '1']);
    clock.advance(10 * MINUTES_MS);
    await node.pass();
    expect(lastPass()).toMatchObject({ fresh: 0, problems: [] });
  });
});
