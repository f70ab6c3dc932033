import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { send } from '../support/hostile-server.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, FIRST_AT, HOUR_MS, type StandIn, story } from './stand-in.js';

const MINUTE_MS = 60_000;
vi.setConfig({ testTimeout: 90_000 });
let clock: ManualClock;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

beforeEach(async () => {
  clock = createManualClock(FIRST_AT + 2 * HOUR_MS);
  site = await createStandIn([story(1)]);
  serveLive(['The river rose overnight.']);
  node = await createTestNode({
    publishers: [site.publisher({ pages: 'always' })],
    clock,
    env: site.env,
  });
  await node.pass();
}, 60_000);

afterEach(async () => {
  await node.close();
  await site.close();
});

function serveLive(updates: string[], author = 'Desk of Floods'): void {
  const data = JSON.stringify({
    '@type': 'LiveBlogPosting',
    headline: story(1).title,
    author: { '@type': 'Person', name: author },
  });
  const told = [...story(1).paragraphs, ...updates].map((text) => `<p>${text}</p>`).join('');
  const html = `<html lang="en"><head><title>${story(1).title}</title><meta property="article:published_time" content="${new Date(story(1).publishedAt).toISOString()}"><script type="application/ld+json">${data}</script></head><body><article><h1>${story(1).title}</h1><div class="text">${told}</div></article></body></html>`;
  site.server.on(site.pathOf(story(1)), send(html, { 'content-type': 'text/html; charset=utf-8' }));
}

const article = () => {
  const found = node.engine.store.articles.find('stand-in', { stableId: '1', guid: null, url: null });
  if (found === null) throw new Error('no article');
  return found;
};
const updatedInFeed = async () => {
  const { text } = await node.get('/stand-in/atom.xml');
  return /<entry>[\s\S]*?<updated>([^<]+)/.exec(text)?.[1];
};

it('revises a live blog once in 30 minutes at most, and looks at it as often', async () => {
  expect(article()).toMatchObject({ kind: 'live', revision: 1 });
  const updates: string[] = [];
  for (let quarter = 1; quarter <= 8; quarter += 1) {
    clock.advance(15 * MINUTE_MS + 1_000);
    updates.push(`Water stands ${quarter} centimeters higher at the bridge than a quarter of an hour ago.`);
    serveLive(updates);
    await node.pass();
  }
  expect(article().revision).toBe(5);
  expect(article().content).toContain('Water stands 8 centimeters');
});

it('says so in feeds once a day at most', async () => {
  const first = await updatedInFeed();
  clock.advance(HOUR_MS);
  serveLive(['The bridge is closed to carts and to everybody on foot.']);
  await node.pass();
  expect(article().revision).toBe(2);
  expect(await updatedInFeed()).toBe(first);
  expect((await node.get('/stand-in/a1/')).text).toContain('The bridge is closed');
});

it('does not let a name stay in the byline for half an hour', async () => {
  clock.advance(31 * MINUTE_MS);
  serveLive(['The ferry is moored.']);
  await node.pass();
  clock.advance(MINUTE_MS);
  serveLive(['The ferry is moored.'], 'A. Pseudonym');
  node.engine.store.work.put(article().id, { ...article().page, dueAt: clock.now() });
  await node.pass();
  expect(article().authors).toEqual([{ name: 'A. Pseudonym' }]);
});
