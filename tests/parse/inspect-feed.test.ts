import { expect, it } from 'vitest';
import { toInspectFeed } from '../../src/parse/inspect-feed.js';
import { parseFeed } from '../../src/parse/parse-feed.js';

it('prints a feed in the shape other programs rely on', () => {
  const source = `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title>
    <link>https://news.example/</link><language>ru</language><item><title>Ice</title><guid>https://news.example/1</guid>
    <pubDate>Fri, 13 Nov 2026 09:30:00 +0300</pubDate><dc:creator>The desk</dc:creator><description>Short</description></item>
    </channel></rss>`;
  const result = parseFeed(new TextEncoder().encode(source), { contentType: null, url: null });
  expect(result.kind === 'feed' && toInspectFeed(result.feed)).toEqual({
    title: 'News',
    link: 'https://news.example/',
    language: 'ru',
    entries: [
      {
        id: 'https://news.example/1',
        title: 'Ice',
        url: 'https://news.example/1',
        published: '2026-11-13T06:30:00.000Z',
        updated: null,
        authors: [{ name: 'The desk' }],
        summary: 'Short',
        content_html: null,
      },
    ],
  });
});
