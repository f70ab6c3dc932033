import { describe, expect, it } from 'vitest';
import { createSigningKey } from '../../src/sign/ed25519.js';
import { isSignedCard, parseMirrorCard, writeMirrorCard } from '../../src/sign/mirror-card.js';

const card = {
  repository: 'abcdefgh234567ab',
  expires: 1_795_000_000,
  urls: ['https://leaf.example/ink/', 'http://abcdefghijklmnop.onion/'],
};

describe('a mirror card', () => {
  const key = createSigningKey();
  const text = writeMirrorCard(card, key);

  it('is a few lines that fit a text message and say what was put in', () => {
    expect(text.length).toBeLessThan(350);
    expect(parseMirrorCard(text)).toEqual(card);
    expect(isSignedCard(text, [key.publicBytes])).toBe(true);
  });

  it('survives a messenger that changes line ends and drops the last', () => {
    expect(isSignedCard(`  ${text.replace(/\n/g, '\r\n').trimEnd()}`, [key.publicBytes])).toBe(true);
  });

  it.each([
    ['another address', text.replace('leaf', 'lief')],
    ['a longer life', text.replace('1795000000', '1895000000')],
    ['another repository', text.replaceAll('abcdefgh234567ab', 'bbcdefgh234567ab')],
    ['one address less', text.replace('http://abcdefghijklmnop.onion/\n', '')],
  ])('is refused with %s', (_what, forged) => {
    expect(forged).not.toBe(text);
    expect(isSignedCard(forged, [key.publicBytes])).toBe(false);
  });

  it('is refused under any other key', () => {
    expect(isSignedCard(text, [createSigningKey().publicBytes])).toBe(false);
    expect(isSignedCard(text, [])).toBe(false);
  });

  it.each([
    ['no address', []],
    ['an address with a password', ['https://user:pass@leaf.example/']],
    ['an address with a query', ['https://leaf.example/?who=me']],
    ['another scheme', ['ftp://leaf.example/']],
    ['too many addresses', Array.from({ length: 7 }, (_, n) => `https://leaf${n}.example/`)],
  ])('is no card with %s', (_what, urls) => {
    expect(parseMirrorCard(writeMirrorCard({ ...card, urls }, key))).toBeNull();
  });

  it('is no card where it is any other text', () => {
    for (const other of ['', 'tz1-mirrors/v1\n', 'hello\n\n— x y\n', `x${text}`])
      expect(parseMirrorCard(other)).toBeNull();
  });
});
