import { describe, expect, it } from 'vitest';
import { createSigningKey, signingKeyFromPem, signingKeyToPem, verifyBytes } from '../../src/sign/ed25519.js';
import { parseNote, parseVerifierKey, verifyNote, writeNote, writeVerifierKey } from '../../src/sign/note.js';

/** The example of the signed-note format (Go's package golang.org/x/mod/sumdb/note). */
const VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const NOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

describe('a signed note', () => {
  const peter = parseVerifierKey(VKEY);
  if (peter === null) throw new Error('the example key');

  it('of the format’s own example holds', () => {
    expect(writeVerifierKey(peter)).toBe(VKEY);
    expect(verifyNote(NOTE, peter)).toBe(NOTE.slice(0, NOTE.indexOf('\n—')));
  });

  it('does not hold when one letter of it differs', () => {
    for (let at = 0; at < NOTE.length; at += 1) {
      const letter = NOTE[at] === 'a' ? 'b' : 'a';
      expect(verifyNote(NOTE.slice(0, at) + letter + NOTE.slice(at + 1), peter)).toBeNull();
    }
  });

  it('written here is read here, also when a second key signs beside the first', () => {
    const [old, fresh] = [createSigningKey(), createSigningKey()];
    const note = writeNote('one\ntwo\n', 'tamizdat/abc', old, fresh);
    for (const key of [old, fresh])
      expect(verifyNote(note, { name: 'tamizdat/abc', publicBytes: key.publicBytes })).toBe('one\ntwo\n');
    expect(verifyNote(note, { name: 'tamizdat/other', publicBytes: old.publicBytes })).toBeNull();
    expect(parseNote(note)?.signatures).toHaveLength(2);
  });

  it('is refused with control characters, without a signature, or with a name that has spaces', () => {
    expect(parseNote('a\n\n')).toBeNull();
    expect(parseNote(NOTE.replace('problem,', 'problem,\r'))).toBeNull();
    expect(() => writeNote('no newline', 'name', createSigningKey())).toThrow();
    expect(() => writeNote('text\n', 'a name', createSigningKey())).toThrow();
  });
});

describe('an Ed25519 key', () => {
  it('survives PEM, and its RFC 8032 test vector verifies', () => {
    const key = createSigningKey();
    expect(signingKeyFromPem(signingKeyToPem(key)).id).toBe(key.id);
    // RFC 8032 section 7.1, TEST 2.
    const hex = (text: string) => Buffer.from(text, 'hex');
    const publicKey = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
    const signature = hex(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
    expect(verifyBytes(publicKey, hex('72'), signature)).toBe(true);
    expect(verifyBytes(publicKey, hex('73'), signature)).toBe(false);
    expect(verifyBytes(publicKey.subarray(1), hex('72'), signature)).toBe(false);
  });
});
