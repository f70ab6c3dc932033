import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
});

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

describe('over many hours', () => {
  const COUNT = 120;
  /** From the evening of the 24th to the morning of the 26th, 20 minutes apart. */
  const timeOf = (index: number) => Date.UTC(2026, 10, 24, 18) + index * 20 * MINUTE_MS;
  /** No two alike, so that they do not compress to nothing. */
  const told = (index: number) =>
    Array.from({ length: 40 }, (_, word) =>
      createHash('sha256').update(`${index} ${word}`).digest('hex').slice(0, 7),
    ).join(' ');

  /** Oldest first, as some publishers have them. */
  function serveUpdates(): void {
    const updates = Array.from(
      { length: COUNT },
      (_, index) =>
        `<div class="post"><time datetime="${new Date(timeOf(index)).toISOString()}">then</time><h2>Report ${index} from the river</h2><p>At the bridge ${told(index)}.</p></div>`,
    ).join('');
    const data = JSON.stringify({ '@type': 'LiveBlogPosting', headline: story(1).title });
    const html = `<html lang="en"><head><title>${story(1).title}</title><script type="application/ld+json">${data}</script></head><body><article><h1>${story(1).title}</h1><div class="posts">${updates}</div></article></body></html>`;
    site.server.on(site.pathOf(story(1)), send(html, { 'content-type': 'text/html; charset=utf-8' }));
  }

  it('is cut into parts by time, the newest first, their times in the links', async () => {
    clock.advance(HOUR_MS);
    serveUpdates();
    await node.pass();
    const first = await node.get('/stand-in/a1/');
    const nav = /<nav aria-label="Pages">([\s\S]*?)<\/nav>/.exec(first.text)?.[1] ?? '';
    const labels = [...nav.matchAll(/>(\d+ \([^)]*\))</g)].map(([, label]) => label ?? '');
    expect(labels.length).toBeGreaterThan(3);
    const parts = [first];
    for (let number = 2; number <= labels.length; number += 1)
      parts.push(await node.get(`/stand-in/a1/p${number}/`));
    const shown = parts.map(({ text }) =>
      [...text.matchAll(/Report (\d+) from/g)].map((one) => Number(one[1])),
    );
    // Every report once, whole, the newest on the first page.
    expect(shown.flat()).toEqual(Array.from({ length: COUNT }, (_, index) => COUNT - 1 - index));
    for (const [index, { text }] of parts.entries())
      for (const report of shown[index] ?? []) expect(text).toContain(told(report));
    let day = '';
    for (const [index, label] of labels.entries()) {
      const [date = '', time = ''] = new Date(timeOf(shown[index]?.[0] ?? 0)).toISOString().split('T');
      const clockTime = time.slice(0, 5);
      const dated = `${Number(date.slice(8))}\u00a0November, ${clockTime}`;
      expect(label).toBe(`${index + 1} (${date === day ? clockTime : dated})`);
      day = date;
    }
  });
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
