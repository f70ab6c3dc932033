import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, cli } from '../support/cli.js';
import { redirect } from '../support/hostile-server.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, type StandIn, story } from './stand-in.js';

let clock: ManualClock;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

beforeEach(async () => {
  clock = createManualClock(FIRST_AT + 30 * HOUR_MS);
  site = await createStandIn([1, 2, 3, 4].map((id) => story(id)));
});

afterEach(async () => {
  await node.close();
  await site.close();
});

const start = async (env: Record<string, string> = {}) => {
  const allowed = { TAMIZDAT_FETCH_ALLOW: `${site.server.pair},localhost:${site.server.port}` };
  node = await createTestNode({
    publishers: [site.publisher({ pages: 'always' })],
    clock,
    env: { ...allowed, ...env },
  });
  await node.pass();
};
const later = async (ms: number) => {
  clock.advance(ms);
  return (await node.pass({ force: true })).publishers[0];
};
const sources = () => node.engine.store.sources.of('stand-in');
const stateOf = (id: number) =>
  node.engine.store.articles.find('stand-in', { stableId: String(id), guid: null, url: null })?.state;
const asked = (path: string) => site.server.requests.filter((request) => request.path === path).length;
const newFeed = () => site.server.url('/new.xml', 'localhost');

async function moveFeed(): Promise<number> {
  await start();
  site.serveFeed('/new.xml');
  site.server.on('/feed.xml', redirect(301, newFeed()));
  site.publish(story(5));
  await later(HOUR_MS);
  const [decision] = node.engine.store.decisions.open();
  if (decision === undefined) throw new Error('nothing was asked');
  expect(decision).toMatchObject({ kind: 'moved', detail: `${site.server.url('/feed.xml')} ${newFeed()}` });
  return decision.id;
}

describe('a feed that moved to another host', () => {
  it('is not followed, shows as broken, and is asked of the keeper once', async () => {
    await moveFeed();
    await later(DAY_MS);
    expect(asked('/new.xml')).toBe(0);
    expect(node.engine.store.decisions.open()).toHaveLength(1);
    expect(sources()).toMatchObject([
      { state: 'broken', reason: expect.stringMatching(/^moved: permanently to/) },
    ]);
    expect(stateOf(5)).toBeUndefined();
  });

  it('is read at its new address once the keeper accepts, and what was known stays the same', async () => {
    const id = await moveFeed();
    expect(await node.engine.sync.decide(id, 'accept')).toMatchObject({ kind: 'settled' });
    expect((await node.get('/api/v1/publishers.json')).text).toContain(newFeed());
    node.engine.prepare();
    expect(await later(HOUR_MS)).toMatchObject({ outcome: 'news', fresh: 1, changed: 0 });
    expect(sources()).toMatchObject([{ url: newFeed(), state: 'fresh' }]);
    expect(node.engine.store.lists.count({})).toBe(5);
    site.publish(story(4, { title: 'Lighthouse report 4, corrected' }));
    expect(await later(HOUR_MS)).toMatchObject({ changed: 1 });
    expect(await node.engine.sync.decide(id, 'refuse')).toMatchObject({ kind: 'settled-before' });
  });

  it('stays where it is, and is not asked again, when the keeper refuses', async () => {
    const id = await moveFeed();
    await node.engine.sync.decide(id, 'refuse');
    await later(DAY_MS);
    expect(node.engine.store.decisions.open()).toEqual([]);
    expect(asked('/new.xml')).toBe(0);
    expect(sources()).toMatchObject([{ url: site.server.url('/feed.xml'), state: 'broken' }]);
  });
});

describe('removals past the limit', () => {
  it('are done when the keeper accepts, and never asked again when refused', async () => {
    await start({ TAMIZDAT_REMOVAL_DAILY_LIMIT: '0', TAMIZDAT_REMOVAL_DAILY_SHARE: '0' });
    site.remove(1);
    site.remove(2);
    await later(7 * DAY_MS);
    await later(DAY_MS + HOUR_MS);
    const [first, second] = node.engine.store.decisions.open();
    if (first === undefined || second === undefined) throw new Error('two were to be asked');
    await node.engine.sync.decide(first.id, 'accept');
    await node.engine.sync.decide(second.id, 'refuse');
    expect(stateOf(Number(first.detail))).toBe('withdrawn');
    expect(stateOf(Number(second.detail))).toBe('live');
    expect((await node.get(`/stand-in/a${second.detail}/`)).text).toContain('Paragraph 1');
    await later(7 * DAY_MS);
    expect(node.engine.store.decisions.open()).toEqual([]);
    expect(await node.engine.sync.decide(999, 'accept')).toEqual({ kind: 'unknown' });
  });
});

describe('the command `decisions`', () => {
  const run = (...argv: string[]): Promise<CliResult> => cli(['decisions', ...argv, '--home', node.home]);

  it('lists what waits while the node runs', async () => {
    const id = await moveFeed();
    const { code, stdout } = await run('list');
    expect(code).toBe(0);
    expect(stdout).toContain('stand-in');
    expect(stdout).toContain(`${site.server.url('/feed.xml')} moved to ${newFeed()}`);
    const json = JSON.parse((await run('list', '--json')).stdout);
    expect(json).toMatchObject([{ id, publisher: 'stand-in', kind: 'moved', verdict: null }]);
  });

  it('says what is wrong with a number, and that another process writes', async () => {
    const id = await moveFeed();
    expect(await run('accept', 'x')).toMatchObject({ code: 2 });
    const busy = await run('refuse', String(id));
    expect(busy.code).toBe(1);
    expect(busy.stderr).toContain('another process');
  });
});
