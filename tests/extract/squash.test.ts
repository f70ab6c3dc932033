import { expect, it } from 'vitest';
import { squash } from '../../src/extract/squash.js';

it('leaves letters and digits of any script in lower case, and nothing else', () => {
  for (const [text, squashed] of [
    ['The “Harbor”, at 9.30!', 'theharborat930'],
    ['Ёлка — № 5', 'ёлка5'],
    ['ÉTÉ', 'été'],
    ['三月 十一日。', '三月十一日'],
    ['سلام، دنیا', 'سلامدنیا'],
    ['𝔸b 🔥 c', '𝔸bc'],
    ['— … —', ''],
  ])
    expect(squash(text ?? '')).toBe(squashed);
});

it('knows a text that is longer than any before it', () => {
  expect(squash('A-'.repeat(20_000))).toBe('a'.repeat(20_000));
});
