import { expect, it } from 'vitest';
import { createExcerpt } from '../../src/serve/excerpt.js';
import { createHighlighter } from '../../src/store/tokenizer.js';

it('closes a direction that its end cuts open', () => {
  const text = `\u202eThe lantern ${'of the harbor '.repeat(40)}goes out.\u202c`;
  const segments = createExcerpt(text, 'en', createHighlighter('lantern'))(60);
  expect(segments.map((one) => one.text).join('')).toMatch(/^\u202eThe lantern [\w ]+\u202c…$/);
  expect(segments.filter(({ hit }) => hit).map((one) => one.text)).toEqual(['lantern']);
});
