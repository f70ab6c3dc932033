import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quietReason, shrunkReason } from '../../src/sync/source-health.js';
import { send, status } from '../support/hostile-server.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode, treeOf } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, type StandIn, story } from './stand-in.js';

let clock: ManualClock;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

const many = (count: number) => Array.from({ length: count }, (_, index) => story(index + 1));

beforeEach(async () => {
  clock = createManualClock(FIRST_AT + 13 * HOUR_MS);
  site = await createStandIn(many(12));
});

afterEach(async () => {
  await node.close();
  await site.close();
});

const start = async (given: Parameters<StandIn['publisher']>[0] = {}) => {
  node = await createTestNode({ publishers: [site.publisher(given)], clock, env: site.env });
  await node.pass();
};
const later = async (ms: number) => {
  clock.advance(ms);
  const { publishers } = await node.pass({ force: true });
  return publishers[0];
};
const source = () => {
  const [first] = node.engine.store.sources.of('stand-in');
  if (first === undefined) throw new Error('no source');
  return first;
};
const article = (id: number) => {
  const found = node.engine.store.articles.find('stand-in', { stableId: String(id), guid: null, url: null });
  if (found === null) throw new Error(`no article ${id}`);
  return found;
};
const told = async () => JSON.parse((await node.get('/api/v1/publishers.json')).text).publishers[0];

