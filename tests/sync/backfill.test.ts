import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.js';
import { send, status } from '../support/hostile-server.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, type StandIn, type Story, story } from './stand-in.js';

let clock: ManualClock;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

/** Thirty days of old articles, a day each, ids 101 (the oldest) to 130; the feed holds the newest three articles. */
const OLD: Story[] = Array.from({ length: 30 }, (_, index) =>
  story(101 + index, { publishedAt: FIRST_AT - (30 - index) * DAY_MS }),
);
const SINCE = FIRST_AT - 30 * DAY_MS;
const PER_PAGE = 7;

beforeEach(async () => {
  clock = createManualClock(FIRST_AT + 4 * HOUR_MS);
  site = await createStandIn([1, 2, 3].map((id) => story(id)));
  for (const one of OLD) site.servePage(one);
});

afterEach(async () => {
  await node.close();
  await site.close();
});

const pathOf = (page: number) =>
  `/posts?page=${page}&after=${encodeURIComponent(new Date(SINCE).toISOString().replace('.000', ''))}`;
const askedPages = () =>
  site.server.requests.flatMap(({ path }) => /^\/posts\?page=(\d+)/.exec(path)?.[1] ?? []).map(Number);
const count = () => node.engine.store.lists.count({});

const servePosts = () => site.servePosts('/posts', OLD, PER_PAGE, SINCE);
const publisher = () => site.publisher({ sources: site.withArchive('wordpress', '/posts') });
const start = async (home?: string, mirrored = publisher()) => {
  node = await createTestNode({
    publishers: [mirrored],
    clock,
    env: site.env,
    ...(home === undefined ? {} : { home }),
  });
};
const ask = { publisherId: 'stand-in', sinceAt: SINCE };

describe('backfill', () => {
  it('walks the archive to its end, newest first, and says how far it is', async () => {
    servePosts();
    await start();
    await node.pass();
    const shares: number[] = [];
    const summary = await node.engine.sync.backfill({
      ...ask,
      onProgress: ({ share }) => shares.push(share),
    });
    expect(summary).toMatchObject({ fresh: 30, failed: 0, stopped: null });
    expect(askedPages()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeGreaterThan(0.9);
    expect(count()).toBe(33);
    expect(node.engine.store.lists.newest({}, 1)[0]?.title).toBe('Lighthouse report 3');
    const again = await node.engine.sync.backfill(ask);
    expect(again).toMatchObject({ fresh: 0, unchanged: 30, stopped: null });
    expect(count()).toBe(33);
  });

  it('goes on where it was when the process ended in the middle', async () => {
    servePosts();
    await start();
    let batches = 0;
    const cut = node.engine.sync.backfill({
      ...ask,
      onProgress: () => {
        batches += 1;
        if (batches === 3) throw new Error('cut off');
      },
    });
    await expect(cut).rejects.toThrow('cut off');
    expect(askedPages()).toEqual([1, 2, 3]);
    const summary = await node.engine.sync.backfill(ask);
    expect(askedPages()).toEqual([1, 2, 3, 3, 4, 5, 6]);
    expect(summary).toMatchObject({ fresh: 9, unchanged: 7, stopped: null });
    expect(count()).toBe(30);
  });

  it('stops with the reason where the archive fails, and then takes the rest', async () => {
    servePosts();
    site.server.on(pathOf(2), status(503));
    await start();
    const stopped = await node.engine.sync.backfill(ask);
    expect(stopped).toMatchObject({ fresh: 7, stopped: expect.stringContaining('503') });
    clock.advance(HOUR_MS);
    servePosts();
    expect(await node.engine.sync.backfill(ask)).toMatchObject({ fresh: 23, stopped: null });
    expect(askedPages().filter((page) => page === 1)).toHaveLength(1);
  });

  it('stops where every page of the archive is the same, as of a site that does not know the parameter', async () => {
    site.servePosts('/posts', OLD.slice(0, PER_PAGE), PER_PAGE, SINCE);
    site.server.on(pathOf(2), site.server.behavior(pathOf(1)));
    await start();
    const summary = await node.engine.sync.backfill(ask);
    expect(summary).toMatchObject({ fresh: 7, stopped: expect.stringContaining('the same posts') });
    expect(askedPages()).toEqual([1, 2]);
  });

  it('goes through sitemaps three deep, packed or with a document type, and leaves out what is lost for good', async () => {
    const days = (from: number, to: number) => OLD.slice(from, to).map((one) => site.pathOf(one));
    const serve = (path: string, root: string, each: string, paths: readonly string[], doctype = '') => {
      const inside = paths.map((loc) => `<${each}><loc>${site.server.url(loc)}</loc></${each}>`).join('');
      const xml = `<?xml version="1.0"?>${doctype}<${root}>${inside}</${root}>`;
      site.server.on(path, send(path.endsWith('.gz') ? gzipSync(xml) : xml, { 'content-type': 'text/xml' }));
    };
    serve('/sitemap.xml', 'sitemapindex', 'sitemap', ['/years.xml.gz', '/lost.xml']);
    serve('/years.xml.gz', 'sitemapindex', 'sitemap', ['/2026.xml', '/sitemap.xml']);
    serve('/2026.xml', 'sitemapindex', 'sitemap', ['/map/2026-09.xml.gz', '/map/2026-10.xml']);
    serve('/map/2026-09.xml.gz', 'urlset', 'url', days(0, 20));
    const doctype = `<!DOCTYPE urlset SYSTEM "${site.server.url('/urlset.dtd')}">`;
    serve('/map/2026-10.xml', 'urlset', 'url', [...days(20, 30), '/tags/winter'], doctype);
    const sources = site.withArchive('sitemap', '/sitemap.xml');
    await start(undefined, site.publisher({ sources }));
    const summary = await node.engine.sync.backfill(ask);
    expect(summary).toMatchObject({ fresh: 30, failed: 1, stopped: null });
    expect(summary.problems).toEqual([{ subject: site.server.url('/lost.xml'), reason: 'gone: status 404' }]);
    expect(site.server.requests.map(({ path }) => path)).not.toContain('/urlset.dtd');
    expect(count()).toBe(30);
  });

  it('is refused for a publisher that is not mirrored, one without an archive, or a day that is none', async () => {
    await start(undefined, site.publisher({}));
    await expect(node.engine.sync.backfill({ ...ask, publisherId: 'nobody' })).rejects.toMatchObject({
      code: 'unknown-publisher',
    });
    await expect(node.engine.sync.backfill(ask)).rejects.toMatchObject({ code: 'no-archive' });
    const wrong = await cli([
      'backfill',
      '--publisher',
      'stand-in',
      '--since',
      'January',
      '--home',
      node.home,
    ]);
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toContain('2026-01-31');
  });
});
