import { expect, it } from 'vitest';
import { send } from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, FIRST_AT, HOUR_MS, type Story, story } from './stand-in.js';

/** In words that do not tell it from a text. */
const APPEAL = [
  'This newsroom was struck off the list last spring, and it goes on with the help of those who read it.',
  'A coin each month, however small it may be, keeps one reporter at work on the telephone for an hour.',
  'Remind me later. The question will come again next month, with thanks for all the reading of today.',
];
const SIGHTS = ['crane', 'lighthouse', 'ferry', 'customs house', 'dry dock', 'fish market', 'breakwater'];
const PLACES = ['Northern harbor', 'Salt island', 'Old river'];

/** A gallery with a feed entry of one line and no text of its own. */
const gallery = (id: number): Story =>
  story(id, { title: `A walk: ${PLACES[id - 1]}`, section: 'Photos', paragraphs: ['Pictures.'] });

const pageOf = ({ id, title }: Story) =>
  `<html lang="en"><head><title>${title}</title><meta property="article:section" content="Photos"></head><body><article><h1>${title}</h1>${SIGHTS.map(
    (sight) =>
      `<figure><img src="/${id}-${sight}.jpg" alt="" width="640" height="480"><figcaption>The ${sight} of ${PLACES[id - 1]}</figcaption></figure>`,
  ).join('')}${APPEAL.map((text) => `<p>${text}</p>`).join('')}</article></body></html>`;

it('takes an appeal out of galleries read before it was known, which had no other words, as an edition', async () => {
  const clock = createManualClock(FIRST_AT + 4 * HOUR_MS);
  const site = await createStandIn([]);
  const publish = (one: Story) => {
    site.publish(one);
    site.server.on(site.pathOf(one), send(pageOf(one), { 'content-type': 'text/html; charset=utf-8' }));
  };
  publish(gallery(1));
  publish(gallery(2));
  const node = await createTestNode({
    publishers: [site.publisher({ pages: 'always', text: 'summary' })],
    clock,
    env: site.env,
  });
  const article = (id: number) =>
    node.engine.store.articles.find('stand-in', { stableId: String(id), guid: null, url: null });
  try {
    await node.pass();
    expect(article(1)?.content).toContain(APPEAL[0]);
    publish(gallery(3));
    clock.advance(HOUR_MS);
    await node.pass();
    for (const id of [1, 2, 3]) {
      const { content, revision, kind } = article(id) ?? {};
      expect(kind).toBe('gallery');
      expect(content).toContain(`The ferry of ${PLACES[id - 1]}`);
      for (const text of APPEAL) expect(content).not.toContain(text);
      expect(revision).toBe(1);
    }
  } finally {
    await node.close();
    await site.close();
  }
});