describe('the state of a source', () => {
  it('is quiet, and no trouble, when nothing new came for longer than its rhythm makes likely', async () => {
    await start();
    expect(source().state).toBe('fresh');
    expect((await later(23 * HOUR_MS))?.outcome).toBe('nothing-new');
    expect(source().state).toBe('fresh');
    const before = treeOf(node);
    expect(await later(3 * HOUR_MS)).toMatchObject({ outcome: 'nothing-new', reason: null });
    expect(source()).toMatchObject({ state: 'quiet', sinceAt: clock.now() });
    expect(source().reason).toMatch(/^nothing-new: nothing newer than 2026-10-01T20:00:00.000Z/);
    expect((await told()).sources[0]).toMatchObject({ state: 'quiet', reason: source().reason });
    expect((await node.get('/about/')).text).toContain('has published nothing new');
    expect((await node.get('/stand-in/')).text).toContain('has published nothing new');

    const quiet = treeOf(node);
    expect(quiet).not.toEqual(before);
    await later(10 * 60_000);
    expect(treeOf(node)).toEqual(quiet);
    site.publish(story(13, { publishedAt: clock.now() }));
    await later(10 * 60_000);
    expect(source()).toMatchObject({ state: 'fresh', reason: null, sinceAt: clock.now() });
    expect((await node.get('/stand-in/')).text).not.toContain('has published nothing new');
  });

  it('never calls a weekend quiet that the publisher keeps every week', () => {
    const at = Date.UTC(2026, 9, 5, 6);
    const workdays = Array.from({ length: 60 }, (_, index) => {
      const day = Math.floor(index / 6);
      return at - DAY_MS * (3 + day + 2 * Math.floor(day / 5)) - (index % 6) * HOUR_MS;
    });
    expect(quietReason(workdays, at)).toBeNull();
    expect(quietReason(workdays, at + 7 * DAY_MS)).toMatch(/^nothing-new/);
    expect(quietReason(workdays.slice(0, 10), at + 70 * DAY_MS)).toBeNull();
  });

  it('is broken at a first failure, stale when it lasts, blocked when something else answers', async () => {
    await start();
    site.server.on('/feed.xml', status(503));
    await later(HOUR_MS);
    expect(source()).toMatchObject({ state: 'broken' });
    const nextTry = async () => (await told()).sources[0].next_try;
    const first = await nextTry();
    expect(Date.parse(first)).toBe(source().nextTryAt);
    expect((await node.get('/about/')).text).toContain(`next try <time datetime="${first.slice(0, 16)}`);
    await later(HOUR_MS);
    expect(Date.parse(await nextTry())).toBeGreaterThan(Date.parse(first));
    expect(Date.parse(await nextTry())).toBe(source().nextTryAt);
    await later(6 * HOUR_MS);
    expect(source()).toMatchObject({ state: 'stale', sinceAt: clock.now() });
    expect(source().reason).toContain('503');
    expect((await told()).sources[0]).toMatchObject({ state: 'stale' });
    site.server.on(
      '/feed.xml',
      send('<html><body>Please wait</body></html>', { 'content-type': 'text/html' }),
    );
    await later(DAY_MS);
    expect(source().state).toBe('blocked');
    site.serveFeed();
    await later(HOUR_MS);
    expect(source()).toMatchObject({ failures: 0, reason: expect.stringMatching(/^nothing-new/) });
    expect(await nextTry()).toBeNull();
  });

  it('is no quiet day when 11 bytes come, or nothing, or a feed without an entry, or HTML that says it is a feed', async () => {
    await start();
    for (const [body, state, reason] of [
      ['hello world', 'blocked', 'tiny-body'],
      ['', 'blocked', 'empty-body'],
      ['<rss version="2.0"><channel><title>x</title></channel></rss>', 'broken', 'no-entries'],
      ['<html><body>The rss feed has moved.</body></html>', 'blocked', 'html-instead'],
    ] as const) {
      site.server.on('/feed.xml', send(body, { 'content-type': 'application/rss+xml' }));
      expect(await later(HOUR_MS)).toMatchObject({ outcome: 'trouble' });
      expect(source()).toMatchObject({ state, reason: expect.stringMatching(`^${reason}: `) });
    }
    expect(node.engine.store.lists.count({})).toBe(12);
  });

  it('is suspect when the newest ten texts are half as long as those before', async () => {
    await start();
    for (let id = 13; id <= 30; id += 1) {
      const [first = ''] = story(id).paragraphs;
      site.publish(story(id, id > 20 ? { paragraphs: [first] } : {}));
    }
    await later(18 * HOUR_MS);
    expect(source().state).toBe('suspect');
    expect(source().reason).toMatch(
      /^suspect: the newest 10 texts have a median of \d+ words, the 20 before/,
    );
    expect((await node.get('/about/')).text).toMatch(/<b>suspect<\/b>.*much shorter/s);
    expect(shrunkReason([...Array(10).fill(400), ...Array(50).fill(700)])).toBeNull();
    expect(shrunkReason([...Array(10).fill(1), ...Array(9).fill(700)])).toBeNull();
  });

  it('is suspect when most pages of a pass yield little, and then old copies stay until pages are whole', async () => {
    await start({ pages: 'always', text: 'summary' });
    site.serveFeed('/feed.xml', () => ({ text: 'summary' }));
    expect(article(12)).toMatchObject({ origin: 'page', revision: 1 });
    const before = article(12).content;
    const walled = (id: number) => story(id, { paragraphs: story(id).paragraphs.slice(0, 1) });
    for (const one of many(12)) site.servePage(walled(one.id));
    await later(6 * HOUR_MS);
    expect(source()).toMatchObject({
      state: 'suspect',
      reason: expect.stringMatching(/^suspect: \d+ of \d+ pages/),
    });
    expect(article(12)).toMatchObject({ revision: 1, content: before });
    expect(article(12).page).toMatchObject({ state: 'read', reason: expect.stringMatching(/^suspect/) });
    for (const one of many(12)) site.servePage(one);
    await later(DAY_MS);
    expect(source().state).not.toBe('suspect');
    expect(article(12)).toMatchObject({ revision: 1, content: before });
    site.servePage(walled(12));
    await later(7 * DAY_MS);
    expect(article(12)).toMatchObject({ revision: 2 });
  });

  it('is suspect when most pages read last yield little though each pass reads one, and not for one odd page read often', async () => {
    const next = async (isWalled: boolean, ...ids: number[]) => {
      for (const one of ids.map((id) => story(id, { publishedAt: clock.now() }))) {
        site.publish(one);
        if (isWalled) site.servePage({ ...one, paragraphs: one.paragraphs.slice(0, 1) });
      }
      await later(60_000);
    };
    await start({ pages: 'always' });
    await next(true, 13);
    expect(article(13)).toMatchObject({
      origin: 'feed',
      page: { reason: expect.stringMatching(/^suspect/) },
    });
    for (const hours of [1, 5, 10]) await later(hours * HOUR_MS);
    expect(source().state).toBe('fresh');
    await next(false, 14, 15, 16);
    await next(true, 17);
    await next(true, 18);
    expect(source().state).toBe('fresh');
    await next(true, 19);
    expect(source()).toMatchObject({ state: 'suspect', reason: expect.stringMatching(/^suspect: 3 of 5/) });
    await next(false, 20);
    expect(source().state).toBe('suspect');
    await next(false, 21, 22);
    expect(source().state).toBe('fresh');
  });
});
