import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, type StandIn, story } from '../sync/stand-in.js';

let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

beforeAll(async () => {
  site = await createStandIn([1, 2, 3].map((id) => story(id, { section: 'Coast' })));
  node = await createTestNode({
    publishers: [
      site.publisher({ id: 'alpha', names: { en: 'Alpha' } }),
      site.publisher({ id: 'beta', names: { ru: 'Бета' }, language: 'ru' }),
    ],
    clock: createManualClock(FIRST_AT + DAY_MS),
    env: site.env,
  });
  await node.pass();
});

afterAll(async () => {
  await node?.close();
  await site?.close();
});

const sectionsOf = (html: string, label: string): string[] => {
  const nav = new RegExp(`<nav aria-label="${label}">(.*?)</nav>`, 's').exec(html)?.[1] ?? '';
  return [...nav.matchAll(/href="([^"]+)"/g)].map(([, href]) => href ?? '');
};

describe('the shared front', () => {
  it('names its publishers under the masthead, those in its language first, then the search', async () => {
    expect(sectionsOf((await node.get('/ru/')).text, 'Рубрики')).toEqual([
      '../beta/',
      '../alpha/',
      './search/',
    ]);
    expect(sectionsOf((await node.get('/en/')).text, 'Sections')).toEqual([
      '../alpha/',
      '../beta/',
      './search/',
    ]);
  });

  it('tells its own language by days and to the end, and the others after it with their dates', async () => {
    const { text } = await node.get('/ru/');
    const end = text.indexOf('Это всё с');
    const others = text.indexOf('На других языках');
    expect(end).toBeGreaterThan(text.indexOf('href="../beta/a1/"'));
    expect(others).toBeGreaterThan(end);
    expect(text.indexOf('href="../alpha/a1/"')).toBeGreaterThan(others);
    expect(text.slice(others)).toContain('1 октября 2026');
  });

  it('is there in the languages of the interface and of its publishers, and in no other', async () => {
    const statusOf = async (path: string) => (await node.get(path)).status;
    for (const path of ['', 'about/', 'verify/', 'feeds/', 'search/', 'rss.xml'])
      expect([path, await statusOf(`/zh/${path}`), await statusOf(`/zz/${path}`)]).toEqual([path, 200, 404]);
  });

  it('links no month in which nothing was published', async () => {
    site.publish(story(4, { publishedAt: FIRST_AT - 100 * DAY_MS }));
    await node.pass({ force: true });
    const { text } = await node.get('/alpha/');
    expect([...text.matchAll(/href="\.\/(\d{4}-\d{2})\/"/g)].map(([, month]) => month)).toEqual([
      '2026-10',
      '2026-06',
    ]);
  });

  it('shortens a headline that is no headline, in lists and feeds; its own page has it whole', async () => {
    const title = `Endless ${'harbor '.repeat(300)}end`;
    site.publish(story(5, { title }));
    await node.pass({ force: true });
    for (const path of ['/alpha/', '/alpha/rss.xml', '/alpha/feed.json']) {
      const { text } = await node.get(path);
      expect([path, text.includes('Endless harbor'), text.includes('harbor end')]).toEqual([
        path,
        true,
        false,
      ]);
    }
    expect((await node.get('/alpha/a5/')).text).toContain(`<h1>${title}</h1>`);
  });

  it('has another id for its feeds of whole texts than for those of summaries', async () => {
    const id = async (path: string) => /<id>(.*?)<\/id>/.exec((await node.get(path)).text)?.[1];
    expect(await id('/alpha/atom.xml')).toBe('tag:tamizdat.invalid,2026:alpha/');
    expect(await id('/alpha/full/atom.xml')).toBe('tag:tamizdat.invalid,2026:alpha/full/');
  });
});
