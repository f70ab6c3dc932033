import { describe, expect, it } from 'vitest';
import { parseSitemap } from '../../src/parse/parse-sitemap.js';

const read = (source: string) =>
  parseSitemap(new TextEncoder().encode(source), {
    contentType: 'application/xml',
    url: 'https://news.example/sitemap.xml',
  });

const urlset = (urls: string) =>
  `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">${urls}</urlset>`;

describe('parseSitemap', () => {
  it('names the sitemaps of an index', () => {
    expect(
      read(`<sitemapindex><sitemap><loc> https://news.example/2026-11.xml </loc><lastmod>2026-11-13</lastmod></sitemap>
            <sitemap><loc>/2026-10.xml</loc></sitemap><sitemap><loc>javascript:x</loc></sitemap></sitemapindex>`),
    ).toEqual({
      kind: 'index',
      problems: [],
      sitemaps: [
        { url: 'https://news.example/2026-11.xml', modifiedAt: Date.UTC(2026, 10, 13) },
        { url: 'https://news.example/2026-10.xml', modifiedAt: null },
      ],
    });
  });

  it('lists pages by address alone', () => {
    expect(read(urlset('<url><loc>https://news.example/a?x=1&amp;y=2</loc></url><url/>'))).toMatchObject({
      kind: 'feed',
      feed: {
        format: 'sitemap',
        entries: [{ url: 'https://news.example/a?x=1&y=2', title: null, publishedAt: null }],
      },
    });
  });

  it('reads title, date and language of a news sitemap', () => {
    const result = read(
      urlset(`<url><loc>https://news.example/a</loc><lastmod>2026-11-14T00:00Z</lastmod><n:news>
        <n:publication><n:name>News</n:name><n:language>ru</n:language></n:publication>
        <n:publication_date>2026-11-13T09:30:00+03:00</n:publication_date><n:title> Ice &amp; snow </n:title>
        <n:keywords>ice, snow</n:keywords></n:news></url>`),
    );
    expect(result).toMatchObject({
      feed: {
        title: 'News',
        language: 'ru',
        entries: [
          {
            title: 'Ice & snow',
            publishedAt: Date.UTC(2026, 10, 13, 6, 30),
            updatedAt: Date.UTC(2026, 10, 14),
            categories: ['ice', 'snow'],
          },
        ],
      },
    });
  });

  it('keeps the whole pages of a sitemap that was cut off', () => {
    const whole = urlset(
      '<url><loc>https://news.example/a</loc></url><url><loc>https://news.example/b</loc></url>',
    );
    expect(read(whole.slice(0, whole.indexOf('/b</loc>') + 4))).toMatchObject({
      feed: { entries: [{ url: 'https://news.example/a' }], problems: ['cut off'] },
    });
  });

  it('says of anything else that it is none', () => {
    expect(read('<rss/>')).toEqual({ kind: 'no-feed', reason: 'no urlset and no sitemapindex' });
  });
});
