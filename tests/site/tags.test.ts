import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Article } from '../../src/domain/article.js';
import { createInvalidator } from '../../src/site/invalidate.js';
import { afterSave } from '../../src/sync/after-save.js';
import { removeArticle } from '../../src/sync/remove-article.js';
import { articleOf } from '../store/article-of.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode, testPublisher } from '../support/test-node.js';

const AT = Date.UTC(2026, 10, 20);
const HOUR = 3_600_000;

let node: Awaited<ReturnType<typeof createTestNode>>;
beforeAll(async () => {
  const publishers = [testPublisher({ id: 'paper', sources: [] })];
  node = await createTestNode({ publishers, clock: createManualClock(AT + 100 * HOUR) });
  await node.engine.sync.render();
});
afterAll(() => node.close());

const story = (number: number, tags: readonly string[], change: Partial<Article> = {}): Article =>
  articleOf({
    stableId: String(number),
    publisherId: 'paper',
    url: `https://paper.test/${number}` as Article['url'],
    publishedAt: AT + number * HOUR,
    section: 'News',
    tags,
    ...change,
  });

async function publish(...articles: Article[]): Promise<void> {
  const { store } = node.engine;
  const invalidator = createInvalidator(store);
  store.transaction(() => {
    for (const article of articles)
      afterSave(store.articles.save(article, { at: AT, edition: false }), { store, invalidator });
  });
  await node.engine.sync.render();
  node.refresh();
}

const listed = async (path: string): Promise<number[]> => {
  const { text } = await node.get(path);
  return [...text.slice(text.indexOf('<main')).matchAll(/href="[./]+a(\d+)\/"/g)].map(([, id]) => Number(id));
};

it('gives each tag a list, which the article links and whose feeds are the publisher’s', async () => {
  await publish(story(1, ['News', 'Black Sea', 'Море']), story(2, ['black  sea']));
  expect(await listed('/paper/t/black-sea/')).toEqual([2, 1]);
  expect(await listed('/paper/t/more/')).toEqual([1]);
  const article = (await node.get('/paper/a1/')).text;
  expect(article).toContain('<a href="../t/black-sea/">Black Sea</a>');
  // The section has a page already.
  expect(article).not.toContain('t/news/');
  expect((await node.get('/paper/t/news/')).status).toBe(404);
  const page = (await node.get('/paper/t/black-sea/')).text;
  expect(page).toContain('Topic: black sea</h1>');
  expect(page).toMatch(/href="\.\.\/\.\.\/rss\.xml"/);
  expect((await node.get('/paper/t/black-sea/rss.xml')).status).toBe(404);
});

it('fills pages numbered from the oldest, like every list', async () => {
  await publish(...Array.from({ length: 40 }, (_, index) => story(index + 3, ['Black Sea'])));
  expect(await listed('/paper/t/black-sea/p1/')).toEqual(
    Array.from({ length: 20 }, (_, index) => 20 - index),
  );
  expect((await listed('/paper/t/black-sea/')).at(-1)).toBe(21);
  expect((await node.get('/paper/t/black-sea/p1/')).wireBytes).toBeLessThanOrEqual(8_192);
});

it('leaves no article behind that has lost its tag, and no page that nothing bears', async () => {
  await publish(story(1, ['Black Sea'], { title: 'Edited' }));
  expect((await node.get('/paper/t/more/')).status).toBe(404);
  await publish(story(5, ['Weather']));
  expect(await listed('/paper/t/weather/')).toEqual([5]);
  expect(await listed('/paper/t/black-sea/p1/')).not.toContain(5);
  expect(await listed('/paper/t/black-sea/p1/')).toHaveLength(20);
});

it('shows neither a withdrawn nor a buried article, nor a tag that only such a one bore', async () => {
  const { store } = node.engine;
  const find = (id: number) => store.articles.find('paper', { stableId: String(id), guid: null, url: null });
  const invalidator = createInvalidator(store);
  await publish(story(50, ['Jane Roe']));
  for (const id of [42, 50]) {
    const article = find(id);
    if (article !== null) removeArticle(article, 'tombstone', 'asked', { store, invalidator }, AT);
  }
  await node.engine.sync.render();
  node.refresh();
  expect(await listed('/paper/t/black-sea/')).not.toContain(42);
  expect((await node.get('/paper/t/jane-roe/')).status).toBe(404);
});
