import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { parseCheckpoint } from '../../src/sign/checkpoint.js';
import { keyIdOf, type TufKey, verifyBytes } from '../../src/sign/ed25519.js';
import { type LogEntry, parseEntry } from '../../src/sign/entry.js';
import { parseHead } from '../../src/sign/head.js';
import { appendLeaf, EMPTY_FRONTIER, type Frontier, leafHash, rootOf } from '../../src/sign/merkle.js';
import { parseVerifierKey, verifyNote } from '../../src/sign/note.js';
import { olpcJson } from '../../src/sign/olpc-json.js';
import { blobPath, originOf, repositoryOf } from '../../src/sign/repository.js';
import { parseSiteDocument } from '../../src/sign/site-document.js';
import {
  bundlePath,
  nodesFromTiles,
  packPath,
  parseBundle,
  TILE_WIDTH,
  tilePath,
  tileWidth,
} from '../../src/sign/tiles.js';

interface Metadata {
  signatures: { keyid: string; sig: string }[];
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the test looks into
  signed: any;
}

export interface SignedTree {
  folder: string;
  size: number;
  root: Buffer;
  entries: LogEntry[];
  raw: Buffer[];
  timestamp: Metadata['signed'];
  targets: Metadata['signed'];
  blob: (entry: LogEntry) => Buffer | null;
}

/** The folder of the one repository under this home. */
export function treeFolderOf(home: string): string {
  const [repository = ''] = readdirSync(join(home, 'signed'));
  return join(home, 'signed', repository);
}

/** Everything a stranger can check in a tree, from its first root on, by the words of docs/formats.md. Throws at what does not hold. */
export function readTree(folder: string, { lost = false } = {}): SignedTree {
  const file = (path: string): Buffer => readFileSync(join(folder, path));
  const json = (bytes: Buffer | string): Metadata => JSON.parse(bytes.toString());
  const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

  function expectSigned(
    metadata: Metadata,
    keys: Record<string, TufKey>,
    role: { keyids: string[]; threshold: number },
  ): void {
    const bytes = olpcJson(metadata.signed);
    const good = new Set(
      metadata.signatures
        .filter(({ keyid, sig }) => {
          const key = keys[keyid];
          if (key === undefined || !role.keyids.includes(keyid)) return false;
          expect(keyIdOf(key)).toBe(keyid);
          return verifyBytes(Buffer.from(key.keyval.public, 'hex'), bytes, Buffer.from(sig, 'hex'));
        })
        .map(({ keyid }) => keyid),
    );
    expect(good.size).toBeGreaterThanOrEqual(role.threshold);
  }

  const head = parseHead(file('head.json'));
  if (head === null) throw new Error('head.json has not its shape');
  let root = json(file('tuf/1.root.json'));
  expect(folder.endsWith(repositoryOf(file('tuf/1.root.json')))).toBe(true);
  expectSigned(root, root.signed.keys, root.signed.roles.root);
  for (let version = 2; version <= head.root.version; version += 1) {
    const next = json(file(`tuf/${version}.root.json`));
    expect(next.signed.version).toBe(version);
    expectSigned(next, root.signed.keys, root.signed.roles.root);
    expectSigned(next, next.signed.keys, next.signed.roles.root);
    root = next;
  }
  const { keys, roles } = root.signed;
  expect(head.timestamp).toBe(file('tuf/timestamp.json').toString());
  expect(head.checkpoint).toBe(file('log/checkpoint').toString());
  const timestamp = json(head.timestamp);
  expectSigned(timestamp, keys, roles.timestamp);
  const expectListed = (listed: { length: number; hashes: { sha256: string } }, bytes: Buffer): void =>
    expect([bytes.length, sha256(bytes)]).toEqual([listed.length, listed.hashes.sha256]);
  expectListed(timestamp.signed.meta['snapshot.json'], Buffer.from(head.snapshot));
  const snapshot = json(head.snapshot);
  expectSigned(snapshot, keys, roles.snapshot);
  expect(head.snapshot).toBe(file(`tuf/${snapshot.signed.version}.snapshot.json`).toString());
  const metadata = (name: string): Metadata => {
    const listed = snapshot.signed.meta[`${name}.json`];
    const bytes = file(`tuf/${listed.version}.${name}.json`);
    expectListed(listed, bytes);
    expect(json(bytes).signed.version).toBe(listed.version);
    return json(bytes);
  };
  const targets = metadata('targets');
  expectSigned(targets, keys, roles.targets);
  const edition = metadata('edition');
  expect(head.edition).toBe(file(`tuf/${edition.signed.version}.edition.json`).toString());
  const { delegations } = targets.signed;
  for (const [name, signed] of [
    ['edition', edition],
    ['mirrors', metadata('mirrors')],
  ] as const)
    expectSigned(
      signed,
      delegations.keys,
      delegations.roles.find((one: { name: string }) => one.name === name),
    );
  const target = (of: Metadata, name: string): Buffer => {
    const listed = of.signed.targets[name];
    const at = name.lastIndexOf('/') + 1;
    const bytes = file(`targets/${name.slice(0, at)}${listed.hashes.sha256}.${name.slice(at)}`);
    expectListed(listed, bytes);
    return bytes;
  };
  const site = parseSiteDocument(target(targets, 'site.json'));
  if (site === null) throw new Error('site.json has not its shape');
  expect(site.origin).toBe(originOf(repositoryOf(file('tuf/1.root.json'))));
  expect(target(edition, 'log/checkpoint').toString()).toBe(head.checkpoint);
  target(edition, 'log/front');
  const vkey = parseVerifierKey(site.vkey);
  const text = vkey === null ? null : verifyNote(head.checkpoint, vkey);
  const checkpoint = text === null ? null : parseCheckpoint(text);
  if (checkpoint === null) throw new Error('the checkpoint is not signed by the key of site.json');

  const { size } = checkpoint;
  const raw: Buffer[] = [];
  let frontier: Frontier = EMPTY_FRONTIER;
  const frontiers = [frontier];
  for (let tile = 0; tileWidth(0, tile, size) > 0; tile += 1) {
    const width = tileWidth(0, tile, size);
    const bundle = parseBundle(file(bundlePath(tile, width)));
    expect(bundle).toHaveLength(width);
    raw.push(...(bundle ?? []));
    expect(file(tilePath(0, tile, width))).toEqual(Buffer.concat((bundle ?? []).map(leafHash)));
  }
  for (const entry of raw) {
    frontier = appendLeaf(frontier, leafHash(entry));
    frontiers.push(frontier);
  }
  expect(rootOf(frontier)).toEqual(checkpoint.root);
  // Every node that an inclusion proof may need comes out of the tiles as it comes out of the entries.
  const read = nodesFromTiles(size, (level, index, width) => file(tilePath(level, index, width)));
  frontier.hashes.reduce((start, hash, at) => {
    const level = levelOf(size, at);
    expect(read(level, start / 2 ** level)).toEqual(hash);
    return start + 2 ** level;
  }, 0);
  expect(head.tail.entries).toEqual(raw.slice(head.tail.start).map(String));
  expect(head.tail.frontier).toEqual(
    frontiers[head.tail.start]?.hashes.map((hash) => hash.toString('base64url')),
  );
  expect(head.tail.entries.length).toBe(Math.min(size, 8));

  const entries = raw.map((bytes) => {
    const parsed = parseEntry(bytes);
    if (parsed.kind !== 'entry') throw new Error(`entry ${bytes} is ${parsed.kind}`);
    return parsed.entry;
  });
  const blob = (entry: LogEntry): Buffer | null => {
    const path = blobPath(Buffer.from(entry.c, 'base64url'));
    return existsSync(join(folder, path)) ? file(path) : null;
  };
  expectBlobs(entries, blob, lost);
  expectPacks(entries, blob, file);
  return {
    folder,
    size,
    root: checkpoint.root,
    entries,
    raw,
    timestamp: timestamp.signed,
    targets: targets.signed,
    blob,
  };
}

