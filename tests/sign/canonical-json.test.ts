import { describe, expect, it } from 'vitest';
import { jcs } from '../../src/sign/jcs.js';
import { olpcJson } from '../../src/sign/olpc-json.js';

describe('RFC 8785', () => {
  it('writes the sample object of section 3.2.3 in the bytes given there', () => {
    const sample = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
        '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    const bytes =
      '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d';
    expect(jcs(sample).toString('hex')).toBe(bytes);
  });

  it('sorts keys by UTF-16 code units, as the example of section 3.2.3 shows', () => {
    const sample = JSON.parse(
      '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",' +
        '"\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}',
    );
    expect(
      Object.values(
        JSON.parse(
          `[${jcs(sample)
            .toString()
            .slice(1, -1)
            .replace(/"[^"]*":/g, '')}]`,
        ),
      ),
    ).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('writes numbers as appendix B does, and refuses what has no form', () => {
    expect(jcs([-0, 5e-324, 9007199254740992, 295147905179352830000, 1e21, 1e23, 1 / 3]).toString()).toBe(
      '[0,5e-324,9007199254740992,295147905179352830000,1e+21,1e+23,0.3333333333333333]',
    );
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, undefined, '\ud800', { '\udc00': 1 }])
      expect(() => jcs(bad)).toThrow();
  });
});

describe('OLPC canonical JSON', () => {
  it('escapes only the quote and the backslash, and leaves control characters as they are', () => {
    expect(olpcJson({ b: 'a\n"\\\u0001', a: [1, true, null], é: 'ü' }).toString()).toBe(
      '{"a":[1,true,null],"b":"a\n\\"\\\\\u0001","é":"ü"}',
    );
  });

  it('has no form for fractions', () => {
    expect(() => olpcJson({ a: 1.5 })).toThrow(/canonical/);
  });

  it('gives the key id that securesystemslib gives for the same key', () => {
    expect(olpcJson({ keytype: 'ed25519', scheme: 'ed25519', keyval: { public: 'ab' } }).toString()).toBe(
      '{"keytype":"ed25519","keyval":{"public":"ab"},"scheme":"ed25519"}',
    );
  });
});
