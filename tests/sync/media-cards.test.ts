import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { send } from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, FIRST_AT, HOUR_MS, type StandIn, story } from './stand-in.js';

vi.setConfig({ testTimeout: 60_000 });
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

const FEED = `<?xml version="1.0"?><rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>x</title><link>https://x.example/</link><description>x</description>
<item><title>The bell ringers, episode 4</title><link>LINK/news/bells-a11</link><guid isPermaLink="false">11</guid><pubDate>${new Date(FIRST_AT).toUTCString()}</pubDate><description>Notes on an evening in the belfry.</description><itunes:duration>1:02:03</itunes:duration><enclosure url="https://sound.example/bells.mp3" type="audio/mpeg" length="38400000"/></item>
<item><title>A walk along the canal</title><link>LINK/news/canal-a12</link><guid isPermaLink="false">12</guid><pubDate>${new Date(FIRST_AT).toUTCString()}</pubDate><description>The canal in winter.</description><enclosure url="https://www.youtube.com/watch?v=AbCdEfGhIjK" type="text/plain" length="1"/></item>
<item><title>Bells once more</title><link>LINK/news/bells-a13</link><guid isPermaLink="false">13</guid><pubDate>${new Date(FIRST_AT).toUTCString()}</pubDate><description>Nobody knows how long.</description><enclosure url="https://www.sound.example/again.mp3" length="1"/></item></channel></rss>`;

beforeEach(async () => {
  site = await createStandIn([]);
  site.server.on(
    '/feed.xml',
    send(FEED.replaceAll('LINK', site.server.url('')), { 'content-type': 'application/rss+xml' }),
  );
});

afterEach(async () => {
  await node.close();
  await site.close();
});

const start = async (pages: 'never' | 'always') => {
  node = await createTestNode({
    publishers: [site.publisher({ pages })],
    clock: createManualClock(FIRST_AT + HOUR_MS),
    env: site.env,
  });
  await node.pass();
};
const kindOf = (id: string) =>
  node.engine.store.articles.find('stand-in', { stableId: id, guid: null, url: null })?.kind;

it('shows a recording as a card with its service, length and size, and that the service sees who opens it', async () => {
  await start('never');
  const podcast = (await node.get('/stand-in/a11/')).text;
  expect(podcast).toContain(
    '<a href="https://sound.example/bells.mp3" rel="noreferrer">sound.example · 1:02:03, 38.4 MB</a>',
  );
  expect(podcast).toContain('Outside this mirror: that service sees you.');
  expect(podcast).not.toMatch(/<(?:audio|video|iframe|embed|object)\b/);
  expect(kindOf('11')).toBe('podcast');
  const video = (await node.get('/stand-in/a12/')).text;
  expect(video).toContain(
    '<a href="https://www.youtube.com/watch?v=AbCdEfGhIjK" rel="noreferrer">YouTube</a>',
  );
  expect(kindOf('12')).toBe('video');
  expect((await node.get('/stand-in/a13/')).text).toContain(
    '<a href="https://www.sound.example/again.mp3" rel="noreferrer">sound.example</a>',
  );
  expect(kindOf('13')).toBe('podcast');
  expect(site.server.requests.map(({ path }) => path)).not.toContain('/bells.mp3');
});

it('keeps the card when the page is read, which does not show it', async () => {
  for (const [path, id] of [
    ['/news/bells-a11', 11],
    ['/news/canal-a12', 12],
  ] as const)
    site.server.on(
      path,
      send(
        `<html lang="en"><title>T</title><body><article><h1>The bell ringers, episode 4</h1><div class="text">${story(
          id,
        )
          .paragraphs.map((text) => `<p>${text}</p>`)
          .join('')}</div></article></body></html>`,
        { 'content-type': 'text/html' },
      ),
    );
  await start('always');
  const { text } = await node.get('/stand-in/a11/');
  expect(text).toContain(story(11).paragraphs[1] ?? '-');
  expect(text.match(/sound\.example · 1:02:03, 38\.4 MB/g)).toHaveLength(1);
  expect(kindOf('11')).toBe('podcast');
});
