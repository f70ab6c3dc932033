import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode, treeOf } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, type StandIn, story } from './stand-in.js';

type Node = Awaited<ReturnType<typeof createTestNode>>;

let clock: ManualClock;
let site: StandIn;
let node: Node;

beforeEach(async () => {
  clock = createManualClock(FIRST_AT + 3 * HOUR_MS);
  site = await createStandIn([story(1), story(2)]);
});

afterEach(async () => {
  await node.close();
  await site.close();
});

const start = async (given: Parameters<StandIn['publisher']>[0] = {}) => {
  node = await createTestNode({ publishers: [site.publisher(given)], clock, env: site.env });
  await node.pass();
};
const article = (id: number) => {
  const found = node.engine.store.articles.find('stand-in', { stableId: String(id), guid: null, url: null });
  if (found === null) throw new Error(`no article ${id}`);
  return found;
};
const edited = () => story(1, { title: 'Lighthouse report, corrected', slug: 'another-name' });
const updatedIn = (atom: string, id: number) =>
  new RegExp(`<entry>(?:(?!</entry>)[\\s\\S])*?/a${id}</id>(?:(?!</entry>)[\\s\\S])*?<updated>([^<]+)`).exec(
    atom,
  )?.[1];

describe('an edited article', () => {
  for (const pages of ['never', 'always'] as const) {
    it(`stays one article under one path when headline and URL change (pages read: ${pages})`, async () => {
      await start({ pages });
      const before = updatedIn((await node.get('/stand-in/atom.xml')).text, 1);
      clock.advance(2 * HOUR_MS);
      site.publish(edited());
      const { publishers } = await node.pass();

      expect(publishers[0]).toMatchObject({ fresh: 0, changed: 1 });
      expect(node.engine.store.lists.count({})).toBe(2);
      expect(article(1)).toMatchObject({ title: 'Lighthouse report, corrected', revision: 2 });
      expect(article(1).url).toBe(site.server.url('/news/another-name-a1'));
      expect((await node.get('/stand-in/a1/')).text).toContain('Lighthouse report, corrected');
      const changes = await node.get('/stand-in/a1/changes/');
      expect(changes.status).toBe(200);
      expect(changes.text).toContain('Lighthouse report 1');
      expect((await node.get('/stand-in/a2/changes/')).status).toBe(404);
      const after = updatedIn((await node.get('/stand-in/atom.xml')).text, 1);
      expect(before).toBe(new Date(FIRST_AT + HOUR_MS).toISOString());
      expect(Date.parse(after ?? '')).toBe(clock.now());
      const kinds = node.engine.store.changes.between(0, 99).map((change) => change.kind);
      expect(kinds).toEqual(['publisher', 'publish', 'publish', 'correct']);
    });
  }

  it('is not taken for removed when only its old address is gone', async () => {
    await start({ pages: 'always' });
    clock.advance(2 * HOUR_MS);
    const old = story(1);
    site.remove(1);
    site.publish(edited());
    await node.pass();
    for (let day = 0; day < 9; day += 1) {
      clock.advance(DAY_MS + HOUR_MS);
      await node.pass();
    }
    expect(article(1)).toMatchObject({ state: 'live', revision: 2 });
    expect(site.server.requests.at(-1)?.path).not.toBe(site.pathOf(old));
  });

  it('makes no revision of bytes that differ without the text, in feed or page', async () => {
    await start({ pages: 'always' });
    const before = treeOf(node);
    clock.advance(2 * HOUR_MS);
    site.serveFeed('/feed.xml', () => ({
      comment: 'built at another time',
      titles: (one) => ` ${one.title}\t`,
    }));
    for (const one of site.stories) site.servePage(one, 'served by machine 7');
    await node.pass();
    expect(article(1)).toMatchObject({ revision: 1, revisedAt: null });
    expect(treeOf(node)).toEqual(before);
  });

  it('is no edit but an edition when the page is read after the feed', async () => {
    await start({ text: 'summary', pages: 'always' });
    site.serveFeed('/feed.xml', () => ({ text: 'summary' }));
    expect(article(1)).toMatchObject({ origin: 'page', revision: 1, revisedAt: null });
    expect(article(1).content).toContain('Paragraph 4 of story 1');
    const page = await node.get('/stand-in/a1/');
    expect(page.text).not.toContain('changes/');
    expect(node.engine.store.changes.between(0, 99).filter(({ kind }) => kind === 'correct')).toEqual([]);
  });

  it('shows what the page says at a later look', async () => {
    await start({ pages: 'always' });
    const [first, ...rest] = story(2).paragraphs;
    site.servePage(story(2, { paragraphs: [`${first}`, ...rest, 'A sentence was added the next day.'] }));
    clock.advance(DAY_MS);
    const { publishers } = await node.pass();
    expect(publishers[0]?.changed).toBe(1);
    expect((await node.get('/stand-in/a2/')).text).toContain('A sentence was added the next day.');
    expect((await node.get('/stand-in/a2/changes/')).text).toContain('A sentence was added the next day.');
  });
});
