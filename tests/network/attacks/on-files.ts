import { gzipSync } from 'node:zlib';
import { flip } from '../../support/flips.js';
import { deskWith } from '../../support/test-desk.js';
import { type Attack, EVIL, instead, liar, nobody, repacked, saying } from './attack.js';

const BLOB = /^blob\//;
const PACK = /^log\/pack\//;
const RECENT = /^log\/recent\.gz$/;
const TILES = /^log\/tile\//;
const BUNDLE = /^log\/tile\/entries\//;
const HEAD = /^head\.json$/;

/** 30 MB of nothing in 30 kB, made once: the mirrors of a test share its process. */
const BOMB = gzipSync(Buffer.alloc(30_000_000));
const SMALL_BOMB = gzipSync(Buffer.alloc(400_000));
const WEB_PAGE = `<!doctype html><html><body>${EVIL}</body></html>`;

const packed = (body: Buffer) => ({
  body,
  headers: { 'content-encoding': 'gzip', 'content-length': String(body.length) },
});
const strangersRoot = (): Buffer => deskWith(1, 0).tree.get('tuf/1.root.json') as Buffer;
const middle = (bytes: Buffer): Buffer => flip(bytes, Math.floor(bytes.length / 2));
/** Bytes of the first entry of a bundle, its length before it included. */
const firstOf = (bundle: Buffer): number => 2 + bundle.readUInt16BE(0);

/** On whoever knows what was there before. */
export const ON_FILES: readonly Attack[] = [
  saying(
    /is not the file that its hash names/,
    liar(
      'a blob with one bit flipped',
      'SubstitutedFile',
      instead(BLOB, (bytes) => ({ body: middle(bytes) })),
    ),
  ),
  liar(
    'a blob with its first bit flipped',
    'SubstitutedFile',
    instead(BLOB, (bytes) => ({ body: flip(bytes, 0) })),
  ),
  liar(
    'a blob with its last bit flipped',
    'SubstitutedFile',
    instead(BLOB, (bytes) => ({ body: flip(bytes, bytes.length - 1) })),
  ),
  liar(
    'a blob one byte too long',
    'EndlessData',
    instead(BLOB, (bytes) => ({ body: Buffer.concat([bytes, Buffer.from(' ')]) })),
  ),
  liar(
    'a blob one byte too short',
    'SubstitutedFile',
    instead(BLOB, (bytes) => ({ body: bytes.subarray(0, -1) })),
  ),
  saying(
    /more than \d+ bytes/,
    liar(
      'a blob without end',
      'EndlessData',
      instead(BLOB, () => ({ endless: true })),
    ),
  ),
  liar(
    'a blob of nothing',
    'SubstitutedFile',
    instead(BLOB, () => ({ body: Buffer.alloc(0), headers: { 'content-length': '0' } })),
  ),
  liar(
    'another text of the same length',
    'SubstitutedFile',
    instead(BLOB, (bytes) => ({ body: EVIL.padEnd(bytes.length) })),
  ),
  liar(
    'a blob packed 1:1000',
    'EndlessData',
    instead(BLOB, () => packed(SMALL_BOMB)),
  ),
  saying(
    /redirects \(302\)/,
    nobody(
      'blobs that lead elsewhere',
      instead(BLOB, () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } })),
    ),
  ),
  saying(
    /redirects \(302\)/,
    nobody(
      'redirects in the place of every file',
      instead(/./, () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } })),
    ),
  ),
  saying(
    /a web page came instead/,
    nobody(
      'a portal page in the place of every file',
      instead(/./, () => ({ body: WEB_PAGE, headers: { 'content-type': 'text/html' } })),
    ),
  ),
  nobody(
    'a portal page that does not say what it is',
    instead(HEAD, () => ({ body: WEB_PAGE })),
  ),
  saying(
    /answers 500/,
    nobody(
      'errors in the place of every file',
      instead(/./, () => ({ status: 500 })),
    ),
  ),
  liar(
    'a head without end',
    'EndlessData',
    instead(HEAD, () => ({ endless: true })),
  ),
  liar(
    'a head packed 1:1000',
    'EndlessData',
    instead(HEAD, () => packed(BOMB)),
  ),
];

