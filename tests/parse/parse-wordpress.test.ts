import { describe, expect, it } from 'vitest';
import { parseWordPress } from '../../src/parse/parse-wordpress.js';

const context = {
  contentType: 'application/json; charset=UTF-8',
  url: 'https://wp.example/wp-json/wp/v2/posts?page=1',
};
const read = (source: string) => parseWordPress(new TextEncoder().encode(source), context);

const post = {
  id: 41,
  guid: { rendered: 'https://wp.example/?post_type=news&#038;p=41' },
  link: 'https://wp.example/2026/ice/',
  date: '2026-11-13T12:30:00',
  date_gmt: '2026-11-13T09:30:00',
  modified_gmt: '2026-11-13T10:00:00',
  title: { rendered: 'Ice &amp; <em>snow</em> &#8217;26' },
  content: { rendered: '<p><img src="/i.png"></p>' },
  excerpt: { rendered: '<p>Short</p>' },
  _embedded: {
    author: [{ name: 'The desk' }, { code: 'rest_user_invalid_id' }],
    'wp:featuredmedia': [
      {
        source_url: 'https://wp.example/lead.jpg',
        mime_type: 'image/jpeg',
        alt_text: 'A river',
        caption: { rendered: '<p>Ice. Photo: the desk</p>' },
        media_details: { filesize: 900, width: 1200 },
      },
    ],
    'wp:term': [[{ name: 'City', taxonomy: 'category' }], [{ name: 'R&amp;D', taxonomy: 'post_tag' }]],
  },
};

describe('parseWordPress', () => {
  it('reads posts with their authors, terms and picture', () => {
    expect(read(JSON.stringify([post]))).toMatchObject({
      kind: 'feed',
      feed: {
        format: 'wordpress',
        problems: [],
        entries: [
          {
            id: 'https://wp.example/?post_type=news&p=41',
            title: 'Ice & snow ’26',
            url: 'https://wp.example/2026/ice/',
            publishedAt: Date.UTC(2026, 10, 13, 9, 30),
            updatedAt: Date.UTC(2026, 10, 13, 10),
            authors: [{ name: 'The desk' }],
            summaryHtml: '<p>Short</p>',
            contentHtml: '<p><img src="https://wp.example/i.png"></p>',
            categories: ['City', 'R&D'],
            enclosures: [
              {
                url: 'https://wp.example/lead.jpg',
                type: 'image/jpeg',
                bytes: 900,
                width: 1200,
                alt: 'A river',
                caption: 'Ice. Photo: the desk',
              },
            ],
          },
        ],
      },
    });
  });

  it('makes do with the least, and with the site’s own time', () => {
    const result = parseWordPress(
      new TextEncoder().encode('[{"id":1,"link":"https://wp.example/1","date":"2026-11-13T12:30:00"}]'),
      {
        ...context,
        timeZone: 'Europe/Moscow',
      },
    );
    expect(result).toMatchObject({
      feed: {
        entries: [{ id: '1', title: null, contentHtml: null, publishedAt: Date.UTC(2026, 10, 13, 9, 30) }],
      },
    });
  });

  it('leaves out what is no post and salvages a list that was cut off', () => {
    const whole = JSON.stringify([post, { id: 'x' }, post]);
    expect(read(whole.slice(0, -20))).toMatchObject({
      feed: { entries: [{ title: 'Ice & snow ’26' }], problems: ['cut off', '1 of 2 are no posts'] },
    });
  });

  it('passes on what WordPress says past the last page', () => {
    expect(
      read('{"code":"rest_post_invalid_page_number","message":"The page number requested is larger."}'),
    ).toEqual({
      kind: 'no-feed',
      reason: 'The page number requested is larger.',
    });
  });
});
