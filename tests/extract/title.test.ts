import { describe, expect, it } from 'vitest';
import { extractPage, readPage } from '../../src/extract/extract-page.js';

const url = 'https://news.example/2026/05/04/story';
const SENTENCE = 'says at some length, and with commas, what was seen at the lock gate that day.';
const TEXT = ['one', 'two', 'three', 'four', 'five', 'six']
  .map((n) => `<p>Paragraph ${n} ${SENTENCE}</p>`)
  .join('');
const og = (title: string, site = 'News'): string =>
  `<meta property="og:site_name" content="${site}"><meta property="og:title" content='${title}'>`;

/** The title and the heading of a page. */
function titleOf(html: string) {
  const view = readPage(html, { url });
  return typeof view === 'string' ? view : [view.title, view.heading];
}

describe('findTitle', () => {
  it.each([
    [
      'At the gate: The lock was opened at noon',
      'The lock was opened at noon',
      'The lock was opened at noon',
    ],
    ['The lock was opened at noon | Opinion', 'The lock was opened at noon', 'The lock was opened at noon'],
    ['4 May 2026 “The lock” was opened', '"The lock" was opened - News', '"The lock" was opened'],
    ['The lock was opened at noon and closed at one', 'The lock was opened at noon', null],
    ['The lock at noon: what the keeper of the upper gate saw', 'The lock at noon', null],
  ])('takes off what stands in an h1 beside the headline: %s', (heading, shared, bare) => {
    const html = `<meta property="og:site_name" content="News"><meta property="og:title" content='${shared}'><article><h1>${heading}</h1>${TEXT}</article>`;
    const titleOf = (feedTitle: string | null) => {
      const feed = { title: feedTitle ?? '', contentHtml: null, publishedAt: null };
      const result = extractPage(html, { url, ...(feedTitle === null ? {} : { feed }) });
      return result.kind === 'page' ? result.page.title : null;
    };
    expect(titleOf(null)).toBe(bare ?? heading);
    expect(titleOf(heading)).toBe(heading);
  });

  it.each([
    [
      'a kicker that JSON-LD and og:title both count in',
      'The lock was opened at noon',
      'Upper gate: The lock was opened at noon',
      'Upper gate - The lock was opened at noon',
      'Upper gate: The lock was opened at noon',
    ],
    [
      'a teaser for social networks, which is left alone',
      'The lock was opened at noon',
      'Nobody had thought it possible before yesterday',
      'The lock was opened at noon',
      'The lock was opened at noon',
    ],
    [
      'another headline for the same text',
      'The lock was opened at noon',
      'Keeper opened the upper lock after thirty years',
      'The lock was opened at noon',
      'Keeper opened the upper lock after thirty years',
    ],
    [
      'soft hyphens',
      'The water\u00adways author\u00adity opened the lock',
      'The waterways authority opened the lock',
      'The waterways authority opened the lock',
      'The waterways authority opened the lock',
    ],
  ])('reads a newspaper’s headline: %s', (_, heading, shared, stated, title) => {
    const data = JSON.stringify({ '@type': 'NewsArticle', headline: stated });
    const html = `<meta property="og:title" content="${shared}"><script type="application/ld+json">${data}</script><article><h1>${heading}</h1>${TEXT}</article>`;
    expect(extractPage(html, { url })).toMatchObject({ kind: 'page', page: { title } });
  });

  it.each([
    [
      'the h2 above the only h1 where the page’s data repeats it',
      `${og('The lock was opened at noon - News')}<h2>The lock was opened at noon</h2>${TEXT}<h1>A word from the desk of locks</h1>`,
      'The lock was opened at noon',
    ],
    [
      'a short h1 that og:title repeats before the site’s name',
      `${og('Locks - The Waterways Paper', 'The Waterways Paper')}<h1>Locks</h1>${TEXT}`,
      'Locks',
    ],
    [
      'of several h1 the one that says what og:title does in other words',
      `${og('Keeper of the upper lock opens gates at noon')}<h1>The Waterways Paper</h1><h1>Gates of the upper lock opened at noon</h1>${TEXT}<h1>More from the upper gate</h1>`,
      'Gates of the upper lock opened at noon',
    ],
    [
      'og:title where no h1 has its words',
      `${og('Keeper of the upper lock opens gates at noon')}<h1>Menu of this paper</h1><h1>All our sections today</h1>${TEXT}`,
      'Keeper of the upper lock opens gates at noon',
    ],
    [
      'the spaces of the page’s data where the h1 has its kicker glued on',
      `${og('Upper gate / The lock was opened')}<h1><span>Upper gate</span><span>The lock was opened</span></h1>${TEXT}`,
      'Upper gate / The lock was opened',
    ],
    [
      'an h1 that was encoded twice',
      `${og('Locks &amp; gates opened at noon')}<h1>Locks &amp;amp; gates opened at noon</h1>${TEXT}`,
      'Locks & gates opened at noon',
    ],
  ])('takes %s', (_, html, title) => {
    expect(titleOf(`<article>${html}</article>`)).toContain(title);
  });

  it('knows the heading on the page where it takes another headline', () => {
    const data = '<script type="application/ld+json">{"@type":"NewsArticle"}</script>';
    expect(
      titleOf(
        `${data}${og('Keeper opened the upper lock after thirty years')}<h1>The lock was opened at noon</h1>${TEXT}`,
      ),
    ).toEqual(['Keeper opened the upper lock after thirty years', 'The lock was opened at noon']);
  });
});
