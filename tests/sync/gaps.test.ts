import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { send, status } from '../support/hostile-server.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, type StandIn, type Story, story } from './stand-in.js';

let clock: ManualClock;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

beforeEach(async () => {
  clock = createManualClock(FIRST_AT + 4 * HOUR_MS);
  site = await createStandIn([1, 2, 3].map((id) => story(id)));
});

afterEach(async () => {
  await node.close();
  await site.close();
});

const start = async (archive: 'sitemap' | 'wordpress' | null) => {
  const sources = archive === null ? {} : { sources: site.withArchive(archive, `/${archive}`) };
  const publishers = [site.publisher({ pages: 'always', ...sources })];
  node = await createTestNode({ publishers, clock, env: site.env });
  await node.pass();
};
/** Eight days pass, in which nine articles come, or more; the feed holds only the newest three, below an old one if `pinned`. */
const sleepLong = async ({ stories = 9, pinned = false, postsOfPage = 5 } = {}) => {
  for (let id = 4; id < 4 + stories; id += 1)
    site.publish(story(id, { publishedAt: FIRST_AT + ((id - 3) * 180 * HOUR_MS) / stories }));
  const newest = () => site.stories.slice(-3);
  site.serveFeed('/feed.xml', () => ({
    stories: newest(),
    ...(pinned && { pinned: site.stories.slice(0, 1) }),
  }));
  site.servePosts('/wordpress', site.stories, postsOfPage, clock.now());
  clock.advance(8 * DAY_MS);
  return (await node.pass({ force: true })).publishers[0];
};
const gaps = () =>
  (node.engine.store.passes.newest('stand-in', 1)[0]?.problems ?? []).filter(({ reason }) =>
    reason.startsWith('gap:'),
  );
const count = () => node.engine.store.lists.count({});

function serveSitemap(): void {
  const url = (path: string, day: string) =>
    `<url><loc>${site.server.url(path)}</loc><lastmod>${day}</lastmod></url>`;
  const dayOf = (one: Story) => new Date(one.publishedAt).toISOString();
  const set = (inside: string) =>
    send(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${inside}</urlset>`, {
      'content-type': 'text/xml',
    });
  site.server.on('/sitemap', (request, response) =>
    send(
      `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>${site.server.url('/map/2026-8.xml')}</loc></sitemap><sitemap><loc>${site.server.url('/map/2026-10.xml')}</loc></sitemap></sitemapindex>`,
      { 'content-type': 'text/xml' },
    )(request, response),
  );
  site.server.on('/map/2026-10.xml', (request, response) =>
    set(
      site.stories.map((one) => url(site.pathOf(one), dayOf(one))).join('') +
        url('/tags/winter', dayOf(story(5))),
    )(request, response),
  );
  site.server.on('/map/2026-8.xml', status(500));
}

describe('a gap longer than the feed holds', () => {
  it('is noticed and said where there is no archive to fill it from', async () => {
    await start(null);
    expect(gaps()).toEqual([]);
    expect(await sleepLong()).toMatchObject({ fresh: 3 });
    expect(gaps()).toMatchObject([{ reason: expect.stringContaining('2026-10-01T12:00:00.000Z and ') }]);
    clock.advance(HOUR_MS);
    await node.pass({ force: true });
    expect(gaps()).toEqual([]);
  });

  it('is filled from the sitemap in reserve, with articles only', async () => {
    serveSitemap();
    await start('sitemap');
    expect(await sleepLong()).toMatchObject({ fresh: 9 });
    expect(gaps()).toMatchObject([{ reason: expect.stringContaining('filled with 6 entries') }]);
    expect(count()).toBe(12);
    const filled = node.engine.store.articles.find('stand-in', { stableId: '5', guid: null, url: null });
    expect(filled).toMatchObject({
      title: 'Lighthouse report 5',
      origin: 'page',
      publishedAt: story(5, { publishedAt: FIRST_AT + 40 * HOUR_MS }).publishedAt,
    });
    expect((await node.get('/stand-in/a5/')).text).toContain('Paragraph 4 of story 5');
  });

  it('is said when the archive does not answer, and filled when it does, though the feed overlaps again', async () => {
    site.server.on('/sitemap', status(503));
    await start('sitemap');
    expect(await sleepLong()).toMatchObject({ fresh: 3, outcome: 'news' });
    expect(gaps()).toMatchObject([{ reason: expect.stringContaining('could not be filled: server-error') }]);
    serveSitemap();
    clock.advance(HOUR_MS);
    await node.pass({ force: true });
    expect(gaps()).toMatchObject([{ reason: expect.stringContaining('filled with 6 entries') }]);
    expect(count()).toBe(12);
    site.publish(story(13, { publishedAt: clock.now() }));
    clock.advance(30 * DAY_MS);
    await node.pass({ force: true });
    expect(gaps()).toEqual([]);
  });

  it('is filled by several passes where it is longer than one may ask for', async () => {
    await start('wordpress');
    expect(await sleepLong({ stories: 14, postsOfPage: 1 })).toMatchObject({ fresh: 10 });
    expect(gaps()).toMatchObject([
      { reason: expect.stringContaining('the next pass goes on after 7 entries') },
    ]);
    await node.pass({ force: true });
    expect(gaps()).toMatchObject([{ reason: expect.stringContaining('filled with 11 entries') }]);
    expect(count()).toBe(17);
  });

  it('is noticed behind an old entry that the feed keeps pinned above the new ones', async () => {
    await start(null);
    await sleepLong({ pinned: true });
    expect(gaps()).toHaveLength(1);
  });
});
