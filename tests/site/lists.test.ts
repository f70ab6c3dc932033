import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode, treeOf } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

const clock = createManualClock(FIRST_AT + 60 * DAY_MS);
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

const brief = (id: number, change = {}) =>
  story(id, { paragraphs: [`Of light ${id} there is little to say today.`], ...change });
const publish = async (from: number, to: number) => {
  for (let id = from; id <= to; id += 1) site.publish(brief(id));
  clock.advance(HOUR_MS);
  await node.pass();
};
/** Ids that a page lists, newest first. */
const listed = async (path: string): Promise<number[]> => {
  const { text } = await node.get(path);
  const list = text.slice(text.indexOf('<main'));
  return [...new Set([...list.matchAll(/href="[./]+(?:stand-in\/)?a(\d+)\/"/g)].map(([, id]) => Number(id)))];
};
const range = (from: number, to: number) =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => (from > to ? from - index : from + index));

beforeAll(async () => {
  site = await createStandIn();
  node = await createTestNode({ publishers: [site.publisher()], clock, env: site.env });
  await publish(1, 31);
});

afterAll(async () => {
  await node.close();
  await site.close();
});

describe('lists of a publisher', () => {
  it('hold up to 31 headlines on the first page, and then fill pages numbered from the oldest', async () => {
    expect(await listed('/stand-in/')).toEqual(range(31, 1));
    expect((await node.get('/stand-in/p1/')).status).toBe(404);
    await publish(32, 32);
    expect(await listed('/stand-in/')).toEqual(range(32, 21));
    expect(await listed('/stand-in/p1/')).toEqual(range(20, 1));
    expect((await node.get('/stand-in/')).text).toContain('href="./p1/"');
  });

  it('never change a full page again, but for its link to a newer one the first time', async () => {
    const first = (await node.get('/stand-in/p1/')).text;
    expect(first).not.toContain('p2/');
    await publish(33, 52);
    const second = (await node.get('/stand-in/p1/')).text;
    expect(second).toContain('href="../p2/"');
    expect(second.replace('href="../p2/"', 'href="../"')).toBe(first);
    expect(await listed('/stand-in/p2/')).toEqual(range(40, 21));
    const etag = treeOf(node).get('/stand-in/p1/');
    await publish(53, 75);
    expect(treeOf(node).get('/stand-in/p1/')).toBe(etag);
    expect((await node.get('/stand-in/p1/')).text).toBe(second);
    const pages = await Promise.all([1, 2, 3].map((number) => listed(`/stand-in/p${number}/`)));
    expect([...(await listed('/stand-in/')), ...pages.reverse().flat()]).toEqual(range(75, 1));
  });

  it('keep their place when one article is dropped from the middle of a full page', async () => {
    const before = treeOf(node);
    const gone = node.engine.store.articles.find('stand-in', { stableId: '30', guid: null, url: null });
    if (gone === null) throw new Error('no article 30');
    const { removeArticle } = await import('../../src/sync/remove-article.js');
    const { createInvalidator } = await import('../../src/site/invalidate.js');
    const { store } = node.engine;
    removeArticle(gone, 'withdrawn', 'a test', { store, invalidator: createInvalidator(store) }, clock.now());
    await node.pass();
    expect(await listed('/stand-in/p2/')).toEqual(range(40, 21).filter((id) => id !== 30));
    for (const path of ['/stand-in/p1/', '/stand-in/p3/'])
      expect(treeOf(node).get(path)).toBe(before.get(path));
  });

  it('have one for each month and no page for a month or section without articles', async () => {
    site.publish({ ...brief(900), publishedAt: FIRST_AT + 40 * DAY_MS });
    clock.advance(HOUR_MS);
    await node.pass();
    expect(await listed('/stand-in/2026-11/')).toEqual([900]);
    // Rendered a second time it must not be taken for a page past the last one.
    site.publish({ ...brief(901), publishedAt: FIRST_AT + 41 * DAY_MS });
    clock.advance(HOUR_MS);
    await node.pass();
    expect(treeOf(node).has('/stand-in/2026-11/')).toBe(true);
    expect(await listed('/stand-in/2026-11/')).toEqual([901, 900]);
    expect((await listed('/stand-in/2026-10/')).length).toBeGreaterThanOrEqual(12);
    const front = (await node.get('/stand-in/')).text;
    expect(front).toContain('./2026-11/');
    expect(front).toContain('./2026-10/');
    for (const path of [
      '2026-09/',
      '9999-99/',
      's/nothing/',
      's/nothing/rss.xml',
      's/nothing/p1/',
      '2026-10/p9/',
    ])
      expect((await node.get(`/stand-in/${path}`)).status, path).toBe(404);
  });

  it('move an article to another section without leaving it behind or losing a neighbor', async () => {
    const ids = range(1, 45).map((id) => id + 100);
    for (const id of ids) site.publish(brief(id, { section: 'Sea' }));
    clock.advance(HOUR_MS);
    await node.pass();
    expect((await node.get('/stand-in/s/sea/p1/')).status).toBe(200);
    const moved = ids.filter((id) => id % 2 === 1);
    const { store } = node.engine;
    const { afterSave } = await import('../../src/sync/after-save.js');
    const { createInvalidator } = await import('../../src/site/invalidate.js');
    for (const id of moved) {
      const article = store.articles.find('stand-in', { stableId: String(id), guid: null, url: null });
      if (article === null) throw new Error(`no article ${id}`);
      store.transaction(() => {
        const saved = store.articles.save(
          { ...article, section: 'Harbor' },
          { at: clock.now(), edition: true },
        );
        afterSave(saved, { store, invalidator: createInvalidator(store) });
      });
    }
    await node.pass();
    expect(await listed('/stand-in/s/sea/')).toEqual(ids.filter((id) => id % 2 === 0).reverse());
    expect(await listed('/stand-in/s/harbor/')).toEqual(moved.reverse());
    expect((await node.get('/stand-in/s/sea/p1/')).status).toBe(404);
    expect((await node.get('/stand-in/s/sea/history/1.xml')).status).toBe(404);
  });
});
