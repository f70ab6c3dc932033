import { describe, expect, it } from 'vitest';
import { isCaption } from '../../src/extract/caption.js';
import { extractPage } from '../../src/extract/extract-page.js';
import { parsePage } from '../../src/extract/parse-page.js';
import { textOf } from '../../src/sanitize/safe-text.js';
import { sanitizeHtml } from '../../src/sanitize/sanitize-html.js';

const url = 'https://news.example/2026/05/04/story';
const prose = (names: string): string =>
  names
    .split(' ')
    .map(
      (name) =>
        `<p>The keeper of the ${name} gate says at some length, and with commas, what was seen there that day.</p>`,
    )
    .join('');
const WORDS = 'The gate at noon, seen from the towpath by a passer-by.';

function read(picture: string): { safe: string; text: string } {
  const html = `<article><h1>Locks</h1>${prose('upper lower eastern')}${picture}${prose('western northern southern')}</article>`;
  const result = extractPage(html, { url });
  const safe = sanitizeHtml(result.kind === 'page' ? result.page.contentHtml : '', { baseUrl: url });
  return { safe, text: textOf(safe) };
}

describe('isCaption', () => {
  it.each([
    [
      'a box named caption in a figure',
      `<figure><img src="/p/gate.jpg"><div class="caption">${WORDS}</div></figure>`,
    ],
    ['a paragraph in a figure', `<figure><img src="/p/gate.jpg"><p>${WORDS}</p></figure>`],
    ['loose words in a figure', `<figure><img src="/p/gate.jpg"><span>${WORDS}</span></figure>`],
    [
      'what follows a picture in a frame',
      `<div class="wp-caption"><img src="/p/gate.jpg"><p class="wp-caption-text">${WORDS}</p></div>`,
    ],
    [
      'what follows the box of a picture',
      `<p><a href="/p/gate.jpg"><img src="/p/gate.jpg"></a></p><p class="image_caption">${WORDS}</p>`,
    ],
    ['what says so of itself', `<div><img src="/p/gate.jpg"></div><div itemprop="caption">${WORDS}</div>`],
  ])('takes %s for the picture’s, and out of the text', (_, picture) => {
    const { safe, text } = read(picture);
    expect(safe).toContain(
      `<figure data-src="https://news.example/p/gate.jpg"><figcaption>${WORDS}</figcaption></figure>`,
    );
    expect(text).not.toContain(WORDS);
  });

  it.each([
    ['a box named so far from any picture', `<p class="caption">${WORDS}</p>`],
    [
      'a card whose text a framework calls a caption',
      `<div><img src="/p/gate.jpg"><div class="caption"><h3>Noon</h3><p>${WORDS}</p></div></div>`,
    ],
    [
      'a quotation with a portrait',
      `<figure><img src="/p/gate.jpg"><blockquote><p>${WORDS}</p></blockquote></figure>`,
    ],
  ])('is not %s', (_, html) => {
    const page = parsePage(html);
    expect(page.kind === 'refused' ? page : page.elements.filter(isCaption)).toEqual([]);
  });

  it('leaves each of two figures in a row its own', () => {
    const figure = (name: string): string =>
      `<figure><img src="/p/${name}-of-the-lock.jpg"><figcaption>The ${name}</figcaption></figure>`;
    const { safe } = read(figure('gate') + figure('wall'));
    expect(safe.match(/<figcaption>.*?<\/figcaption>/g)).toEqual([
      '<figcaption>The gate</figcaption>',
      '<figcaption>The wall</figcaption>',
    ]);
  });
});
