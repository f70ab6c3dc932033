import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { articleBlobOf } from '../../src/publish/article-blob-of.js';
import { comparePage } from '../../src/replicate/verify-article.js';
import { parseArticleBlob } from '../../src/sign/article-blob.js';
import { createInvalidator } from '../../src/site/invalidate.js';
import { removeArticle } from '../../src/sync/remove-article.js';
import { send, status } from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { noise } from '../support/test-pictures.js';
import { createStandIn, FIRST_AT, HOUR_MS, type StandIn, story } from './stand-in.js';

vi.setConfig({ testTimeout: 60_000 });

const WALK = story(1, {
  title: 'A walk along the quay',
  section: 'Gallery',
  paragraphs: story(1).paragraphs.slice(0, 2),
});
const HOME = '/stand-in/a1/';
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

const figure = (name: string, caption: string, credit = 'Ann Example') =>
  `<figure><img src="/${name}.jpg" alt="${name}" width="640" height="480"><figcaption>${caption} <span class="credit">${credit}</span></figcaption></figure>`;

const page = (figures: string) =>
  `<!doctype html><html lang="en"><head><title>A walk along the quay</title><meta property="article:section" content="Gallery"></head><body><article><h1>A walk along the quay</h1><div class="text"><p>${WALK.paragraphs[0]}</p>${figures}<p>${WALK.paragraphs[1]}</p></div></article></body></html>`;

const FIGURES = [
  figure('crane', 'The old crane'),
  '<h3>After the storm</h3>',
  figure('boat', 'A boat on the stones'),
  figure('lost', 'A print that was lost'),
  figure('agency', 'The minister on the quay', 'AFP'),
];

const servePage = (figures: readonly string[]) =>
  site.server.on(
    site.pathOf(WALK),
    send(page(figures.join('')), { 'content-type': 'text/html; charset=utf-8' }),
  );
const textOf = async (path: string) => (await node.get(path)).text;
const kept = () => {
  const id = node.engine.store.articles.find('stand-in', { stableId: '1', guid: null, url: null })?.id ?? 0;
  return FIGURES.flatMap((one) => /src="\/(\w+)/.exec(one)?.[1] ?? []).filter(
    (name) => node.engine.store.media.ofPicture(id, site.server.url(`/${name}.jpg`)).length > 0,
  );
};
let clock: ReturnType<typeof createManualClock>;

async function start(env: Record<string, string> = {}) {
  clock = createManualClock(FIRST_AT + 2 * HOUR_MS);
  node = await createTestNode({
    publishers: [site.publisher({ pages: 'always' })],
    clock,
    env: { ...site.env, ...env },
  });
  await node.pass();
}

beforeAll(async () => {
  site = await createStandIn([WALK]);
  for (const [index, name] of ['crane', 'boat', 'agency'].entries())
    site.server.on(
      `/${name}.jpg`,
      send(await noise(120, 90, 60, index).jpeg({ quality: 60 }).toBuffer(), {
        'content-type': 'image/jpeg',
      }),
    );
  site.server.on('/lost.jpg', status(404));
  servePage(FIGURES);
  await start();
});

afterAll(async () => {
  await node.close();
  await site.close();
});

it('shows one picture on each page with its place, caption and credit, within the line, and keeps all of the text', async () => {
  const parts = [HOME, ...[2, 3, 4].map((number) => `${HOME}p${number}/`)];
  const texts = await Promise.all(parts.map(textOf));
  const words = texts.map(
    (text) => /<figcaption[^>]*>(.*?)<\/figcaption>/s.exec(text)?.[1]?.replace(/<[^>]+>/g, '') ?? '-',
  );
  expect(words[0]).toContain('Picture 1 of 4 The old crane Photo: Ann Example');
  expect(words[1]).toContain('Picture 2 of 4 A boat on the stones');
  expect(texts[0]).toContain(WALK.paragraphs[0]);
  expect(texts[0]).toContain('<a href="./p2/" rel="next">');
  expect(texts[1]).toContain('<h3>After the storm</h3>');
  expect(texts[1]).toContain('<a href="../" rel="prev">');
  expect(texts[3]).toContain(WALK.paragraphs[1]);
  for (const text of texts.slice(0, 2)) expect(text).toMatch(/<img src="data:image\/jpeg/);
  expect((await node.get(`${HOME}p5/`)).status).toBe(404);
  const { store } = node.engine;
  const article = store.articles.find('stand-in', { stableId: '1', guid: null, url: null });
  const publisher = store.publishers.get('stand-in');
  if (article === null || publisher === null) throw new Error('no article');
  const blob = parseArticleBlob(articleBlobOf(article, { publisher, revisions: [], pictures: new Map() }));
  if (blob === null) throw new Error('no blob');
  expect(comparePage(blob, texts).filter(({ holds }) => !holds)).toEqual([]);
  const forged = texts.map((text) =>
    text.replace('A boat on the stones', 'A boat on the stones, and the mayor fled'),
  );
  expect(comparePage(blob, forged).filter(({ holds }) => !holds)).toHaveLength(1);
  for (const path of parts)
    expect((await node.get(path, { 'accept-encoding': 'gzip' })).wireBytes).toBeLessThanOrEqual(8_192);
});

it('is listed with the number of its pictures', async () => {
  expect(await textOf('/stand-in/')).toContain('4 pictures');
  expect(await textOf('/')).toContain('4 pictures');
});

it('shows the words and the way to the original where it has no copy, and asks for none that is an agency’s', async () => {
  expect(kept()).toEqual(['crane', 'boat']);
  for (const [part, caption] of [
    [3, 'A print that was lost'],
    [4, 'The minister on the quay'],
  ] as const) {
    const text = await textOf(`${HOME}p${part}/`);
    expect(text).toContain(caption);
    expect(text).toContain(
      `<a href="${site.server.url(site.pathOf(WALK))}" rel="noreferrer">This picture is not here`,
    );
    expect(text).not.toContain('<img');
  }
  expect(site.server.requests.map(({ path }) => path)).not.toContain('/agency.jpg');
});

it('lets go of a picture that the publisher takes out, and of all of them with the article', async () => {
  servePage(FIGURES.filter((one) => !one.includes('boat')));
  clock.advance(7 * HOUR_MS);
  await node.pass({ force: true });
  expect(kept()).toEqual(['crane']);
  expect(await textOf(HOME)).toContain('Picture 1 of 3');
  const { store } = node.engine;
  const article = store.articles.find('stand-in', { stableId: '1', guid: null, url: null });
  if (article === null) throw new Error('no article');
  removeArticle(
    article,
    'tombstone',
    'for a test',
    { store, invalidator: createInvalidator(store) },
    clock.now(),
  );
  expect(kept()).toEqual([]);
});

it('is one text with its captions on a node that keeps no pictures', async () => {
  servePage(FIGURES);
  await node.close();
  await start({ TAMIZDAT_PICTURES_MODE: 'text-only' });
  const text = await textOf(HOME);
  expect(text).toContain('A boat on the stones');
  expect(text).toContain(WALK.paragraphs[1]);
  expect(text).not.toContain('Picture 1 of');
  expect(kept()).toEqual([]);
  expect((await node.get(`${HOME}p2/`)).status).toBe(404);
});
