import { describe, expect, it } from 'vitest';
import { MOST_MIRRORS, parseMirrorsDocument, writeMirrorsDocument } from '../../src/sign/mirrors-document.js';

describe('mirrors.json', () => {
  it('is read as it was written', () => {
    const bytes = writeMirrorsDocument('abcdefgh234567ab', ['https://a.example/', 'http://abc.onion/']);
    expect(parseMirrorsDocument(bytes)?.mirrors).toEqual([
      { url: 'https://a.example/' },
      { url: 'http://abc.onion/' },
    ]);
  });

  it('holds forty addresses and no more', () => {
    const urls = Array.from({ length: MOST_MIRRORS + 1 }, (_, n) => `https://m${n}.example/`);
    expect(parseMirrorsDocument(writeMirrorsDocument('abcdefgh234567ab', urls.slice(1)))).not.toBeNull();
    expect(parseMirrorsDocument(writeMirrorsDocument('abcdefgh234567ab', urls))).toBeNull();
  });
});
