import { describe, expect, it } from 'vitest';
import { clientOf, NOW } from '../../support/tuf-client.js';
import {
  createTufRepository,
  signedFile,
  type TestKey,
  type TufRepository,
  testKey,
} from '../../support/tuf-repository.js';

const DAY = 86_400_000;

/** Who gives what to whom: parent, role, paths, and whether the search ends with it. */
type Edge = readonly [parent: string, role: string, paths?: string, terminating?: boolean];

/** A repository whose roles have one key each, whoever delegates to them. */
function repositoryOf(edges: readonly Edge[]): TufRepository {
  const repository = createTufRepository(NOW);
  repository.publishRoot();
  const keys = new Map<string, TestKey>();
  for (const [parent, role, paths = '*', terminating = false] of edges) {
    const key = keys.get(role) ?? testKey();
    keys.set(role, key);
    repository.body(parent).delegations.set(role, { keys: [key], threshold: 1, terminating, paths: [paths] });
  }
  for (const [role, key] of keys) repository.publishTargets(role, [key]);
  repository.publish();
  return repository;
}

describe('the search through delegations', () => {
  it.each<[string, Edge[], string[]]>([
    [
      'level by level',
      [
        ['targets', 'oil'],
        ['targets', 'wick'],
        ['wick', 'glass'],
      ],
      ['oil', 'wick', 'glass'],
    ],
    [
      'children before brothers',
      [
        ['targets', 'oil'],
        ['targets', 'wick'],
        ['oil', 'glass'],
        ['glass', 'brass'],
      ],
      ['oil', 'glass', 'brass', 'wick'],
    ],
    [
      'in a circle once around',
      [
        ['targets', 'oil'],
        ['oil', 'wick'],
        ['wick', 'glass'],
        ['glass', 'oil'],
        ['targets', 'brass'],
      ],
      ['oil', 'wick', 'glass', 'brass'],
    ],
    [
      'to a child of two parents through the first',
      [
        ['targets', 'oil'],
        ['targets', 'wick'],
        ['wick', 'glass'],
        ['oil', 'glass'],
      ],
      ['oil', 'glass', 'wick'],
    ],
    [
      'to a child of two parents through the one that gives it this path',
      [
        ['targets', 'oil'],
        ['targets', 'wick'],
        ['wick', 'glass'],
        ['oil', 'glass', '*.txt'],
      ],
      ['oil', 'wick', 'glass'],
    ],
    [
      'past a branch that has not this path, with all below it',
      [
        ['targets', 'oil', '*.txt'],
        ['oil', 'wick'],
        ['targets', 'glass'],
      ],
      ['glass'],
    ],
    [
      'through the children of a terminating role, and no further',
      [
        ['targets', 'oil'],
        ['oil', 'wick', '*', true],
        ['wick', 'glass'],
        ['oil', 'brass'],
        ['targets', 'lens'],
      ],
      ['oil', 'wick', 'glass'],
    ],
  ])('goes %s', async (_how, edges, order) => {
    const client = clientOf(repositoryOf(edges));
    const set = await client.refresh();
    expect(await client.find(set, 'nothing')).toBeNull();
    expect(client.asked.slice(4)).toEqual(order.map((role) => `1.${role}.json`));
  });

  it('refuses a delegated role past its time, and one with fewer signatures than its parent asks for', async () => {
    const late = createTufRepository(NOW);
    late.publishRoot();
    const key = late.delegate('targets', 'oil', ['*']);
    const until = late.expires.targets;
    late.expires.targets = NOW - DAY;
    late.publishTargets('oil', [key]);
    late.expires.targets = until;
    late.publish();
    const client = clientOf(late);
    await expect(client.find(await client.refresh(), 'a')).rejects.toMatchObject({ name: 'FreezeAttack' });

    const few = createTufRepository(NOW);
    few.publishRoot();
    const keys = [testKey(), testKey()];
    few.body('targets').delegations.set('oil', { keys, threshold: 2, terminating: false, paths: ['*'] });
    few.publishTargets('oil', keys.slice(0, 1));
    few.publish();
    const other = clientOf(few);
    await expect(other.find(await other.refresh(), 'a')).rejects.toMatchObject({ name: 'ForgedSignature' });
  });
});

describe('keys of a role', () => {
  it('are all needed where the threshold says so, and one more than there are is never met', async () => {
    const repository = createTufRepository(NOW);
    repository.roles.snapshot = { keys: [testKey(), testKey(), testKey()], threshold: 3 };
    repository.publishRoot();
    repository.publish();
    await clientOf(repository).refresh();
    repository.roles.snapshot.threshold = 4;
    repository.publishRoot();
    repository.publish();
    const client = clientOf(repository);
    await expect(client.refresh()).rejects.toMatchObject({ blame: 'liar' });
    expect(client.kept.has('snapshot')).toBe(false);
  });

  it('count where they sign: a wrong signature or an empty one beside a good one does no harm, one id twice does', async () => {
    const repository = repositoryOf([]);
    repository.roles.timestamp = { keys: [testKey(), testKey()], threshold: 1 };
    repository.publishRoot();
    repository.publish();
    const { signatures, signed } = JSON.parse(String(repository.files.get('timestamp.json')));
    const [bad, good] = signatures;
    const refreshWith = (...all: object[]) => {
      // Written as no desk of ours would: a client of any repository keeps the bytes that it was given.
      const bytes = Buffer.from(` ${JSON.stringify({ signed, signatures: all })}\n`);
      repository.files.set('timestamp.json', bytes);
      const client = clientOf(repository);
      return client.refresh().then(() => expect(client.kept.get('timestamp')).toEqual(bytes));
    };
    for (const sig of ['', 'ab', good.sig]) await refreshWith({ ...bad, sig }, good);
    await expect(refreshWith({ ...bad, sig: '' })).rejects.toMatchObject({ name: 'ForgedSignature' });
    await expect(refreshWith(good, good)).rejects.toMatchObject({ name: 'MalformedMetadata' });
  });

  it('make no timestamp of a snapshot, though they sign it as one', async () => {
    const repository = repositoryOf([]);
    const { signed } = JSON.parse(String(repository.files.get('1.snapshot.json')));
    const posing = { ...signed, version: 2, meta: { 'snapshot.json': { version: 1 } } };
    repository.files.set('timestamp.json', signedFile(posing, repository.roles.timestamp.keys));
    const client = clientOf(repository);
    await expect(client.refresh()).rejects.toMatchObject({ name: 'MalformedMetadata', subject: 'timestamp' });
    expect([...client.kept.keys()]).toEqual(['root']);
  });

  it('may stand under ids that are not their hash', async () => {
    const repository = createTufRepository(NOW);
    repository.roles.snapshot = { keys: [{ ...testKey(), id: 'the-keeper-of-the-lamp' }], threshold: 1 };
    repository.publishRoot();
    repository.publish();
    await expect(clientOf(repository).refresh()).resolves.toBeDefined();
  });

  it('of a first root that is none are not looked at, and nothing is asked', async () => {
    const repository = repositoryOf([]);
    const root = JSON.parse(String(repository.files.get('1.root.json')));
    delete root.signed.version;
    const client = clientOf(repository, new Map([['root', Buffer.from(JSON.stringify(root))]]));
    await expect(client.refresh()).rejects.toMatchObject({ blame: 'liar' });
    expect(client.asked).toEqual([]);
  });
});
