import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import RssParser from 'rss-parser';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publisherSchema } from '../../src/config/publisher-schema.js';
import { createDemoNewsroom, type DemoNewsroom } from '../../src/demo/demo-newsroom.js';
import { loadStock } from '../../src/demo/stock.js';
import { DEMO_LANGUAGES, type DemoLanguage } from '../../src/demo/story.js';
import { stableIdOf } from '../../src/domain/article-key.js';
import type { Clock } from '../../src/domain/clock.js';

const FOUNDED_AT = Date.UTC(2026, 10, 20, 12);

/** Stands still until `advance`; sleepers wake when their time has come. */
function handClock() {
  let now = FOUNDED_AT;
  let sleepers: { at: number; wake: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const refuse = () => reject(signal?.reason);
        signal?.addEventListener('abort', refuse, { once: true });
        const wake = () => {
          signal?.removeEventListener('abort', refuse);
          resolve();
        };
        sleepers.push({ at: now + ms, wake });
      }),
  };
  return {
    clock,
    sleeping: () => sleepers.map((sleeper) => sleeper.at - now),
    advance(ms: number) {
      now += ms;
      const due = sleepers.filter((sleeper) => sleeper.at <= now);
      sleepers = sleepers.filter((sleeper) => sleeper.at > now);
      for (const { wake } of due) wake();
    },
  };
}

const turn = () => new Promise((done) => setImmediate(done));
const furniture = loadStock().furniture;

