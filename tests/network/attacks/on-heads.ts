import { toBase64url } from '../../../src/sign/base64url.js';
import { createSigningKey } from '../../../src/sign/ed25519.js';
import { appendLeaf, EMPTY_FRONTIER, leafHash, rootOf } from '../../../src/sign/merkle.js';
import { writeMirrorsDocument } from '../../../src/sign/mirrors-document.js';
import { deskWith, type TestDesk, type Tree } from '../../support/test-desk.js';
import { type Attack, desk, liar, nobody, stale } from './attack.js';

const DAY_MS = 86_400_000;

/** Puts a file of an older or other tree in the place of the one that is there. */
const swap = (tree: Tree, path: string, bytes: Buffer | undefined): Tree => {
  if (bytes === undefined) throw new Error(`${path} is not there to be swapped`);
  return new Map(tree).set(path, bytes);
};

type Head = Record<'timestamp' | 'snapshot' | 'edition' | 'checkpoint', string> & {
  root: { version: number };
  tail: { start: number; frontier: string[]; entries: string[] };
};

const headOf = (tree: Tree): Head => JSON.parse(String(tree.get('head.json')));
const withHead = (tree: Tree, change: (head: Head) => object | string): Tree => {
  const changed = change(headOf(tree));
  return new Map(tree).set(
    'head.json',
    Buffer.from(typeof changed === 'string' ? changed : JSON.stringify(changed)),
  );
};

const next = (desk: TestDesk): Tree => {
  desk.advance(600);
  desk.add('p', desk.articleBlob('next'));
  desk.publish();
  return desk.snapshot();
};

/** What the table starts from: every role is at its second version, and the log has a correction. */
export function secondVersions(d: TestDesk): void {
  d.publishRoot();
  d.publishTargets();
  for (let version = 1; version <= 2; version += 1)
    d.publishMirrors(writeMirrorsDocument(d.state.repository, []));
  d.add('u', d.articleBlob('a1', { rev: 2, title: 'Corrected' }));
}

