import { afterEach, expect, it, vi } from 'vitest';
import {
  type Behavior,
  type HostileServer,
  send,
  startHostileServer,
  status,
} from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { noise } from '../support/test-pictures.js';
import { createStandIn, FIRST_AT, HOUR_MS, type StandIn, story } from './stand-in.js';

vi.setConfig({ testTimeout: 60_000 });

let close: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of close.reverse()) await end();
  close = [];
});

const jpeg = await noise(120, 90, 60, 1).jpeg({ quality: 60 }).toBuffer();
const as = (type: string, body: Buffer | string): Behavior => send(body, { 'content-type': type });

/** A paper whose stories each open with one picture: its address, and who took it. */
async function paper(pictures: readonly { src: string; credit: string }[]): Promise<StandIn> {
  const site = await createStandIn(pictures.map((_, index) => story(index + 1)));
  close.push(site.close);
  for (const [index, { src, credit }] of pictures.entries()) {
    const one = story(index + 1);
    const figure = `<figure><img src="${src}" alt="A quay" width="640" height="480"><figcaption>The quay <span class="credit">${credit}</span></figcaption></figure>`;
    const text = one.paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('');
    site.server.on(
      site.pathOf(one),
      as(
        'text/html; charset=utf-8',
        `<!doctype html><html lang="en"><head><title>${one.title}</title></head><body><article><h1>${one.title}</h1>${figure}<div class="text">${text}</div></article></body></html>`,
      ),
    );
  }
  return site;
}

async function mirror(site: StandIn, images: 'own' | 'none') {
  const node = await createTestNode({
    publishers: [site.publisher({ pages: 'always', rights: { ...site.publisher().rights, images } })],
    clock: createManualClock(FIRST_AT + 24 * HOUR_MS),
    env: site.env,
  });
  close.push(node.close);
  await node.pass();
  return node;
}

const asked = ({ requests }: HostileServer) =>
  requests.map(({ path }) => path).filter((path) => path.includes('.jpg'));

it('a bad picture costs no article, and one that is another’s or elsewhere is never asked for', async () => {
  const elsewhere = await startHostileServer(
    { '/quay.jpg': as('image/jpeg', jpeg) },
    { address: '127.0.0.2' },
  );
  close.push(elsewhere.close);
  const pictures = [
    { src: '/good.jpg', credit: 'Ann Example', shown: true },
    { src: '/mislabeled.jpg', credit: 'Ann Example', shown: true },
    { src: '/a-page.jpg', credit: 'Ann Example', shown: false },
    { src: '/torn.jpg', credit: 'Ann Example', shown: false },
    { src: '/lost.jpg', credit: 'Ann Example', shown: false },
    { src: '/agency.jpg', credit: 'AFP', shown: false },
    { src: elsewhere.url('/quay.jpg'), credit: 'Ann Example', shown: false },
  ];
  const site = await paper(pictures);
  site.server.on('/good.jpg', as('image/jpeg', jpeg));
  site.server.on('/mislabeled.jpg', as('text/plain', jpeg));
  site.server.on('/a-page.jpg', as('image/jpeg', '<!doctype html><title>No picture</title>'));
  site.server.on('/torn.jpg', as('image/jpeg', jpeg.subarray(0, 300)));
  site.server.on('/lost.jpg', status(404));
  site.server.on('/agency.jpg', as('image/jpeg', jpeg));
  const node = await mirror(site, 'own');
  for (const [index, { src, shown }] of pictures.entries()) {
    const { status, text } = await node.get(`/stand-in/a${index + 1}/`);
    expect([src, status, text.includes(story(index + 1).paragraphs[3] ?? '-')]).toEqual([src, 200, true]);
    expect([src, /<img src="data:image/.test(text)]).toEqual([src, shown]);
  }
  expect(asked(site.server)).not.toContain('/agency.jpg');
  expect(asked(elsewhere)).toEqual([]);
});

it('a publisher whose pictures are not ours to show is a publisher of texts', async () => {
  const site = await paper([{ src: '/good.jpg', credit: 'Ann Example' }]);
  site.server.on('/good.jpg', as('image/jpeg', jpeg));
  const node = await mirror(site, 'none');
  expect((await node.get('/stand-in/a1/')).text).not.toContain('<img');
  expect(asked(site.server)).toEqual([]);
});

it('without a page the feed’s picture leads: the one its text begins with, or an enclosed one that somebody answers for', async () => {
  const site = await createStandIn();
  close.push(site.close);
  const source = (name: string): string => {
    site.server.on(`/${name}.jpg`, as('image/jpeg', jpeg));
    return site.server.url(`/${name}.jpg`);
  };
  const figure = (name: string, caption: string) =>
    `<figure><img src="${source(name)}" alt="${name}"/><figcaption>${caption}</figcaption></figure>`;
  const media = (name: string, words: string, width = 640) =>
    `<media:content url="${source(name)}" medium="image" width="${width}">${words}</media:content>`;
  const credit = (name: string) => `<media:credit>${name}</media:credit>`;
  const items = [
    {
      text: figure('begins', 'The quay. Photo: Ann Example'),
      media: media('beside', credit('Ann Example')),
      shown: 'begins',
    },
    { text: figure('agency', 'The quay / AFP'), media: media('beside', credit('Ann Example')), shown: null },
    {
      text: '',
      media: media('narrow', credit('A'), 90) + media('wide', credit('Ann Example')),
      shown: 'wide',
    },
    { text: '', media: media('bought', credit('Reuters')), shown: null },
    { text: '', media: media('nameless', ''), shown: null },
  ];
  const entries = items.map(({ text, media }, index) => {
    const one = story(index + 1);
    const body = one.paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('');
    return `<item><title>${one.title}</title><link>${site.server.url(site.pathOf(one))}</link><description><![CDATA[${text}${body}]]></description>${media}</item>`;
  });
  const feed = `<rss xmlns:media="http://search.yahoo.com/mrss/"><channel>${entries.join('')}</channel></rss>`;
  site.server.on('/feed.xml', as('application/rss+xml', feed));
  const node = await createTestNode({
    publishers: [site.publisher()],
    clock: createManualClock(FIRST_AT + 24 * HOUR_MS),
    env: site.env,
  });
  close.push(node.close);
  await node.pass();
  for (const [index, { shown }] of items.entries()) {
    const { text } = await node.get(`/stand-in/a${index + 1}/`);
    expect([index, /<img src="data:image/.test(text)]).toEqual([index, shown !== null]);
  }
  expect(asked(site.server).sort()).toEqual(['/begins.jpg', '/wide.jpg']);
});
