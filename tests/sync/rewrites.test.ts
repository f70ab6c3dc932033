import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redirect, send } from '../support/hostile-server.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, type StandIn, story } from './stand-in.js';

let clock: ManualClock;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

const IDS = [1, 2, 3, 4, 5, 6, 7, 8];

beforeEach(async () => {
  clock = createManualClock(FIRST_AT + 9 * HOUR_MS);
  site = await createStandIn(IDS.map((id) => story(id)));
});

afterEach(async () => {
  await node.close();
  await site.close();
});

const start = async (pages: 'always' | 'never' = 'always') => {
  const given = site.publisher({ pages });
  const publisher = { ...given, page: { ...given.page, content: ['.text'] } };
  node = await createTestNode({ publishers: [publisher], clock, env: site.env });
  await node.pass();
};
const later = async (ms: number) => {
  clock.advance(ms);
  return (await node.pass({ force: true })).publishers[0];
};
const article = (id: number) => {
  const found = node.engine.store.articles.find('stand-in', { stableId: String(id), guid: null, url: null });
  if (found === null) throw new Error(`no article ${id}`);
  return found;
};
/** A text that shares no line with the first, and is as long. */
const rewritten = (id: number) => story(id, { paragraphs: story(id + 50).paragraphs });
const changed = () => IDS.filter((id) => article(id).revision > 1);

describe('old texts that are rewritten', () => {
  for (const pages of ['always', 'never'] as const) {
    it(`wait for the keeper past five in a day (pages read: ${pages})`, async () => {
      await start(pages);
      for (const id of IDS) site.publish(rewritten(id));
      expect(await later(8 * DAY_MS)).toMatchObject({ changed: 5 });
      expect(changed()).toHaveLength(5);
      const open = node.engine.store.decisions.open();
      expect(open.map(({ kind }) => kind)).toEqual(['rewrite', 'rewrite', 'rewrite']);
      const [accepted, refused] = open;
      if (accepted === undefined || refused === undefined) throw new Error('nothing was asked');
      await later(10 * 60_000);
      expect(changed()).toHaveLength(5);
      await node.engine.sync.decide(accepted.id, 'accept');
      await node.engine.sync.decide(refused.id, 'refuse');
      expect(await later(HOUR_MS)).toMatchObject({ changed: 1 });
      expect(article(Number(accepted.detail)).content).toContain(`story ${Number(accepted.detail) + 50}`);
      expect(article(Number(refused.detail)).content).toContain(`story ${refused.detail}:`);
      expect(node.engine.store.decisions.open()).toHaveLength(1);
    });
  }

  it('pass when they are young, or only corrected', async () => {
    await start();
    for (const id of IDS) site.publish(rewritten(id));
    await later(DAY_MS);
    expect(changed()).toEqual(IDS);
    for (const id of IDS) {
      const [first = '', ...rest] = rewritten(id).paragraphs;
      site.publish(story(id, { paragraphs: [`${first} Corrected.`, ...rest] }));
    }
    await later(7 * DAY_MS);
    expect(IDS.map((id) => article(id).revision)).toEqual(IDS.map(() => 3));
    expect(node.engine.store.decisions.open()).toEqual([]);
  });

  it('count together with removals', async () => {
    await start();
    for (const id of [1, 2, 3, 4]) site.remove(id);
    await later(8 * DAY_MS);
    for (const id of [5, 6, 7, 8]) site.publish(rewritten(id));
    const brought = await later(DAY_MS + HOUR_MS);
    expect((brought?.changed ?? 0) + (brought?.removed ?? 0)).toBe(5);
    expect(node.engine.store.decisions.open()).toHaveLength(3);
  });
});

describe('a page that turned into something else', () => {
  const CHALLENGE =
    '<html><head><title>Just a moment...</title></head><body><script src="/cdn-cgi/challenge-platform/x.js"></script>Checking your browser</body></html>';
  const LOGIN = `<html><body><h1>Log in</h1><form><input name="name"><input type="password" name="word"></form></body></html>`;

  for (const [what, path, behavior] of [
    ['a challenge', '/unused', send(CHALLENGE, { 'content-type': 'text/html' })],
    ['a login', '/login', redirect(302, '/login')],
  ] as const) {
    it(`is blocked and not removed: ${what}`, async () => {
      await start();
      site.server.on(path, send(LOGIN, { 'content-type': 'text/html' }));
      site.server.on(site.pathOf(story(3)), behavior);
      const before = article(3).content;
      for (const wait of [DAY_MS, 7 * DAY_MS, 2 * DAY_MS]) await later(wait);
      expect(article(3)).toMatchObject({ state: 'live', revision: 1, content: before });
      expect(article(3).page).toMatchObject({ missing: 0, reason: expect.stringMatching(/^challenge-page/) });
      expect((await node.get('/stand-in/a3/')).status).toBe(200);
    });
  }
});