export const ON_HEADS: readonly Attack[] = [
  // Going back.
  stale('the whole tree of before', (_desk, { older }) => older),
  stale('an old timestamp over all that is known', (_desk, { older, known }) =>
    withHead(known, (head) => ({ ...head, timestamp: headOf(older).timestamp })),
  ),
  stale('a head that does without the newest root', (_desk, { known }) =>
    withHead(known, (head) => ({ ...head, root: { version: 1 } })),
  ),
  liar('an old snapshot under the new timestamp', 'MixAndMatchAttack', (_desk, { older, known }) =>
    withHead(known, (head) => ({ ...head, snapshot: headOf(older).snapshot })),
  ),
  liar('an old edition under the new snapshot', 'MixAndMatchAttack', (_desk, { older, known }) =>
    withHead(known, (head) => ({ ...head, edition: headOf(older).edition })),
  ),
  liar('an old checkpoint under the new edition', 'MixAndMatchAttack', (_desk, { older, known }) =>
    withHead(known, (head) => ({ ...head, checkpoint: headOf(older).checkpoint })),
  ),
  liar('old targets under the new snapshot', 'MixAndMatchAttack', (d) => {
    const before = d.tree.get('tuf/2.targets.json');
    const due = d.publishTargets({ 'x-note': 'longer' }).length;
    return swap(next(d), 'tuf/3.targets.json', Buffer.from(String(before).padEnd(due)));
  }),
  desk('a newer timestamp that names an older snapshot', 'RollbackAttack', (d) => {
    d.advance(60);
    d.versions.snapshot -= 1;
    d.heartbeat();
    return d.snapshot();
  }),
  ...(['targets', 'edition', 'mirrors'] as const).map((role) =>
    desk(`a newer snapshot in which ${role} went back`, 'RollbackAttack', (d) => {
      d.publish({ snapshotMeta: (meta) => Object.assign(meta[`${role}.json`] as object, { version: 1 }) });
      return d.snapshot();
    }),
  ),
  desk('a newer snapshot from which the edition is gone', 'RollbackAttack', (d) => {
    d.publish({ snapshotMeta: (meta) => delete meta['edition.json'] });
    return d.snapshot();
  }),
  // Standing still.
  { ...nobody('a head that has run out, shown for ever', next), clockOffMs: 15 * DAY_MS },
  { ...nobody('a clock a year ahead', next), clockOffMs: 365 * DAY_MS },
  ...(['root', 'targets', 'edition', 'snapshot', 'timestamp'] as const).map((role) =>
    nobody(`a newer head whose ${role} has run out`, (d) => {
      const expires = '2026-01-01T00:00:00Z';
      if (role === 'root') d.publishRoot({ expires });
      if (role === 'targets') d.publishTargets({ expires });
      d.publish({ [role]: { expires } });
      return d.snapshot();
    }),
  ),
  // Other keys.
  liar('a timestamp by a stranger', 'ForgedSignature', (d) => {
    d.keys.timestamp = [createSigningKey()];
    d.heartbeat();
    return d.snapshot();
  }),
  liar('a snapshot by a stranger', 'ForgedSignature', (d) => {
    d.keys.snapshot = [createSigningKey()];
    return next(d);
  }),
  liar('targets by a stranger', 'ForgedSignature', (d) => {
    d.keys.targets = [createSigningKey()];
    d.publishTargets();
    return next(d);
  }),
  liar('an edition by a stranger', 'ForgedSignature', (d) => {
    d.keys.edition = [createSigningKey()];
    return next(d);
  }),
  liar('an edition by the mirrors’ key', 'ForgedSignature', (d) => {
    d.keys.edition = d.keys.mirrors;
    return next(d);
  }),
  liar('a timestamp by the edition’s key', 'ForgedSignature', (d) => {
    d.keys.timestamp = d.keys.edition;
    d.heartbeat();
    return d.snapshot();
  }),
  liar('a checkpoint note by a stranger', 'ForgedSignature', (d) => {
    const key = d.keys.edition;
    d.keys.edition = [createSigningKey()];
    const note = d.noteOf(d.entries.length, rootOf(d.frontierAt(d.entries.length)));
    d.keys.edition = key;
    d.publish({ note });
    return d.snapshot();
  }),
  // Roles on each other's paths.
  desk('an edition that signs mirrors.json', 'UndelegatedPath', (d) => {
    d.publish({ editionTargets: { 'mirrors.json': { length: 2, hashes: { sha256: '00' } } } });
    return d.snapshot();
  }),
  desk('an edition that signs site.json', 'UndelegatedPath', (d) => {
    d.publish({ editionTargets: { 'site.json': { length: 2, hashes: { sha256: '00' } } } });
    return d.snapshot();
  }),
  desk('an edition that signs below log/', 'UndelegatedPath', (d) => {
    d.publish({ editionTargets: { 'log/a/b': { length: 2, hashes: { sha256: '00' } } } });
    return d.snapshot();
  }),
  desk('targets that sign the log themselves', 'UndelegatedPath', (d) => {
    d.publishTargets({ targets: { 'log/checkpoint': { length: 2, hashes: { sha256: '00' } } } });
    return next(d);
  }),
  desk('mirrors that were given the log first', 'UndelegatedPath', (d) => {
    const role = (name: string, paths: string[], key: string) => ({
      name,
      paths,
      terminating: true,
      keyids: [key],
      threshold: 1,
    });
    const [edition, mirrors] = [d.keyOf('edition'), d.keyOf('mirrors')];
    d.publishTargets({
      delegations: {
        keys: { [edition.id]: edition.tuf, [mirrors.id]: mirrors.tuf },
        roles: [role('mirrors', ['log/*'], mirrors.id), role('edition', ['log/*'], edition.id)],
      },
    });
    return next(d);
  }),
  // Roots.
  liar('a root with one signature of two', 'ForgedSignature', (d) => {
    d.publishRoot({}, d.keys.root.slice(0, 1));
    return next(d);
  }),
  liar('a root signed twice by the same key', 'MalformedMetadata', (d) => {
    const [key] = d.keys.root;
    d.publishRoot({}, key === undefined ? [] : [key, key]);
    return next(d);
  }),
  liar('a root by new keys that the old ones never named', 'ForgedSignature', (d) => {
    d.keys.root = [createSigningKey(), createSigningKey()];
    d.publishRoot({}, d.keys.root);
    return next(d);
  }),
  liar('a root that skips a version', 'RootRotationAttack', (d) => {
    d.publishRoot({ version: 4 });
    return next(d);
  }),
  liar('a root version of a thousand million', 'RootRotationAttack', (_desk, { known }) =>
    withHead(known, (head) => ({ ...head, root: { version: 1_000_000_000 } })),
  ),
  nobody('a root that is claimed and not there', (_desk, { known }) =>
    withHead(known, (head) => ({ ...head, root: { version: 3 } })),
  ),
  liar('a timestamp by a key that the new root revoked', 'ForgedSignature', (d) => {
    const revoked = d.keys.timestamp;
    d.keys.timestamp = [createSigningKey()];
    d.publishRoot();
    d.keys.timestamp = revoked;
    return next(d);
  }),
  liar('another repository, signed well', 'ForgedSignature', (d) => {
    const other = deskWith(3, d.state.clock);
    other.publishRoot();
    other.publish();
    return other.snapshot();
  }),
  // The same number, two truths.
  desk('another timestamp of the same version', 'Equivocation', (d) => {
    d.versions.timestamp -= 1;
    d.advance(60);
    d.heartbeat();
    return d.snapshot();
  }),
  desk('another snapshot of the same version', 'Equivocation', (d) => {
    d.versions.snapshot -= 1;
    d.versions.edition -= 1;
    d.publish({ snapshot: { 'x-note': 'other' } });
    return d.snapshot();
  }),
  desk('other targets of the same version', 'Equivocation', (d) => {
    d.versions.targets -= 1;
    d.publishTargets({ 'x-note': 'other' });
    d.publish();
    return d.snapshot();
  }),
  // The log.
  desk('a smaller log, signed as newer', 'ShrunkenLog', (d) => {
    const size = d.entries.length - 2;
    d.publish({ note: d.noteOf(size, rootOf(d.frontierAt(size))), tail: tailFor(d, size) });
    return d.snapshot();
  }),
  desk('a log of the same size with another past', 'ForkedLog', (d) => forked(d, d.entries.length)),
  desk('a longer log with another past', 'ForkedLog', (d) => {
    d.add('p', d.articleBlob('next'));
    return forked(d, d.entries.length);
  }),
  desk('a log that leaves one entry out', 'ForkedLog', (d) => {
    d.add('p', d.articleBlob('n1'));
    d.add('p', d.articleBlob('n2'));
    return rewritten(
      d,
      d.entries.filter((_, at) => at !== 3),
    );
  }),
  desk('a log that tells one entry twice', 'ForkedLog', (d) => {
    const twice = d.entries[2] as Buffer;
    return rewritten(d, [...d.entries.slice(0, 3), twice, ...d.entries.slice(3)]);
  }),
  liar('a tail with an entry changed', 'FalseEntries', (d) =>
    changedTail(next(d), (entries) => [...entries.slice(0, -1), entries[0] as string]),
  ),
  liar('a tail with an entry left out', 'FalseEntries', (d) =>
    changedTail(next(d), (entries) => entries.slice(0, -1)),
  ),
  liar('a tail with an entry twice', 'FalseEntries', (d) =>
    changedTail(next(d), (entries) => [...entries.slice(1), entries.at(-1) as string]),
  ),
  liar('a tail that lies about where it starts', 'FalseEntries', (d) =>
    withHead(next(d), (head) => ({ ...head, tail: { ...head.tail, start: head.tail.start + 1 } })),
  ),
  liar('a tail on a frontier of its own', 'FalseEntries', (d) =>
    withHead(next(d), (head) => ({
      ...head,
      tail: { ...head.tail, frontier: head.tail.frontier.map(() => toBase64url(Buffer.alloc(32, 7))) },
    })),
  ),
  liar('a checkpoint that says there are more entries than there are', 'FalseEntries', (d) => {
    const size = d.entries.length;
    d.publish({ note: d.noteOf(size + 1_000, rootOf(d.frontierAt(size))) });
    return d.snapshot();
  }),
  liar('a checkpoint that says there are fewer entries than its tail has', 'FalseEntries', (d) => {
    const size = d.entries.length;
    d.add('p', d.articleBlob('next'));
    d.publish({ note: d.noteOf(size, rootOf(d.frontierAt(size + 1))) });
    return d.snapshot();
  }),
  liar('a checkpoint of another origin', 'ForeignTree', (d) => {
    const size = d.entries.length;
    d.publish({ note: d.noteOf(size, rootOf(d.frontierAt(size)), 'tamizdat/aaaaaaaaaaaaaaaa') });
    return d.snapshot();
  }),
  // Hostile JSON.
  liar('a key twice', 'HostileJson', (_desk, { known }) =>
    withHead(known, (head) => JSON.stringify(head).replace('{"v":1', '{"v":1,"v":1')),
  ),
  liar('__proto__', 'HostileJson', (_desk, { known }) =>
    withHead(known, (head) => JSON.stringify(head).replace('{"v":1', '{"__proto__":{"v":1},"v":1')),
  ),
  liar('ten thousand levels', 'HostileJson', (_desk, { known }) =>
    withHead(known, (head) =>
      JSON.stringify(head).replace('{"v":1', `{"v":${'['.repeat(10_000)}1${']'.repeat(10_000)}`),
    ),
  ),
  liar('half a character', 'HostileJson', (_desk, { known }) =>
    withHead(known, (head) => JSON.stringify(head).replace('{"v":1', '{"w":"\\udc00","v":1')),
  ),
  liar('no UTF-8', 'HostileJson', (_desk, { known }) =>
    swap(known, 'head.json', Buffer.concat([Buffer.from([0xff]), known.get('head.json') as Buffer])),
  ),
  liar('signed metadata with a key twice', 'HostileJson', (_desk, { known }) =>
    withHead(known, (head) => ({
      ...head,
      timestamp: head.timestamp.replace('"signed":{', '"signed":{"version":9,'),
    })),
  ),
  liar('a known timestamp written another way', 'MalformedMetadata', (_desk, { known }) =>
    withHead(known, (head) => ({ ...head, timestamp: head.timestamp.replace('"signed":', '"signed": ') })),
  ),
  liar('a timestamp with one more signature, which counts for nothing', 'MalformedMetadata', (d) => {
    const newer = next(d);
    const more = `{"keyid":"${'0'.repeat(64)}","sig":"00"},`;
    return withHead(newer, (head) => ({
      ...head,
      timestamp: head.timestamp.replace('"signatures":[', `"signatures":[${more}`),
    }));
  }),
  liar('a root written another way', 'MalformedMetadata', (d) => {
    const root = String(d.publishRoot());
    return swap(next(d), 'tuf/3.root.json', Buffer.from(root.replace('"signed":', '"signed":\n')));
  }),
  liar('a root with its signatures in another order', 'MalformedMetadata', (d) => {
    const root = JSON.parse(String(d.publishRoot())) as { signatures: unknown[] };
    root.signatures.reverse();
    return swap(next(d), 'tuf/3.root.json', Buffer.from(JSON.stringify(root)));
  }),
  liar('a root with one good signature to spare', 'MalformedMetadata', (d) => {
    d.publishRoot({}, d.keys.root);
    return next(d);
  }),
  liar('metadata of another type', 'MalformedMetadata', (_desk, { known }) =>
    withHead(known, (head) => ({ ...head, timestamp: head.snapshot })),
  ),
  liar('an empty object', 'MalformedMetadata', (_desk, { known }) => withHead(known, () => ({}))),
];