/** On whoever comes for the first time. */
export const ON_A_STRANGER: readonly Attack[] = [
  liar(
    'site.json of somebody else',
    'MixAndMatchAttack',
    instead(/site\.json$/, (bytes) => ({ body: middle(bytes) })),
  ),
  liar(
    'a front of its own',
    'MixAndMatchAttack',
    instead(/front$/, () => ({ body: '{"w":1}' })),
  ),
  liar(
    'another root in the place of the one that is pinned',
    'ForgedSignature',
    instead(/^tuf\/1\.root\.json$/, (bytes) => ({ body: middle(bytes) })),
  ),
  liar(
    'a root of its own, well signed, in the place of the one that is pinned',
    'ForeignTree',
    instead(/^tuf\/1\.root\.json$/, () => ({ body: strangersRoot() })),
  ),
];

/** Where more is new than a head carries of the log: what is known stands at the start of the bundle, the head's part at its end. */
export const ON_ENTRIES: readonly Attack[] = [
  liar(
    'a bundle with an entry changed',
    'FalseEntries',
    instead(BUNDLE, (bytes) => ({ body: middle(bytes) })),
  ),
  liar(
    'a bundle with an entry left out',
    'FalseEntries',
    instead(BUNDLE, (bytes) => ({ body: bytes.subarray(firstOf(bytes)) })),
  ),
  liar(
    'a bundle with an entry twice',
    'FalseEntries',
    instead(BUNDLE, (bytes) => ({
      body: Buffer.concat([bytes.subarray(0, firstOf(bytes)), bytes]).subarray(0, bytes.length),
    })),
  ),
  liar(
    'a bundle whose entries overlap',
    'FalseEntries',
    instead(BUNDLE, (bytes) => {
      const first = firstOf(bytes);
      return { body: Buffer.concat([bytes.subarray(0, first - 1), bytes.subarray(first)]) };
    }),
  ),
  liar(
    'a bundle that ends before the log does',
    'FalseEntries',
    instead(BUNDLE, (bytes) => ({ body: bytes.subarray(0, firstOf(bytes)) })),
  ),
  liar(
    'a bundle without end',
    'EndlessData',
    instead(BUNDLE, () => ({ endless: true })),
  ),
  liar(
    'entries and hashes of its own',
    'FalseEntries',
    instead(TILES, (bytes) => ({ body: middle(bytes) })),
  ),
  liar(
    'tiles of hashes that are too short',
    'FalseEntries',
    instead(TILES, (bytes, path) => ({
      body: path.includes('entries') ? middle(bytes) : bytes.subarray(0, -32),
    })),
  ),
];

/** Where so many texts are new that they come by the pack. */
export const ON_PACKS: readonly Attack[] = [
  liar(
    'a pack with a line changed',
    'SubstitutedFile',
    repacked(PACK, (lines) => lines.toString().replace('lamp', 'lump')),
  ),
  liar(
    'a pack with a line too many',
    'SubstitutedFile',
    repacked(PACK, (lines) => `${lines}{"v":1,"content_html":"${EVIL}"}\n`),
  ),
  liar(
    'a pack that unpacks 1:1000',
    'EndlessData',
    instead(PACK, () => ({ body: BOMB })),
  ),
  liar(
    'a pack that is none',
    'SubstitutedFile',
    instead(PACK, (bytes) => ({ body: middle(bytes) })),
  ),
];

/** On somebody who knows the log and is a day behind. */
export const ON_A_DAY_BEHIND: readonly Attack[] = [
  liar(
    'a list of newest entries with one changed',
    'FalseEntries',
    repacked(RECENT, (lines) => flip(lines, lines.length - 2_000)),
  ),
  liar(
    'a list of newest entries that says where it does not begin',
    'FalseEntries',
    repacked(RECENT, (lines) =>
      Buffer.concat([Buffer.from('199\n'), lines.subarray(lines.indexOf('\n') + 1)]),
    ),
  ),
  liar(
    'a list of newest entries that is none',
    'FalseEntries',
    instead(RECENT, () => ({ body: gzipSync(EVIL) })),
  ),
  liar(
    'a list of newest entries that does not unpack',
    'SubstitutedFile',
    instead(RECENT, (bytes) => ({ body: middle(bytes) })),
  ),
  liar(
    'a list of newest entries that unpacks 1:1000',
    'EndlessData',
    instead(RECENT, () => ({ body: BOMB })),
  ),
];
