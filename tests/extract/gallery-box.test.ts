import { expect, it } from 'vitest';
import type { ExtractedPage } from '../../src/domain/extracted-page.js';
import { extractPage } from '../../src/extract/extract-page.js';
import { createFurnitureIndex } from '../../src/extract/furniture-index.js';

const APPEAL = [
  'Dear readers, our newsroom was declared undesirable, and it needs your help more than ever before.',
  'Support independent journalism with a monthly donation, however small it may be, it keeps reporters at work.',
  'Once',
  'Monthly',
  'Remind me later. We will ask you again next month, and thank you for reading this paper today.',
];

const SIGHTS = ['crane', 'lighthouse', 'ferry', 'customs house', 'dry dock', 'fish market', 'breakwater'];
const PLACES = ['Northern harbor', 'Salt island', 'Old river'];

const paragraphs = (texts: readonly string[]) => texts.map((text) => `<p>${text}</p>`).join('');

const pageOf = (place: string, intro: string) =>
  `<!doctype html><html lang="en"><head><title>A walk: ${place}</title><meta property="article:section" content="Photos"></head><body><main><article><h1>A walk: ${place}</h1><div class="text">${intro}${SIGHTS.map(
    (sight) =>
      `<figure><img src="/${place[0]}/${sight}.jpg" alt="" width="640" height="480"><figcaption>The ${sight} of ${place}</figcaption></figure>`,
  ).join('')}<div class="x">${paragraphs(APPEAL)}</div></div></article></main></body></html>`;

/** The three galleries of one publisher, read one after another. */
function read(introOf: (place: string) => string): ExtractedPage[] {
  const furniture = createFurnitureIndex();
  return PLACES.map((place, index) => {
    const result = extractPage(pageOf(place, introOf(place)), {
      url: `https://paper.test/${index}`,
      furniture,
    });
    if (result.kind !== 'page') throw new Error(result.reason);
    return result.page;
  });
}

/** One of the seven is the lead. */
const picturesIn = ({ contentHtml }: ExtractedPage) => contentHtml.split('<figure>').length - 1;

it('finds a gallery without any text by its pictures', () => {
  const pages = read(() => '');
  for (const page of pages) {
    expect(page.kind).toBe('gallery');
    expect(picturesIn(page)).toBe(6);
  }
});

it('shows no appeal in a gallery of next to no text, at first sight', () => {
  for (const introOf of [() => '', (place: string) => `<p>${place} on Sunday.</p>`])
    for (const page of read(introOf)) {
      for (const appeal of APPEAL) expect(page.contentHtml).not.toContain(appeal);
      expect(page.contentHtml).toMatch(/The ferry of (?:Northern|Salt|Old)/);
    }
});

it('keeps what a gallery itself says of giving and of readers', () => {
  const queue = 'People stood in line on Sunday to donate blood for those whom the flood had hurt.';
  const quoted = '“We came as soon as we heard of it,” said a baker, who had shut his shop for the day.';
  const after = `<p>${queue}</p><p>All pictures were taken on the left bank between dawn and noon.</p>`;
  for (const [intro, closing] of [
    [`<p>${queue}</p><p>${quoted}</p>`, ''],
    ['', after],
  ] as const) {
    const html = pageOf('Old river', intro).replace(/<div class="x">.*?<\/div>/s, closing);
    const result = extractPage(html, { url: 'https://paper.test/blood' });
    const content = result.kind === 'page' ? result.page.contentHtml : '';
    expect(content).toContain(queue);
  }
});
