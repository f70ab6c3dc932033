import { createHash } from 'node:crypto';
import { type ArticleBlob, type Notice, type PublisherCard, writeBlob } from '../../src/sign/article-blob.js';
import { toBase64url } from '../../src/sign/base64url.js';
import { writeCheckpoint } from '../../src/sign/checkpoint.js';
import { createSigningKey, type SigningKey, signBytes } from '../../src/sign/ed25519.js';
import { type EntryKind, type LogEntry, writeEntry } from '../../src/sign/entry.js';
import { TAIL_MOST, writeHead } from '../../src/sign/head.js';
import { appendLeaf, EMPTY_FRONTIER, type Frontier, leafHash, rootOf } from '../../src/sign/merkle.js';
import { writeNote, writeVerifierKey } from '../../src/sign/note.js';
import { olpcJson } from '../../src/sign/olpc-json.js';
import { blobPath, cardIdOf, entryIdOf, originOf, repositoryOf } from '../../src/sign/repository.js';
import { writeSiteDocument } from '../../src/sign/site-document.js';
import { moment, testArticle, testCard } from './test-blobs.js';
import { writeLog } from './test-log.js';

const DAY_S = 86_400;
const LIFE_S = { root: 548, targets: 180, edition: 14, mirrors: 30, snapshot: 14, timestamp: 14 } as const;
type RoleName = keyof typeof LIFE_S;

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const info = (bytes: Uint8Array) => ({
  length: bytes.length,
  hashes: { sha256: sha256(bytes).toString('hex') },
});

export type Tree = Map<string, Buffer>;

type Versions = Record<RoleName, number>;

/** All that a desk in memory is made of. */
interface Parts {
  readonly tree: Tree;
  readonly keys: Record<RoleName, SigningKey[]>;
  readonly versions: Versions;
  /** `clock` in unix seconds. */
  readonly state: { clock: number; rootThreshold: number; confirmed: number; repository: string };
  rootSigners: SigningKey[];
  readonly entries: Buffer[];
  readonly frontiers: Frontier[];
  readonly blobs: Map<number, Buffer>;
  readonly cards: string[];
}

function newParts(startAt: number): Parts {
  const root = [createSigningKey(), createSigningKey(), createSigningKey()];
  const [targets, edition, mirrors] = [[createSigningKey()], [createSigningKey()], [createSigningKey()]];
  const [snapshot, timestamp] = [[createSigningKey()], [createSigningKey()]];
  return {
    tree: new Map(),
    keys: { root, targets, edition, mirrors, snapshot, timestamp },
    versions: { root: 0, targets: 0, edition: 0, mirrors: 0, snapshot: 0, timestamp: 0 },
    state: { clock: startAt, rootThreshold: 2, confirmed: 0, repository: '' },
    rootSigners: root.slice(0, 2),
    entries: [],
    frontiers: [EMPTY_FRONTIER],
    blobs: new Map(),
    cards: [],
  };
}

/** Goes its own way from here on, with the same keys. */
const copyOf = (parts: Parts): Parts => ({
  tree: new Map(parts.tree),
  keys: { ...parts.keys },
  versions: { ...parts.versions },
  state: { ...parts.state },
  rootSigners: parts.rootSigners,
  entries: [...parts.entries],
  frontiers: [...parts.frontiers],
  blobs: new Map(parts.blobs),
  cards: [...parts.cards],
});

/**
 * A desk in memory, apart from the program's own: it writes the tree of docs/formats.md with all keys in hand, so that a test can
 * sign whatever an attacker with that key could. `startAt` in unix seconds.
 */
export function createTestDesk(startAt: number): TestDesk {
  const desk = deskWithCopy(newParts(startAt));
  desk.publishRoot();
  return desk;
}