/** Level of the `at`-th whole subtree of a log of that size. */
function levelOf(size: number, at: number): number {
  const levels = [...size.toString(2)].reverse().flatMap((bit, level) => (bit === '1' ? [level] : []));
  return levels.reverse()[at] ?? 0;
}

/** Blobs are what their entries say; only what was expunged may be gone, or, once the folder was `lost`, what is no longer said. */
function expectBlobs(
  entries: readonly LogEntry[],
  blob: (entry: LogEntry) => Buffer | null,
  lost: boolean,
): void {
  entries.forEach((entry, at) => {
    const bytes = blob(entry);
    const expunged = entries.slice(at + 1).some((later) => later.a === entry.a && later.o === 'x');
    if (bytes === null) {
      const superseded = lost && entries.slice(at + 1).some((later) => later.a === entry.a);
      expect(expunged || superseded, `the blob of entry ${at} is gone`).toBe(true);
      return;
    }
    if (expunged && entry.o !== 'r' && entry.o !== 'x')
      expect(bytes, `the expunged blob of entry ${at}`).toBeNull();
    expect([bytes.length, createHash('sha256').update(bytes).digest('base64url')]).toEqual([
      entry.n,
      entry.c,
    ]);
  });
}

/** Each page's pack holds its entries' blobs that are there, each in a line of its own, in their order. */
function expectPacks(
  entries: readonly LogEntry[],
  blob: (entry: LogEntry) => Buffer | null,
  file: (path: string) => Buffer,
): void {
  for (let page = 0; page * TILE_WIDTH < entries.length; page += 1) {
    const lines = gunzipSync(file(packPath(page)))
      .toString()
      .split('\n')
      .slice(0, -1);
    const expected = entries
      .slice(page * TILE_WIDTH, (page + 1) * TILE_WIDTH)
      .flatMap((entry) => blob(entry)?.toString() ?? []);
    expect(lines).toEqual(expected);
  }
}
