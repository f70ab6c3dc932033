import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { closeDirections, openDirectionsClosed } from '../../src/domain/close-directions.js';
import { send } from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

vi.setConfig({ testTimeout: 60_000 });

/** Turns round all that follows it, until something ends it. */
const OVERRIDE = '\u202e';
/** Words that say where they stand, the override left open in front of them. */
const open = (place: string): string => `${OVERRIDE}${place} turned`;

let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

function servePage(title: string): void {
  const figure = (name: string) =>
    `<figure><img src="/${name}.jpg" alt="${open('alt')}" width="640" height="480"><figcaption>${open('caption')} <span class="credit">${open('credit')}</span></figcaption></figure>`;
  const paragraphs = story(1)
    .paragraphs.map((text) => `<p>${text}</p>`)
    .join('');
  site.server.on(
    site.pathOf(story(1)),
    send(
      `<html lang="en"><head><title>x</title><meta property="article:section" content="Gallery"></head><body><article><h1>${title}</h1><h2 class="sub">${open('subtitle')}</h2><p class="who">${open('author')}</p><p class="tag">${open('tag')}</p><div class="text">${figure('lead')}${figure('one')}${paragraphs}${figure('two')}<iframe src="https://video.example/1" title="${open('card')}"></iframe></div></article></body></html>`,
      { 'content-type': 'text/html; charset=utf-8' },
    ),
  );
}

beforeAll(async () => {
  const clock = createManualClock(FIRST_AT + 2 * HOUR_MS);
  // The summary is cut on lists, between what opens and what closes.
  const summary = `${OVERRIDE}${'summary '.repeat(60)}\u202c`;
  site = await createStandIn([story(1), story(2, { title: open('other title'), paragraphs: [summary] })]);
  servePage(open('title'));
  const given = site.publisher({ pages: 'always' });
  const rules = { subtitle: ['.sub'], authors: ['.who'], tags: ['.tag'], content: ['.text > *'] };
  node = await createTestNode({
    publishers: [{ ...given, page: { ...given.page, ...rules } }],
    clock,
    env: site.env,
  });
  await passUntilTitled(open('title'));
  clock.advance(DAY_MS);
  servePage(open('later title'));
  await passUntilTitled(open('later title'));
});

/** Passes until the page was read: on a machine with much else to do its time may run out. */
async function passUntilTitled(title: string): Promise<void> {
  const { articles, work } = node.engine.store;
  for (let tries = 0; tries < 5; tries += 1) {
    await node.pass({ force: true });
    const article = articles.find('stand-in', { stableId: '1', guid: null, url: null });
    if (article === null || article.title === closeDirections(title)) return;
    work.put(article.id, { ...article.page, dueAt: 0 });
  }
}

afterAll(async () => {
  await node.close();
  await site.close();
});

/** Texts and values of a document, each as a reader's program shows it beside others; of a sanitized text its paragraphs. */
function textsOf(path: string, text: string): string[] {
  if (!path.endsWith('.json')) return text.split(/<(?!\/?small>)[^>]*>/).concat(text.match(/"[^"]*"/g) ?? []);
  const strings: string[] = [];
  JSON.parse(text, (_, value: unknown) => {
    if (typeof value === 'string') strings.push(value);
    return value;
  });
  return strings;
}

it('closes in every page, feed and JSON file what a headline, summary, name, tag, caption or card leaves open', async () => {
  const seen = new Set<string>();
  const left: string[] = [];
  for (const path of node.engine.store.pages.allPaths()) {
    const { text } = await node.get(path);
    for (const one of textsOf(path, text)) {
      if (openDirectionsClosed(one) !== '') left.push(`${path}: ${one.slice(0, 80)}`);
      const [, place] = /\u202e([\w ]+?)(?: turned|\u2026)/.exec(one) ?? [];
      if (place !== undefined) seen.add(place.split(' summary')[0] ?? '');
    }
  }
  expect(left).toEqual([]);
  const places = ['title', 'later title', 'other title', 'subtitle', 'summary', 'author'];
  expect([...places, 'tag', 'alt', 'caption', 'credit', 'card'].filter((place) => !seen.has(place))).toEqual(
    [],
  );
});

it('makes no revision of an article whose words it closed', () => {
  const found = node.engine.store.articles.find('stand-in', { stableId: '2', guid: null, url: null });
  expect(found).toMatchObject({ revision: 1, revisedAt: null });
});