function deskOf(parts: Parts) {
  const { tree, keys, versions, state, entries, frontiers, blobs, cards } = parts;

  const common = (role: RoleName, type: string) => ({
    _type: type,
    spec_version: '1.0.31',
    version: versions[role],
    expires: moment(state.clock + LIFE_S[role] * DAY_S),
  });

  function sign(signed: unknown, signers: readonly SigningKey[]): Buffer {
    const bytes = olpcJson(signed);
    const signatures = signers.map((key) => ({ keyid: key.id, sig: signBytes(key, bytes).toString('hex') }));
    return Buffer.from(`{"signatures":${JSON.stringify(signatures)},"signed":${bytes}}`, 'utf8');
  }

  const keysOf = (...roles: RoleName[]) =>
    Object.fromEntries(roles.flatMap((role) => keys[role].map((key) => [key.id, key.tuf])));
  const roleOf = (role: RoleName, threshold = 1) => ({ keyids: keys[role].map((key) => key.id), threshold });

  /** The next root. `more` bends what it says; signed by the keys before and enough of its own. */
  function publishRoot(more: object = {}, signers?: readonly SigningKey[]): Buffer {
    versions.root += 1;
    const signed = {
      ...common('root', 'root'),
      consistent_snapshot: true,
      keys: keysOf('root', 'targets', 'snapshot', 'timestamp'),
      roles: {
        root: roleOf('root', state.rootThreshold),
        targets: roleOf('targets'),
        snapshot: roleOf('snapshot'),
        timestamp: roleOf('timestamp'),
      },
      ...more,
    };
    const own = keys.root.slice(0, state.rootThreshold);
    const bytes = sign(signed, signers ?? [...new Set([...parts.rootSigners, ...own])]);
    parts.rootSigners = own;
    tree.set(`tuf/${versions.root}.root.json`, bytes);
    if (versions.root === 1) state.repository = repositoryOf(bytes);
    return bytes;
  }

  const target = (files: Map<string, Buffer>) =>
    Object.fromEntries([...files].map(([name, bytes]) => [name, info(bytes)]));

  function putTarget(name: string, bytes: Buffer): void {
    const slash = name.lastIndexOf('/') + 1;
    tree.set(`targets/${name.slice(0, slash)}${sha256(bytes).toString('hex')}.${name.slice(slash)}`, bytes);
  }

  const EDITION = { name: 'edition', paths: ['log/*'], terminating: true };
  const MIRRORS = { name: 'mirrors', paths: ['mirrors.json'], terminating: true };

  function publishTargets(more: object = {}): Buffer {
    versions.targets += 1;
    const origin = originOf(state.repository);
    const site = writeSiteDocument({
      v: 1,
      name: 'A test desk',
      attest: 'relay',
      contact: '',
      publishers: cards,
      origin,
      vkey: writeVerifierKey({ name: origin, publicBytes: keyOf('edition').publicBytes }),
      repository: state.repository,
    });
    putTarget('site.json', site);
    const signed = {
      ...common('targets', 'targets'),
      targets: target(new Map([['site.json', site]])),
      delegations: {
        keys: keysOf('edition', 'mirrors'),
        roles: [
          { ...EDITION, ...roleOf('edition') },
          { ...MIRRORS, ...roleOf('mirrors') },
        ],
      },
      ...(state.confirmed === 0 ? {} : { 'x-removals': { size: state.confirmed } }),
      ...more,
    };
    const bytes = sign(signed, keys.targets);
    tree.set(`tuf/${versions.targets}.targets.json`, bytes);
    return bytes;
  }

  /** The list of mirrors under its own role; the next publish takes it into the snapshot. */
  function publishMirrors(list: Buffer): void {
    versions.mirrors += 1;
    putTarget('mirrors.json', list);
    const signed = { ...common('mirrors', 'targets'), targets: { 'mirrors.json': info(list) } };
    tree.set(`tuf/${versions.mirrors}.mirrors.json`, sign(signed, keys.mirrors));
  }

  const keyOf = (role: RoleName): SigningKey => {
    const [key] = keys[role];
    if (key === undefined) throw new Error(`no key for ${role}`);
    return key;
  };

  /** The signed note of the log of these entries, or of any size and root a test wants to lie with. */
  const noteOf = (size: number, root: Buffer, origin = originOf(state.repository)): string =>
    writeNote(writeCheckpoint({ origin, size, root }), originOf(state.repository), keyOf('edition'));

  interface Bend {
    note?: string;
    edition?: object;
    editionTargets?: Record<string, unknown>;
    snapshotMeta?: (meta: Record<string, { version: number }>) => void;
    snapshot?: object;
    timestamp?: object;
    head?: object;
    tail?: { start: number; frontier: string[]; entries: string[] };
  }

  /** A publish of all that was added since: tiles, packs, edition, snapshot, timestamp, head. `bend` makes it a false one. */
  function publish(bend: Bend = {}): void {
    writeLog(tree, entries, blobs);
    const size = entries.length;
    const note = bend.note ?? noteOf(size, rootOf(frontierAt(size)));
    const noteBytes = Buffer.from(note, 'utf8');
    const front = Buffer.from('{"v":1}', 'utf8');
    putTarget('log/checkpoint', noteBytes);
    putTarget('log/front', front);
    tree.set('log/checkpoint', noteBytes);
    versions.edition += 1;
    const edition = sign(
      {
        ...common('edition', 'targets'),
        targets: { 'log/checkpoint': info(noteBytes), 'log/front': info(front), ...bend.editionTargets },
        ...bend.edition,
      },
      keys.edition,
    );
    tree.set(`tuf/${versions.edition}.edition.json`, edition);
    versions.snapshot += 1;
    const meta = Object.fromEntries(
      (['targets', 'edition', 'mirrors'] as const)
        .filter((role) => versions[role] > 0)
        .map((role) => [
          `${role}.json`,
          { ...info(tree.get(`tuf/${versions[role]}.${role}.json`) as Buffer), version: versions[role] },
        ]),
    );
    bend.snapshotMeta?.(meta);
    const snapshot = sign({ ...common('snapshot', 'snapshot'), meta, ...bend.snapshot }, keys.snapshot);
    tree.set(`tuf/${versions.snapshot}.snapshot.json`, snapshot);
    heartbeat(bend);
  }

  /** A new timestamp and head over what is published. */
  function heartbeat(bend: Bend = {}): void {
    versions.timestamp += 1;
    const snapshot = tree.get(`tuf/${versions.snapshot}.snapshot.json`) as Buffer;
    const timestamp = sign(
      {
        ...common('timestamp', 'timestamp'),
        meta: { 'snapshot.json': { ...info(snapshot), version: versions.snapshot } },
        'x-issued': state.clock,
        ...bend.timestamp,
      },
      keys.timestamp,
    );
    tree.set('tuf/timestamp.json', timestamp);
    const start = Math.max(0, entries.length - TAIL_MOST);
    const head = {
      v: 1 as const,
      root: { version: versions.root },
      timestamp: timestamp.toString('utf8'),
      snapshot: snapshot.toString('utf8'),
      edition: String(tree.get(`tuf/${versions.edition}.edition.json`)),
      checkpoint: String(tree.get('log/checkpoint')),
      tail: bend.tail ?? {
        start,
        frontier: frontierAt(start).hashes.map(toBase64url),
        entries: entries.slice(start).map((entry) => entry.toString('utf8')),
      },
      ...bend.head,
    };
    tree.set('head.json', writeHead(head));
    tree.set('have.json', Buffer.from('{"v":1,"lowest":0}', 'utf8'));
  }

  const frontierAt = (size: number): Frontier => frontiers[size] ?? EMPTY_FRONTIER;

  function append(o: string, a: string, blob: Buffer, more: object = {}): number {
    const entry = { a, c: toBase64url(sha256(blob)), n: blob.length, o, t: state.clock, ...more };
    return appendRaw(writeEntry(entry as LogEntry), blob);
  }

  function appendRaw(bytes: Buffer, blob: Buffer | null): number {
    const at = entries.length;
    entries.push(bytes);
    frontiers.push(appendLeaf(frontierAt(at), leafHash(bytes)));
    if (blob !== null) {
      blobs.set(at, blob);
      tree.set(blobPath(sha256(blob)), blob);
    }
    return at;
  }

  const articleBlob = (id: string, more: Partial<ArticleBlob> = {}): ArticleBlob =>
    testArticle(state.clock, id, more);

  function add(o: EntryKind, blob: ArticleBlob): number {
    return append(o, entryIdOf(blob.publisher, blob.id), writeBlob(blob));
  }

  function notice(o: 'r' | 'x', id: string, reason = 'taken back by the publisher'): number {
    const blob: Notice = {
      v: 1,
      kind: 'notice',
      publisher: 'test-news',
      id,
      what: o === 'r' ? 'retract' : 'expunge',
      reason,
    };
    return append(o, entryIdOf('test-news', id), writeBlob(blob));
  }

  /** Takes every blob of an article and its lines in packs out of the tree, as a desk does after `x`. */
  function dropBlobs(id: string): void {
    for (const [at, blob] of blobs) {
      const text = blob.toString('utf8');
      if (!text.includes(`"id":"${id}"`) || text.includes('"kind":"notice"')) continue;
      tree.delete(blobPath(sha256(blob)));
      blobs.delete(at);
    }
  }

  function card(id: string, more: Partial<PublisherCard> = {}): number {
    if (!cards.includes(id)) cards.push(id);
    return append('d', cardIdOf(id), writeBlob(testCard(id, more)));
  }

  return {
    tree,
    keys,
    versions,
    state,
    entries,
    /** The hash that a trust string pins. */
    pin: () => sha256(tree.get('tuf/1.root.json') as Buffer),
    sign,
    publishRoot,
    publishTargets,
    publishMirrors,
    publish,
    heartbeat,
    noteOf,
    frontierAt,
    articleBlob,
    add,
    append,
    appendRaw,
    notice,
    dropBlobs,
    card,
    keyOf,
    advance: (seconds: number): void => {
      state.clock += seconds;
    },
    snapshot: (): Tree => new Map(tree),
  };
}

export type TestDesk = ReturnType<typeof deskOf> & {
  /** Another desk with the same keys, that goes on from here by itself. */
  copy(): TestDesk;
};

const deskWithCopy = (parts: Parts): TestDesk => ({
  ...deskOf(parts),
  copy: () => deskWithCopy(copyOf(parts)),
});

/** A desk with one publisher and `count` articles, published. */
export function deskWith(count: number, startAt: number): TestDesk {
  const desk = createTestDesk(startAt);
  desk.publishTargets();
  desk.card('test-news');
  for (let id = 1; id <= count; id += 1) desk.add('p', desk.articleBlob(`a${id}`));
  desk.publish();
  return desk;
}
