import { parseFeed } from '@rowanmanning/feed-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode, treeOf } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

const clock = createManualClock(FIRST_AT + 30 * DAY_MS);
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

const publish = async (ids: readonly number[], change: Partial<Parameters<typeof story>[1]> = {}) => {
  for (const id of ids) site.publish(story(id, { paragraphs: [`Light ${id} burns.`], ...change }));
  clock.advance(HOUR_MS);
  await node.pass();
};
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const linkOf = (xml: string, rel: string) =>
  new RegExp(`<(?:atom:)?link[^>]*rel="${rel}"[^>]*>`).exec(xml)?.[0];
const idsOf = (xml: string) => parseFeed(xml).items.map(({ id }) => Number(/\/a(\d+)$/.exec(id ?? '')?.[1]));

/** What a reader that follows RFC 5005 holds after walking back from a feed: the ids of each document. */
async function walk(path: string): Promise<{ current: number[]; archives: number[][] }> {
  let { text } = await node.get(path);
  const current = idsOf(text);
  const archives: number[][] = [];
  for (let steps = 0; steps < 20; steps += 1) {
    const href = /href="([^"]+)"/.exec(linkOf(text, 'prev-archive') ?? '')?.[1];
    if (href === undefined) return { current, archives };
    const answer = await node.get(new URL(href).pathname);
    expect(answer.status, href).toBe(200);
    expect(answer.text).toContain('http://purl.org/syndication/history/1.0');
    text = answer.text;
    archives.push(idsOf(text));
  }
  throw new Error('the chain does not end');
}

beforeAll(async () => {
  site = await createStandIn();
  node = await createTestNode({ publishers: [site.publisher()], clock, env: site.env });
  await publish(range(1, 50));
});

afterAll(async () => {
  await node.close();
  await site.close();
});

describe('the history of a feed', () => {
  const expectWhole = async (path: string, ids: readonly number[]) => {
    const { current, archives } = await walk(path);
    const archived = archives.flat();
    expect(new Set(archived).size, `${path}: twice in archives`).toBe(archived.length);
    expect(new Set(current).size, `${path}: twice in the feed`).toBe(current.length);
    expect(
      [...new Set([...current, ...archived])].sort((a, b) => a - b),
      path,
    ).toEqual(ids);
    return archives;
  };

  it('leads from each plain feed to every article, once', async () => {
    for (const path of ['/stand-in/rss.xml', '/stand-in/atom.xml', '/atom.xml', '/stand-in/full/atom.xml']) {
      const archives = await expectWhole(path, range(1, 50));
      expect(archives.length).toBeGreaterThan(0);
    }
  });

  it('loses none that arrives late with an old date', async () => {
    await publish(range(101, 112), { publishedAt: FIRST_AT - DAY_MS });
    await expectWhole('/stand-in/atom.xml', [...range(1, 50), ...range(101, 112)]);
    await publish(range(113, 115), { publishedAt: FIRST_AT - 2 * DAY_MS });
    await expectWhole('/stand-in/atom.xml', [...range(1, 50), ...range(101, 115)]);
    await expectWhole('/stand-in/full/rss.xml', [...range(1, 50), ...range(101, 115)]);
  });

  it('begins with whole texts of the newest fifty, in full/', async () => {
    const { text } = await node.get('/stand-in/full/rss.xml');
    expect(idsOf(text)).toEqual(expect.arrayContaining(range(1, 50)));
    for (const id of [1, 50]) expect(text).toContain(`Light ${id} burns.`);
  });

  it('keeps a full document as it is when newer articles come, but for its link to the next', async () => {
    const text = async (path: string) => (await node.get(path)).text;
    const first = await text('/stand-in/history/1.xml');
    const second = await text('/stand-in/history/2.xml');
    expect(linkOf(second, 'next-archive')).toBeUndefined();
    const etag = treeOf(node).get('/stand-in/history/1.xml');
    await publish(range(201, 230));
    expect(await text('/stand-in/history/1.xml')).toBe(first);
    expect(treeOf(node).get('/stand-in/history/1.xml')).toBe(etag);
    const after = await text('/stand-in/history/2.xml');
    expect(after.replace(linkOf(after, 'next-archive') ?? 'x', '')).toBe(second);
    expect((await node.get('/stand-in/history/4.xml')).status).toBe(404);
  });
});
