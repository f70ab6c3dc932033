import { describe, expect, it } from 'vitest';
import { withCoherentStyles } from '../../src/extract/coherent-styles.js';
import { parsePage } from '../../src/extract/parse-page.js';
import { segment } from '../../src/extract/segment.js';

const SENTENCE =
  'The bridge keeper counts the boats that pass below the third arch and writes their names into a book. ';
const thing = (name: string): string =>
  `<div class="card"><h3>${name}</h3><p class="about">${SENTENCE.repeat(2)}</p></div>`;

function blocksOf(body: string) {
  const parsed = parsePage(`<html><body>${body}</body></html>`);
  if (parsed.kind === 'refused') throw new Error(parsed.reason);
  return segment(parsed.document).blocks;
}

/** Likelihoods before and after, in the page's order. */
const raisedOf = (body: string, likely: number[]): number[] => {
  const blocks = blocksOf(body);
  expect(blocks).toHaveLength(likely.length);
  return withCoherentStyles(blocks, likely);
};

const LIST = `<main><p>${SENTENCE}</p>${['Oil', 'Wicks', 'Rope'].map(thing).join('')}<p>${SENTENCE}</p></main>`;

describe('paragraphs that look alike', () => {
  it('stand together with their headings where the model took some of them', () => {
    const doubtful = [0.9, 0.2, 0.6, 0.1, 0.3, 0.1, 0.2, 0.9];
    expect(raisedOf(LIST, doubtful)).toEqual([0.9, 0.55, 0.6, 0.55, 0.55, 0.55, 0.55, 0.9]);
  });

  it('are alike whatever their classes say of their place', () => {
    const striped = ['first odd', 'even', 'last odd'].map(
      (place) => `<p class="text ${place} p7">${SENTENCE.repeat(2)}</p>`,
    );
    const likely = [0.6, 0.3, 0.3];
    expect(raisedOf(`<div>${striped.join('')}</div>`, likely)).toEqual([0.6, 0.55, 0.55]);
  });

  it('are left as they are where it took none, or nearly all of them', () => {
    const none = [0.9, 0.1, 0.3, 0.1, 0.3, 0.1, 0.3, 0.9];
    expect(raisedOf(LIST, none)).toEqual(none);
    const many = ['Oil', 'Wicks', 'Rope', 'Ink', 'Wax', 'Tar', 'Salt'].map(thing).join('');
    const most = [...Array.from({ length: 12 }, () => 0.9), 0.1, 0.3];
    expect(raisedOf(many, most)).toEqual(most);
  });

  it('are left where it is sure of not wanting them', () => {
    const comments = [0.9, 0.01, 0.6, 0.01, 0.02, 0.01, 0.02, 0.9];
    expect(raisedOf(LIST, comments)).toEqual(comments);
  });

  it('count only between the first and the last text of the page', () => {
    const teasers = `<main><p>${SENTENCE}</p>${thing('Oil')}</main>${['Wicks', 'Rope', 'Ink'].map(thing).join('')}`;
    const ended = [0.9, 0.5, 0.6, 0.1, 0.3, 0.1, 0.3, 0.1, 0.3];
    expect(raisedOf(teasers, ended)).toEqual(ended);
  });

  it('are no paragraphs in a caption, an aside or a form', () => {
    const aside = LIST.replaceAll('<div class="card">', '<aside class="card">').replaceAll(
      '</p></div>',
      '</p></aside>',
    );
    const doubtful = [0.9, 0.2, 0.6, 0.1, 0.3, 0.1, 0.2, 0.9];
    expect(raisedOf(aside, doubtful)).toEqual(doubtful);
  });
});