const tailFor = (d: TestDesk, size: number) => {
  const start = Math.max(0, size - 8);
  return {
    start,
    frontier: d.frontierAt(start).hashes.map(toBase64url),
    entries: d.entries.slice(start, size).map((entry) => entry.toString('utf8')),
  };
};

const changedTail = (tree: Tree, change: (entries: string[]) => string[]): Tree =>
  withHead(tree, (head) => ({ ...head, tail: { ...head.tail, entries: change(head.tail.entries) } }));

/** The edition's key signs a log of other entries. */
function rewritten(d: TestDesk, entries: readonly Buffer[]): Tree {
  const frontiers = [EMPTY_FRONTIER];
  for (const entry of entries)
    frontiers.push(appendLeaf(frontiers.at(-1) ?? EMPTY_FRONTIER, leafHash(entry)));
  const start = Math.max(0, entries.length - 8);
  d.publish({
    note: d.noteOf(entries.length, rootOf(frontiers[entries.length] ?? EMPTY_FRONTIER)),
    tail: {
      start,
      frontier: frontiers[start]?.hashes.map(toBase64url) ?? [],
      entries: entries.slice(start).map((entry) => entry.toString('utf8')),
    },
  });
  return d.snapshot();
}

const forked = (d: TestDesk, size: number): Tree =>
  rewritten(
    d,
    d.entries
      .slice(0, size)
      .map((entry, at) => (at === size - 3 ? Buffer.from(String(entry).replace('"t":1', '"t":2')) : entry)),
  );
