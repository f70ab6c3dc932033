import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { TreeFiles } from '../../src/files/tree-files.js';
import { fetchBlobs, fetchPage } from '../../src/replicate/fetch-blobs.js';
import { fetchEntries } from '../../src/replicate/fetch-entries.js';
import { fetchRecent } from '../../src/replicate/fetch-recent.js';
import { readTiles } from '../../src/replicate/log-tiles.js';
import type { PeerReader } from '../../src/replicate/peer-reader.js';
import { linesHeldFrom, textsKeptFrom } from '../../src/replicate/read-have.js';
import { appendLeaf, EMPTY_FRONTIER, leafHash, rootOf } from '../../src/sign/merkle.js';
import { writeMirrorsDocument } from '../../src/sign/mirrors-document.js';
import { verifyNote } from '../../src/sign/note.js';
import { blobPath, originOf } from '../../src/sign/repository.js';
import { joinRoot } from '../../src/sign/verify/join-root.js';
import { FalseEntries, TreeRefusal } from '../../src/sign/verify/refusals.js';
import { createTrustedSet } from '../../src/sign/verify/trusted-set.js';
import { checkBytes } from '../../src/sign/verify/tuf-metadata.js';
import { verifyHead } from '../../src/sign/verify/verify-head.js';
import type { ReplicaEntry } from '../../src/store/replica-entry-table.js';
import { flip } from '../support/flips.js';
import { memoryPeers } from '../support/memory-peers.js';
import { deskWith, type TestDesk, type Tree } from '../support/test-desk.js';
import { describeLong } from '../support/tools.js';

const START = Date.UTC(2026, 10, 1) / 1_000;
const NOW = START * 1_000;

/** Reads one file of an evil mirror as a follower does. Answers what it goes on with, or throws a refusal. */
type Door = (evil: Tree, path: string) => unknown;
type Doors = readonly (readonly [kind: string, files: RegExp, door: Door])[];

const digest = (...parts: readonly (Uint8Array | string)[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

/** A tree that has a file of every kind, and all that a follower knows when it comes to any of them. */
async function prepare(articles: number) {
  const desk = deskWith(articles, START);
  const picture = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(200, 3)]);
  const sha256 = createHash('sha256').update(picture).digest();
  desk.tree.set(blobPath(sha256), picture);
  desk.publishMirrors(writeMirrorsDocument(desk.state.repository, []));
  desk.publishRoot();
  desk.publish();
  const honest = desk.snapshot();
  const { state } = await joinRoot(desk.pin(), readerOf(honest), NOW);
  const head = await verifyHead(fileOf(honest, 'head.json'), state, readerOf(honest), NOW);
  const current = [...head.targetFiles].map(([, { hashes }]) => hashes.sha256 ?? '');
  // Older numbers than the newest are asked for by nobody who comes now.
  for (const path of honest.keys()) {
    const isOldTarget = path.startsWith('targets/') && !current.some((one) => path.includes(one));
    if (/^tuf\/1\.(?:snapshot|edition)/.test(path) || isOldTarget) honest.delete(path);
  }
  return { desk, honest, picture: { hash: sha256, bytes: picture.length }, state, head };
}

const readerOf = (tree: Tree) => async (path: string) => tree.get(path) ?? null;
const fileOf = (tree: Tree, path: string): Buffer => tree.get(path) ?? Buffer.alloc(0);

/** The lines of the log as a follower has them when it asks for their blobs. */
const linesOf = (desk: TestDesk): ReplicaEntry[] =>
  desk.entries.map((bytes, position) => {
    const { c, n, o, t } = JSON.parse(bytes.toString());
    const open = { articleKey: null, state: 'wanted', reason: null, tries: 0 } as const;
    return { ...open, position, bytes, kind: o, hash: Buffer.from(c, 'base64url'), blobBytes: n, issued: t };
  });

function memoryFolder(): { folder: TreeFiles; files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  const folder = {
    has: (path: string) => files.has(path),
    read: (path: string) => Buffer.from(files.get(path) ?? []),
    write: (path: string, bytes: Uint8Array) => files.set(path, bytes),
    remove: (path: string) => files.delete(path),
    sweep: () => {},
  };
  return { folder: folder as unknown as TreeFiles, files };
}

