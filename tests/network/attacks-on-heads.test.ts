import { describe, expect, it } from 'vitest';
import { toBase64url } from '../../src/sign/base64url.js';
import { createSigningKey } from '../../src/sign/ed25519.js';
import { appendLeaf, EMPTY_FRONTIER, leafHash, rootOf } from '../../src/sign/merkle.js';
import { joinRoot } from '../../src/sign/verify/join-root.js';
import { TreeRefusal } from '../../src/sign/verify/refusals.js';
import type { TreeState } from '../../src/sign/verify/tree-state.js';
import { verifyHead } from '../../src/sign/verify/verify-head.js';
import { deskWith, type TestDesk, type Tree } from '../support/test-desk.js';

const START = Date.UTC(2026, 10, 1) / 1_000;
const DAY = 86_400;

/**
 * A row of the table: what a mirror does to the tree it shows to somebody who knows the honest one, and who is to be blamed for it,
 * by the class that is named after the attack. `honest` is the tree that was verified before; `desk` holds every key.
 */
interface Attack {
  name: string;
  mutate(desk: TestDesk, honest: Tree): Tree | undefined;
  refusal: string;
  blame: 'stale' | 'liar' | 'desk' | 'nobody';
  /** Seconds by which the victim's clock is off. */
  clock?: number;
}

const readerOf = (tree: Tree) => async (path: string) => tree.get(path) ?? null;

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

const liar = (name: string, refusal: string, mutate: Attack['mutate']): Attack => ({
  name,
  refusal,
  blame: 'liar',
  mutate,
});
const desk = (name: string, refusal: string, mutate: Attack['mutate']): Attack => ({
  name,
  refusal,
  blame: 'desk',
  mutate,
});

const ATTACKS: readonly Attack[] = [
  // Going back.
  {
    name: 'the whole tree of before',
    refusal: 'RollbackAttack',
    blame: 'stale',
    mutate: (_desk, honest) => older.get(honest),
  },
  liar('an old timestamp, all else new', 'MixAndMatchAttack', (_d, honest) =>
    withHead(honest, (head) => ({ ...head, snapshot: headOf(older.get(honest) as Tree).snapshot })),
  ),
  liar('an old edition under the new snapshot', 'MixAndMatchAttack', (_d, honest) =>
    withHead(honest, (head) => ({ ...head, edition: headOf(older.get(honest) as Tree).edition })),
  ),
  liar('an old checkpoint under the new edition', 'MixAndMatchAttack', (_d, honest) =>
    withHead(honest, (head) => ({ ...head, checkpoint: headOf(older.get(honest) as Tree).checkpoint })),
  ),
  liar('old targets under the new snapshot', 'MixAndMatchAttack', (d) => {
    const before = d.tree.get('tuf/1.targets.json');
    d.publishTargets({ 'x-note': 'longer' });
    return swap(
      next(d),
      'tuf/2.targets.json',
      Buffer.from(String(before).padEnd((d.tree.get('tuf/2.targets.json') as Buffer).length)),
    );
  }),
  desk('a newer timestamp that names an older snapshot', 'RollbackAttack', (d) => {
    d.advance(60);
    d.versions.snapshot -= 1;
    d.heartbeat();
    return d.snapshot();
  }),
  desk('a newer snapshot in which targets went back', 'RollbackAttack', (d) => {
    d.publishTargets();
    d.publish();
    known.set(d, d.snapshot());
    d.publish({ snapshotMeta: (meta) => Object.assign(meta['targets.json'] as object, { version: 1 }) });
    return d.snapshot();
  }),
  desk('a newer snapshot from which the edition is gone', 'RollbackAttack', (d) => {
    d.publish({ snapshotMeta: (meta) => delete meta['edition.json'] });
    return d.snapshot();
  }),
  // Standing still.
  {
    name: 'a head that has run out, shown for ever',
    refusal: 'FreezeAttack',
    blame: 'nobody',
    clock: 15 * DAY,
    mutate: (d) => next(d),
  },
  {
    name: 'a clock a year ahead',
    refusal: 'FreezeAttack',
    blame: 'nobody',
    clock: 365 * DAY,
    mutate: (d) => next(d),
  },
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
    const skipped = d.publishRoot({ version: 3 });
    return swap(next(d), 'tuf/2.root.json', skipped);
  }),
  liar('a root version of a thousand million', 'RootRotationAttack', (_d, honest) =>
    withHead(honest, (head) => ({ ...head, root: { version: 1_000_000_000 } })),
  ),
  {
    name: 'a root that is claimed and not there',
    refusal: 'MissingFile',
    blame: 'nobody',
    mutate: (_d, honest) => withHead(honest, (head) => ({ ...head, root: { version: 2 } })),
  },
  liar('a timestamp by a key that the new root revoked', 'ForgedSignature', (d) => {
    const revoked = d.keys.timestamp;
    d.keys.timestamp = [createSigningKey()];
    d.publishRoot();
    d.keys.timestamp = revoked;
    return next(d);
  }),
  liar('another repository, signed well', 'ForgedSignature', () => deskWith(3, START).snapshot()),
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
  liar('a key twice', 'HostileJson', (_d, honest) =>
    withHead(honest, (head) => JSON.stringify(head).replace('{"v":1', '{"v":1,"v":1')),
  ),
  liar('__proto__', 'HostileJson', (_d, honest) =>
    withHead(honest, (head) => JSON.stringify(head).replace('{"v":1', '{"__proto__":{"v":1},"v":1')),
  ),
  liar('ten thousand levels', 'HostileJson', (_d, honest) =>
    withHead(honest, (head) =>
      JSON.stringify(head).replace('{"v":1', `{"v":${'['.repeat(10_000)}1${']'.repeat(10_000)}`),
    ),
  ),
  liar('half a character', 'HostileJson', (_d, honest) =>
    withHead(honest, (head) => JSON.stringify(head).replace('{"v":1', '{"w":"\\udc00","v":1')),
  ),
  liar('no UTF-8', 'HostileJson', (_d, honest) =>
    swap(honest, 'head.json', Buffer.concat([Buffer.from([0xff]), honest.get('head.json') as Buffer])),
  ),
  liar('signed metadata with a key twice', 'HostileJson', (_d, honest) =>
    withHead(honest, (head) => ({
      ...head,
      timestamp: head.timestamp.replace('"signed":{', '"signed":{"version":9,'),
    })),
  ),
  liar('metadata of another type', 'MalformedMetadata', (_d, honest) =>
    withHead(honest, (head) => ({ ...head, timestamp: head.snapshot })),
  ),
  liar('an empty object', 'MalformedMetadata', (_d, honest) => withHead(honest, () => ({}))),
];

