import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Publisher } from '../../src/domain/publisher.js';
import { textOf } from '../../src/sanitize/safe-text.js';
import { send } from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, FIRST_AT, HOUR_MS, type StandIn, story } from './stand-in.js';

const APPEAL = [
  'Dear reader, this newsroom lives on what its readers give, and the list it was put on names it an offence to give at home.',
  'Wherever giving is safe, please support independent journalism with a small monthly donation.',
  'Thank you for staying with us.',
];
const BACKGROUND =
  'The harbor master was sentenced in 2021 to nine years for a lantern that he had left unlit.';

let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;
let clock: ReturnType<typeof createManualClock>;

beforeEach(async () => {
  site = await createStandIn();
  clock = createManualClock(FIRST_AT + 24 * HOUR_MS);
});
afterEach(async () => {
  await node.close();
  await site.close();
});

const paragraphs = (texts: readonly string[]) => texts.map((text) => `<p>${text}</p>`).join('');

/** A feed as a blog writes it: whole texts, and under each whatever `under` says. */
function serveFeed(ids: readonly number[], under: (id: number) => string): void {
  const items = ids
    .map((id) => story(id))
    .map((one) => {
      const back = `<p>The post <a href="${site.server.url(site.pathOf(one))}">${one.title}</a> appeared first on <a href="${site.server.url('/')}">Stand-in</a>.</p>`;
      return `<item><title>${one.title}</title><link>${site.server.url(site.pathOf(one))}</link><description><![CDATA[<p>${one.paragraphs[0]} [&#8230;]</p>${back}]]></description><content:encoded><![CDATA[${paragraphs(one.paragraphs)}${under(one.id)}${back}]]></content:encoded></item>`;
    });
  const feed = `<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>${items.join('')}</channel></rss>`;
  site.server.on('/feed.xml', send(feed, { 'content-type': 'application/rss+xml' }));
}

async function mirror(given: Partial<Publisher['page']> = {}) {
  const publisher = site.publisher();
  const page = { ...publisher.page, ...given };
  node = await createTestNode({ publishers: [{ ...publisher, page }], clock, env: site.env });
  await node.pass();
}

const article = (id: number) =>
  node.engine.store.articles.find('stand-in', { stableId: String(id), guid: null, url: null });
const linesOf = (id: number) => textOf(article(id)?.content ?? ('' as never)).split('\n');

describe('a whole text from a feed, no page read', () => {
  it('leaves out the appeal that stands under each, and the line that links back', async () => {
    serveFeed([1, 2, 3], () => paragraphs(APPEAL));
    await mirror();
    for (const id of [1, 2, 3]) {
      expect(linesOf(id)).toEqual(story(id).paragraphs);
      expect(article(id)?.summary).toBe(story(id).paragraphs[0]);
    }
  });

  it('loses an appeal that was not known yet as soon as it is, which is no change of the publisher’s', async () => {
    serveFeed([1, 2], () => paragraphs(APPEAL));
    await mirror();
    expect(linesOf(1)).toEqual([...story(1).paragraphs, ...APPEAL]);
    serveFeed([1, 2, 3], () => paragraphs(APPEAL));
    clock.advance(HOUR_MS);
    await node.pass();
    for (const id of [1, 2, 3]) expect(linesOf(id)).toEqual(story(id).paragraphs);
    expect(article(1)?.revision).toBe(1);
  });

  it('keeps what an agency tells under many', async () => {
    serveFeed([1, 2, 3, 4], () => paragraphs([BACKGROUND]));
    await mirror();
    for (const id of [1, 2, 3, 4]) expect(linesOf(id)).toEqual([...story(id).paragraphs, BACKGROUND]);
  });

  it('leaves out what its publisher’s rules name, at first sight', async () => {
    serveFeed([1], () => paragraphs(APPEAL));
    await mirror({
      boilerplate: [
        { position: 'end', within: 4, phrase: 'dear reader, this newsroom' },
        { position: 'end', within: 4, phrase: 'thank you for staying' },
      ],
    });
    expect(linesOf(1)).toEqual(story(1).paragraphs);
  });
});