describeLong('every bit of every file of a tree, turned over', async () => {
  const [small, longer] = [await prepare(1), await prepare(9)];
  const { desk, honest, state, head } = small;
  const root = (version: number): Buffer => fileOf(honest, `tuf/${version}.root.json`);
  const newest = (role: string): Buffer =>
    fileOf(honest, [...honest.keys()].findLast((path) => path.endsWith(`.${role}.json`)) ?? '');
  /** What was accepted of the roles above, so that only the next one is open. */
  const setUpTo = (...roles: readonly ('timestamp' | 'snapshot' | 'targets')[]) => {
    const set = createTrustedSet(root(2), { now: NOW, exact: true });
    if (roles.includes('timestamp')) set.updateTimestamp(fileOf(honest, 'tuf/timestamp.json'));
    if (roles.includes('snapshot')) set.updateSnapshot(newest('snapshot'));
    if (roles.includes('targets')) set.updateTargets(newest('targets'));
    return set;
  };
  const sets = {
    root: createTrustedSet(root(1), { now: NOW, exact: true }),
    timestamp: setUpTo(),
    snapshot: setUpTo('timestamp'),
    targets: setUpTo('timestamp', 'snapshot'),
    delegated: setUpTo('timestamp', 'snapshot', 'targets'),
  };
  const named = new Map(
    [...head.targetFiles].map(([name, file]) => [`${file.hashes.sha256}.${name.split('/').pop()}`, file]),
  );
  const lines = linesOf(longer.desk);
  const vkey = {
    name: originOf(longer.desk.state.repository),
    publicBytes: longer.desk.keyOf('edition').publicBytes,
  };
  const nothing = { frontier: EMPTY_FRONTIER, pageBytes: 0 };
  const beside = (evil: Tree) => memoryPeers([evil, longer.honest]).peers;

  const blobsOf = async (evil: Tree, page: ReplicaEntry[], packs: boolean) => {
    const { folder, files } = memoryFolder();
    await fetchPage(page, page, beside(evil), folder, packs ? { textsFrom: async () => 0 } : null);
    return digest(...[...files].sort().flat());
  };

  /** Nothing but the honest bytes passes. */
  const REFUSING: Doors = [
    [
      'head.json',
      /^head\.json$/,
      (evil, path) => verifyHead(fileOf(evil, path), { ...state, root: root(2) }, readerOf(honest), NOW),
    ],
    ['the first root', /1\.root\.json$/, (evil) => joinRoot(desk.pin(), readerOf(evil), NOW)],
    ['the next root', /2\.root\.json$/, (evil, path) => sets.root.updateRoot(fileOf(evil, path))],
    ['timestamp', /timestamp\.json$/, (evil, path) => sets.timestamp.updateTimestamp(fileOf(evil, path))],
    ['snapshot', /snapshot\.json$/, (evil, path) => sets.snapshot.updateSnapshot(fileOf(evil, path))],
    ['targets', /\d\.targets\.json$/, (evil, path) => sets.targets.updateTargets(fileOf(evil, path))],
    [
      'edition',
      /edition\.json$/,
      (evil, path) => sets.delegated.updateTargets(fileOf(evil, path), 'edition', 'targets'),
    ],
    [
      'mirrors',
      /^tuf\/.*mirrors\.json$/,
      (evil, path) => sets.delegated.updateTargets(fileOf(evil, path), 'mirrors', 'targets'),
    ],
    [
      'signed targets',
      /^targets\/.*(?:site\.json|mirrors\.json|checkpoint|front)$/,
      (evil, path) => checkBytes(fileOf(evil, path), named.get(path.split('/').pop() ?? '') ?? {}, path),
    ],
    ['hashes', /^log\/tile\/\d/, (evil) => readTiles(memoryPeers([evil]).readers[0] as PeerReader, head, 0)],
  ];
  /** Other bytes may pass where they say the same, in what packs them for instance; else an honest mirror is asked. */
  const USING: Doors = [
    [
      'the note of the log',
      /^log\/checkpoint$/,
      (evil, path) => verifyNote(fileOf(evil, path).toString('utf8'), vkey) ?? refuse(path),
    ],
    [
      'entries',
      /^log\/tile\/entries\//,
      async (evil) => digest(...(await fetchEntries(nothing, longer.head, beside(evil))).entries),
    ],
    [
      'the newest entries',
      /^log\/recent\.gz$/,
      async (evil, path) => {
        const found = await fetchRecent(0, longer.head, beside(evil));
        const grown = [...(found?.entries ?? []), ...longer.head.tail.entries].reduce(
          (all, entry) => appendLeaf(all, leafHash(entry)),
          EMPTY_FRONTIER,
        );
        if (!rootOf(grown).equals(longer.head.checkpoint.root)) return refuse(path);
        return digest(...(found?.entries ?? []));
      },
    ],
    ['a pack', /^log\/pack\//, (evil) => blobsOf(evil, lines, true)],
    [
      'a blob',
      /^blob\//,
      async (evil, path) => {
        const line = lines.filter(({ hash }) => hash !== null && blobPath(hash) === path);
        const { folder, files } = memoryFolder();
        if (line.length > 0) return blobsOf(evil, line, false);
        await fetchBlobs([longer.picture], beside(evil), folder);
        return digest(...[...files].flat());
      },
    ],
    [
      'what a mirror says it holds',
      /^have\.json$/,
      async (evil) => [await linesHeldFrom(beside(evil)), await textsKeptFrom(beside(evil))],
    ],
  ];

  it('has a door for each file', () => {
    const doors = (path: string) => [...REFUSING, ...USING].filter(([, files]) => files.test(path)).length;
    expect([...honest.keys(), ...longer.honest.keys()].filter((path) => doors(path) !== 1)).toEqual([]);
  });

  it.each(REFUSING)('%s: is refused', async (_kind, files, door) => {
    expect(await passing(honest, files, door, REFUSED)).toEqual([]);
  });

  it.each(USING)('%s: changes nothing of what is used', async (_kind, files, door) => {
    expect(await passing(longer.honest, files, door, null)).toEqual([]);
  });
});

/** Bits that pass though they change what is gone on with. */
async function passing(honest: Tree, files: RegExp, door: Door, due: string | null): Promise<string[]> {
  const paths = [...honest.keys()].filter((one) => files.test(one));
  const passed: string[] = paths.length > 0 ? [] : ['no such file'];
  for (const path of paths) {
    const bytes = fileOf(honest, path);
    const expected = due ?? (await outcomeOf(door, honest, path));
    const evil = new Map(honest);
    for (const bit of bitsOf(path, bytes)) {
      evil.set(path, flip(bytes, bit >> 3, bit & 7));
      const outcome = await outcomeOf(door, evil, path);
      if (outcome !== REFUSED && outcome !== expected) passed.push(`bit ${bit} of ${path}`);
    }
  }
  return passed;
}

/**
 * Every bit; but of the files that a head carries, which have doors of their own, only one of each byte where they stand in the head,
 * and so of the first root, which is known by its hash alone.
 */
function bitsOf(path: string, bytes: Buffer): number[] {
  const carried =
    path === 'head.json' ? carriedBy(bytes) : path.endsWith('1.root.json') ? [[0, bytes.length]] : [];
  const isThinned = (at: number) => carried.some(([from = 0, to = 0]) => at >= from && at < to);
  return Array.from({ length: bytes.length * 8 }, (_, bit) => bit).filter(
    (bit) => !isThinned(bit >> 3) || (bit & 7) === (bit >> 3) % 8,
  );
}

function carriedBy(head: Buffer): [number, number][] {
  const { timestamp, snapshot, edition } = JSON.parse(head.toString('utf8'));
  return [timestamp, snapshot, edition].map((text) => {
    const carried = JSON.stringify(text);
    const from = head.indexOf(carried);
    return [from, from + Buffer.byteLength(carried)];
  });
}

const REFUSED = 'refused';
const refuse = (path: string): never => {
  throw new FalseEntries(path, 'lead elsewhere');
};

async function outcomeOf(door: Door, tree: Tree, path: string): Promise<string> {
  try {
    return JSON.stringify(await door(tree, path)) ?? 'taken';
  } catch (error) {
    if (error instanceof TreeRefusal) return REFUSED;
    throw error;
  }
}
