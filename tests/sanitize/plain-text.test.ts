import { expect, it } from 'vitest';
import { plainText } from '../../src/sanitize/safe-text.js';

it('gives the words of a fragment on one line, entities decoded and tags gone', () => {
  expect(plainText('\t<b>A &amp; B</b>:\n  c&nbsp;d<script>x()</script><p>e</p>')).toBe('A & B: c d e');
});

it('drops control characters, which XML forbids', () => {
  expect(plainText('a\u0000b\u0007c')).toBe('abc');
});