describe('the demo newsroom', () => {
  let newsroom: DemoNewsroom;
  let origin: string;

  beforeAll(async () => {
    newsroom = createDemoNewsroom({ clock: handClock().clock, everyMs: 0 });
    ({ origin } = await newsroom.start());
    for (let n = 1; n <= 40; n += 1) newsroom.step(FOUNDED_AT + n * 60_000);
  });
  afterAll(() => newsroom.stop());

  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${origin}${path}`, { headers });
  const text = async (path: string) => (await get(path)).text();
  const feed = async (path: string) => new RssParser().parseString(await text(path));

  /** Addresses of the live stories of one language, as the sitemap lists them. */
  const addresses = async (language: DemoLanguage) =>
    [...(await text(`/${language}/sitemap.xml`)).matchAll(/<loc>([^<]+)<\/loc>/g)].map(
      (match) => match[1] ?? '',
    );

  it.each(DEMO_LANGUAGES)('has feeds in %s that a parser reads', async (language) => {
    const full = await feed(`/${language}/rss/all`);
    const summaries = await feed(`/${language}/rss/news`);
    expect(full.items.length).toBeGreaterThan(14);
    expect(full.items.length).toBeLessThanOrEqual(50);
    expect(summaries.title).toBe(furniture[language].name);
    for (const item of [...full.items, ...summaries.items]) {
      expect(item.title).toMatch(/\S/);
      expect(item.link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\w\w\/\d{4}\/\d\d\/\d\d\/[a-z0-9-]+-a\d+$/);
      expect(Date.parse(item.isoDate ?? '')).toBeLessThanOrEqual(FOUNDED_AT + 40 * 60_000);
    }
  });

  it('leaves headings, quotes, tables and pictures out of the full-text feed', async () => {
    const { items } = await feed('/en/rss/all');
    const item = items.find((candidate) => candidate.link?.endsWith('-a1107'));
    expect(item?.content).toContain('So the mirror comes back.');
    expect(item?.content).not.toMatch(/<h2|<blockquote|<table|<img/);
  });

  it('glues the author of an opinion to its title in the full-text feed only', async () => {
    const title = async (path: string) =>
      (await feed(path)).items.find((item) => item.link?.endsWith('-a1109'))?.title?.trim();
    expect(await title('/en/rss/all')).toBe('Demo Courier opinion desk: In praise of the plain page');
    expect(await title('/en/rss/opinion')).toBe('In praise of the plain page');
  });

  it('answers 304 to whoever has the newest bytes, and 200 after the next step', async () => {
    const first = await get('/fa/rss/all');
    const etag = first.headers.get('etag') ?? '';
    const since = first.headers.get('last-modified') ?? '';
    await first.text();
    expect((await get('/fa/rss/all', { 'if-none-match': etag })).status).toBe(304);
    expect((await get('/fa/rss/all', { 'if-modified-since': since })).status).toBe(304);
    for (let n = 41; n <= 44; n += 1) newsroom.step(FOUNDED_AT + n * 60_000);
    expect((await get('/fa/rss/all', { 'if-none-match': etag })).status).toBe(200);
    expect((await get('/fa/rss/all', { 'if-modified-since': since })).status).toBe(200);
  });

  it('keeps an unchanged page to the byte while others appear', async () => {
    const before = await get('/ru/any/words-a1202');
    newsroom.step(FOUNDED_AT + 45 * 60_000);
    const after = await get('/ru/any/words-a1202');
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'));
    expect(await after.text()).toBe(await before.text());
  });

  it('finds an article by its number alone, under the old address and the new', async () => {
    const old = await get('/en/2026/11/20/a-page-that-fits-a1101');
    const page = await old.text();
    expect(old.status).toBe(200);
    expect(page).toContain('A page that fits through the gate, and why it has to');
    expect(page).toContain(
      `rel="canonical" href="${origin}/en/2026/11/20/a-page-that-fits-and-why-it-has-to-a1101"`,
    );
    expect(page).toContain('article:modified_time');
  });

  it('answers 410 for what was withdrawn and 404 for what never was', async () => {
    expect((await get('/en/2026/11/20/published-too-early-a1112')).status).toBe(410);
    expect((await get('/en/2026/11/20/nothing-a9999')).status).toBe(404);
    expect((await get('/ru/2026/11/20/wrong-language-a1101')).status).toBe(404);
    expect((await addresses('en')).some((address) => address.endsWith('-a1112'))).toBe(false);
  });

  it.each(DEMO_LANGUAGES)(
    'stands donation, letter, newsletter and menu around every text in %s',
    async (language) => {
      const { donation, newsletter, letter, sections } = furniture[language];
      for (const address of (await addresses(language)).slice(0, 12)) {
        const page = await text(new URL(address).pathname);
        const words = [donation.title, newsletter.title, letter.title, ...Object.values(sections)];
        for (const word of words) expect(page).toContain(word.replaceAll("'", '&#39;'));
      }
    },
  );

  it('links related stories from pages', async () => {
    const page = await text('/en/x-a1101');
    expect(page.match(/<a href="\/en\/2026\/11\/\d\d\/[a-z0-9-]+-a\d+">/g)?.length).toBeGreaterThanOrEqual(4);
  });

  it('gives each entry of the live blog one element with its time and text, newest first', async () => {
    const entries = (await text('/en/x-a1111')).split('<div class="live__entry">').slice(1);
    const times = entries.map((entry) => /^<time datetime="([^"]+)"/.exec(entry)?.[1] ?? '');
    expect(entries.length).toBeGreaterThan(5);
    expect(times).toEqual([...times].sort().reverse());
    for (const entry of entries) expect(entry).toMatch(/<h3>[^<]+<\/h3>[\s\S]*<p>[\s\S]*<\/div>/);
  });

  it('refers to no picture, script or frame of another host', async () => {
    for (const language of DEMO_LANGUAGES) {
      for (const address of await addresses(language)) {
        const page = await text(new URL(address).pathname);
        for (const [, source] of page.matchAll(/\b(?:src|srcset|data)="([^"]*)"/g))
          expect(source).toMatch(/^\/(?!\/)/);
      }
    }
  });

  it('serves its drawings as small JPEGs in the widths it offers, and no other', async () => {
    const answer = await get('/image/640/lighthouse.jpg');
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 640 });
    expect(bytes.length).toBeLessThan(60_000);
    expect((await get('/image/641/lighthouse.jpg')).status).toBe(404);
    expect((await get('/image/640/lighthouse-at-noon.jpg')).status).toBe(404);
  });

  it('has a robots.txt that names the sitemap, and a sitemap of each language', async () => {
    expect(await text('/robots.txt')).toContain(`Sitemap: ${origin}/sitemap.xml`);
    const index = await text('/sitemap.xml');
    for (const language of DEMO_LANGUAGES) expect(index).toContain(`${origin}/${language}/sitemap.xml`);
  });

  it('takes GET and HEAD only', async () => {
    const head = await fetch(`${origin}/en/rss/all`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(`${origin}/en/rss/all`, { method: 'POST' })).status).toBe(405);
  });

  it('describes itself as four publishers whose patterns find the number', async () => {
    const { host } = new URL(origin);
    expect(newsroom.publishers.map((publisher) => publisher.language)).toEqual([...DEMO_LANGUAGES]);
    for (const publisher of newsroom.publishers) {
      expect(publisherSchema([host]).safeParse(publisher).error).toBeUndefined();
      const patterns = publisher.identity.patterns.map((pattern) => new RegExp(pattern));
      const [address = ''] = await addresses(publisher.language as DemoLanguage);
      expect(stableIdOf(patterns, { url: address, guid: null })).toBe(/\d+$/.exec(address)?.[0]);
    }
  });
});

describe('the newsroom’s day', () => {
  it('publishes at its pace, and slows down after an hour of it', async () => {
    const hand = handClock();
    const newsroom = createDemoNewsroom({ clock: hand.clock, everyMs: 60_000 });
    const { origin } = await newsroom.start();
    const newest = async () => (await (await fetch(`${origin}/en/rss/all`)).text()).match(/-a(2\d{4})</)?.[1];
    expect(hand.sleeping()).toEqual([60_000]);
    expect(await newest()).toBeUndefined();
    hand.advance(60_000);
    await turn();
    expect(await newest()).toBe('20001');
    for (let n = 2; n <= 60; n += 1) {
      hand.advance(60_000);
      await turn();
    }
    expect(await newest()).toBe('20057');
    expect(hand.sleeping()).toEqual([600_000]);
    await newsroom.stop();
  });

  it('goes on from its diary after a restart, at the same port', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'demo-'));
    const diaryFile = join(folder, 'newsroom.json');
    const hand = handClock();
    const open = () => createDemoNewsroom({ clock: hand.clock, everyMs: 0, diaryFile });
    const bytesAt = async (origin: string) => (await fetch(`${origin}/en/rss/all`)).text();

    const first = open();
    const before = await first.start();
    for (let n = 0; n < 6; n += 1) first.step();
    const written = await bytesAt(before.origin);
    await first.stop();

    hand.advance(86_400_000);
    const second = open();
    const after = await second.start();
    expect(after.port).toBe(before.port);
    expect(await bytesAt(after.origin)).toBe(written);
    expect(second.step().published).toBe(20_007);
    await second.stop();
    rmSync(folder, { recursive: true });
  });

  it('has no publishers before it has an address', () => {
    const newsroom = createDemoNewsroom({ clock: handClock().clock, everyMs: 0 });
    expect(() => newsroom.publishers).toThrow('no address before start');
  });
});