/** The tree before the one that is known, and what a row wants to be known instead. */
const older = new WeakMap<Tree, Tree>();
const known = new WeakMap<TestDesk, Tree>();

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

/** A victim that verified the second of two honest trees. */
async function prepared(attack: Attack) {
  const d = deskWith(6, START);
  const first = d.snapshot();
  d.advance(3_600);
  d.add('u', d.articleBlob('a1', { rev: 2, title: 'Corrected' }));
  d.publish();
  const honest = d.snapshot();
  older.set(honest, first);
  const evil = attack.mutate(d, honest);
  if (evil === undefined) throw new Error('the row makes no tree');
  const before = known.get(d) ?? honest;
  return { d, honest: before, evil };
}

async function knowing(tree: Tree, pin: Buffer, now: number): Promise<TreeState> {
  const { state } = await joinRoot(pin, readerOf(tree), now);
  const head = await verifyHead(tree.get('head.json') as Buffer, state, readerOf(tree), now);
  const { root, timestamp, snapshot, targets, edition, note, tail } = head;
  const frontier = tail.entries.reduce((grown, entry) => appendLeaf(grown, leafHash(entry)), tail.frontier);
  return { ...state, root, timestamp, snapshot, targets, edition, checkpoint: note, frontier };
}

const isSame = (a: Tree, b: Tree): boolean =>
  a.size === b.size && [...a].every(([path, bytes]) => b.get(path)?.equals(bytes) === true);

describe('what bad heads get', () => {
  it.each(ATTACKS.map((attack) => [attack.name, attack] as const))('%s', async (_name, attack) => {
    const { d, honest, evil } = await prepared(attack);
    expect(isSame(honest, evil), 'a row that changes no byte').toBe(false);
    const now = (START + 3_600 + 1_200) * 1_000;
    const state = await knowing(honest, d.pin(), now);
    const seen = verifyHead(
      evil.get('head.json') as Buffer,
      state,
      readerOf(evil),
      now + (attack.clock ?? 0) * 1_000,
    );
    const refusal = await seen.then(
      () => null,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(TreeRefusal);
    expect(refusal).toMatchObject({ name: attack.refusal, blame: attack.blame });
    expect((refusal as TreeRefusal).hint?.length).toBeGreaterThan(20);
  });

  it('a flipped bit anywhere in what a head is verified by', async () => {
    const d = deskWith(6, START);
    const now = START * 1_000;
    const { state } = await joinRoot(d.pin(), readerOf(d.tree), now);
    const files = ['head.json', 'tuf/1.targets.json'];
    let flipped = 0;
    for (const path of files) {
      const bytes = d.tree.get(path) as Buffer;
      for (let bit = 3; bit < bytes.length * 8; bit += 97) {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        const tree = swap(d.tree, path, changed);
        const seen = await verifyHead(tree.get('head.json') as Buffer, state, readerOf(tree), now).then(
          () => null,
          (error: unknown) => error,
        );
        expect(seen, `bit ${bit} of ${path}`).toBeInstanceOf(TreeRefusal);
        flipped += 1;
      }
    }
    expect(flipped).toBeGreaterThan(300);
  });

  it('shows a clock a year behind what it can: the news holds, and is dated', async () => {
    const d = deskWith(2, START);
    const early = (START - 365 * DAY) * 1_000;
    const { state } = await joinRoot(d.pin(), readerOf(d.tree), early);
    const head = await verifyHead(d.tree.get('head.json') as Buffer, state, readerOf(d.tree), early);
    expect(head.issuedAt).toBe(START * 1_000);
  });
});
