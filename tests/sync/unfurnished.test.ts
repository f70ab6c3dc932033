import { describe, expect, it } from 'vitest';
import type { SafeHtml } from '../../src/domain/safe-html.js';
import { extractPage } from '../../src/extract/extract-page.js';
import { createFurnitureIndex, furnitureKey } from '../../src/extract/furniture-index.js';
import { textOf } from '../../src/sanitize/safe-text.js';
import { sanitizeHtml } from '../../src/sanitize/sanitize-html.js';
import { unfurnished } from '../../src/sync/unfurnished.js';
import { corpusPages } from '../extract/corpus-pages.js';
import { describeUnless } from '../support/tools.js';

const BACKGROUND =
  'The harbor master was sentenced in 2021 to nine years for a lantern that he had left unlit.';
const MORE = 'His appeal was heard in an empty court, and the sentence was left as it stood.';
const LETTER = [
  'Dear readers, our newsroom was declared undesirable, and it needs your help more than before.',
  'Please support independent journalism with a small monthly donation, wherever giving is safe.',
  'Thank you for reading us, and for staying with us through everything that has happened since.',
];
const POINTER = 'Read more about the harbor and its lanterns in our long report of last winter.';
const BUTTON = 'Remind me later';

const knowsAll = createFurnitureIndex();
for (const article of ['a', 'b', 'c'])
  knowsAll.observe(
    article,
    [BACKGROUND, MORE, ...LETTER, POINTER, BUTTON].map((text) => furnitureKey('p', text)),
  );

const own = (name: string): string[] =>
  ['one', 'two', 'three'].map(
    (number) =>
      `Sentence ${number} of the story of ${name}, which no other story has in these words, told at such length that a letter under it is the smaller part of what a reader sees on the page, as it should be in any paper.`,
  );
const html = (texts: readonly string[]) => texts.map((text) => `<p>${text}</p>`).join('') as SafeHtml;
const left = (texts: readonly string[]) => textOf(unfurnished(html(texts), knowsAll)).split('\n');

describe('what a publisher is later known to repeat', () => {
  const [first = '', second = '', third = ''] = own('the quay');

  it.each([
    ['between two paragraphs', [first, BACKGROUND, second, third]],
    ['of several paragraphs', [first, BACKGROUND, MORE, BACKGROUND, second, third]],
    ['at the end', [first, second, third, BACKGROUND, MORE]],
    ['at the start', [BACKGROUND, first, second, third]],
  ])('stays where it is background told in sentences, %s', (_, texts) => {
    expect(left(texts)).toEqual(texts);
  });

  it.each([
    ['a letter at the end', [first, second, third, ...LETTER]],
    ['a letter in the middle', [first, second, ...LETTER, third]],
    ['a letter with background before it', [first, second, third, BACKGROUND, ...LETTER]],
    ['an appeal of one sentence', [first, second, LETTER[1] ?? '', third]],
    ['a pointer to another text', [first, second, POINTER, third]],
    ['a button', [first, second, third, BUTTON]],
  ])('goes where it is %s', (_, texts) => {
    expect(left(texts)).toEqual([first, second, third]);
  });

  it('goes where it is mostly a link', () => {
    const linked = `<p><a href="https://paper.test/x" rel="noreferrer">${BACKGROUND}</a></p>`;
    const text = `${html([first, second])}${linked}${html([third])}` as SafeHtml;
    expect(textOf(unfurnished(text, knowsAll)).split('\n')).toEqual([first, second, third]);
  });
});

const invented = corpusPages(['synthetic-ru']);

describeUnless(invented === null ? 'the corpus is not here' : null, 'an invented outlet learned late', () => {
  it('leaves nothing of its frame in the texts read before, and all of the texts', () => {
    const furniture = createFurnitureIndex();
    const read = (invented ?? []).map((page) => {
      const result = extractPage(page.html, { url: page.url, furniture });
      const found = result.kind === 'page' ? result.page.contentHtml : '';
      return { page, content: sanitizeHtml(found, { baseUrl: page.url }) };
    });
    for (const { page, content } of read) {
      const text = textOf(unfurnished(content, furniture));
      expect(page.mustNotContain.filter((phrase) => text.includes(phrase))).toEqual([]);
      expect(text.split('\n')).toEqual(page.body.split('\n'));
    }
  });
});
