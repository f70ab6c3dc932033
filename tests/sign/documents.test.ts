import { describe, expect, it } from 'vitest';
import { fromBase64url } from '../../src/sign/base64url.js';
import { parseCheckpoint, writeCheckpoint } from '../../src/sign/checkpoint.js';
import { type LogEntry, parseEntry, writeEntry } from '../../src/sign/entry.js';
import { parseHead, writeHead } from '../../src/sign/head.js';
import { blobPath, cardIdOf, entryIdOf, originOf, repositoryOf } from '../../src/sign/repository.js';
import { parseTrustString, writeTrustString } from '../../src/sign/trust-string.js';

const ENTRY: LogEntry = {
  a: entryIdOf('moscow-times', 'a89514'),
  c: Buffer.alloc(32, 7).toString('base64url'),
  n: 5_120,
  o: 'p',
  t: 1_795_000_000,
};

describe('a log entry', () => {
  it('has one form, whatever the order of its fields', () => {
    const { t, o, n, c, a } = ENTRY;
    expect(writeEntry({ t, o, n, c, a }).toString()).toBe(
      `{"a":"${a}","c":"${c}","n":5120,"o":"p","t":1795000000}`,
    );
    expect(parseEntry(writeEntry(ENTRY))).toEqual({ kind: 'entry', entry: ENTRY });
  });

  it('of a kind that is not known is told from a broken one', () => {
    expect(parseEntry(Buffer.from('{"o":"z","q":1}'))).toEqual({ kind: 'unknown', o: 'z' });
    for (const bad of [
      '',
      '[]',
      '{"o":"p"}',
      JSON.stringify({ ...ENTRY, n: -1 }),
      JSON.stringify({ ...ENTRY, a: 'short' }),
    ])
      expect(parseEntry(Buffer.from(bad))).toEqual({ kind: 'malformed' });
    expect(parseEntry(Buffer.from([0xff]))).toEqual({ kind: 'malformed' });
  });
});

describe('a trust string', () => {
  const root = Buffer.alloc(32, 3);

  it('names folders, https by default, and http for onions and for this machine', () => {
    const text = `tz1:${root.toString('base64url')}@news.example,news.example:8443/x,abc.onion,127.0.0.1:8080/signed,http://plain.example/a/`;
    expect(parseTrustString(text)).toEqual({
      root,
      addresses: [
        'https://news.example/',
        'https://news.example:8443/x/',
        'http://abc.onion/',
        'http://127.0.0.1:8080/signed/',
        'http://plain.example/a/',
      ],
    });
  });

  it('is written as short as it can be read', () => {
    const addresses = [
      'https://news.example/',
      'http://abc.onion/x/',
      'http://plain.example/',
      'http://[::1]:80/',
    ];
    const text = writeTrustString(root, addresses);
    expect(text).toBe(
      `tz1:${root.toString('base64url')}@news.example,abc.onion/x,http://plain.example/,[::1]:80`,
    );
    expect(parseTrustString(text)?.addresses.slice(0, 3)).toEqual(addresses.slice(0, 3));
  });

  it('is refused where anything of it is missing or odd', () => {
    const key = root.toString('base64url');
    for (const bad of [
      '',
      'tz1:',
      `tz1:${key}`,
      `tz1:${key}@`,
      `tz2:${key}@a.example`,
      `tz1:${key}@a.example,`,
      `tz1:${key}@u:p@a.example`,
      `tz1:${key.slice(1)}@a.example`,
      `tz1:${key}@ftp://a.example`,
    ])
      expect(parseTrustString(bad), bad).toBeNull();
  });
});

describe('a checkpoint', () => {
  it('is read as it was written', () => {
    const checkpoint = { origin: 'tamizdat/abc', size: 12, root: Buffer.alloc(32, 1) };
    expect(parseCheckpoint(writeCheckpoint(checkpoint))).toEqual(checkpoint);
    for (const bad of ['', 'a\n1\n', 'a\n01\nAAAA\n', `\n1\n${checkpoint.root.toString('base64')}\n`])
      expect(parseCheckpoint(bad)).toBeNull();
  });
});

describe('a head', () => {
  it('is read as it was written, and only in its own shape', () => {
    const head = {
      v: 1 as const,
      root: { version: 1 },
      timestamp: '{}',
      snapshot: '{}',
      edition: '{}',
      checkpoint: 'a\n1\n',
      tail: { start: 0, frontier: [], entries: ['{}'] },
    };
    expect(parseHead(writeHead(head))).toEqual(head);
    expect(parseHead(Buffer.from(JSON.stringify({ ...head, v: 2 })))).toBeNull();
    expect(parseHead(Buffer.alloc(70_000, ' '))).toBeNull();
  });
});

describe('names in a repository', () => {
  it('come from hashes alone', () => {
    const repository = repositoryOf(Buffer.from('{}'));
    expect(repository).toBe('iqjw7i2vwntyuekg');
    expect(originOf(repository)).toBe('tamizdat/iqjw7i2vwntyuekg');
    expect(blobPath(Buffer.alloc(32, 0xab))).toBe(`blob/ab/${'ab'.repeat(32)}`);
    expect(cardIdOf('meduza')).not.toBe(entryIdOf('meduza', 'publisher'));
    expect(fromBase64url('A')).toBeNull();
    expect(fromBase64url('AA==')).toBeNull();
  });
});
