import { describe, expect, it } from 'vitest';
import { again, clientOf, NOW, repositoryOf } from '../../support/tuf-client.js';
import { createTufRepository, type TufRepository, testKey } from '../../support/tuf-repository.js';

const DAY = 86_400_000;
const KEYS = Array.from({ length: 10 }, () => testKey());
const named = (letters: string) =>
  [...letters].map((letter) => KEYS['abcdefghij'.indexOf(letter)] ?? testKey());

/** Keys by letter, how many must sign, and who signs. */
type Signing = readonly [keys: string, threshold: number, signers: string];

const all = (of: Signing, ...rest: readonly Signing[]): readonly Signing[] => [of, ...rest];

const LEADING: readonly (readonly [string, readonly Signing[]])[] = [
  ['a key that is replaced, by both', all(['a', 1, 'a'], ['b', 1, 'ab'], ['b', 1, 'b'])],
  [
    'signatures of strangers beside those that count',
    all(['a', 1, 'xay'], ['b', 1, 'xbay'], ['b', 1, 'xby']),
  ],
  [
    'three of five, another three each time',
    all(['abcde', 3, 'ace'], ['abcde', 3, 'eba'], ['abcde', 3, 'bcd'], ['abcde', 3, 'bcd']),
  ],
  ['one of five replaced, by three who are in both', all(['abcde', 3, 'ace'], ['abdef', 3, 'abe'])],
  [
    'one of five replaced, with the one who leaves and the one who comes',
    all(['abcde', 3, 'ace'], ['abdef', 3, 'acef'], ['abdef', 3, 'aef']),
  ],
  ['all five replaced, three of each', all(['abcde', 3, 'ace'], ['fghij', 3, 'acefgh'], ['fghij', 3, 'fgh'])],
  ['more signatures asked for than before', all(['abc', 1, 'a'], ['abc', 2, 'ab'])],
  ['fewer asked for, as many as before once more', all(['abc', 2, 'ab'], ['abc', 1, 'bc'], ['abc', 1, 'c'])],
  ['a key added, and both asked for', all(['a', 1, 'a'], ['ab', 2, 'ab'])],
];

const LEADING_NOWHERE: readonly (readonly [string, readonly Signing[]])[] = [
  ['without the key before', all(['a', 1, 'a'], ['b', 1, 'bxy'])],
  ['without its own key', all(['a', 1, 'a'], ['b', 1, 'axy'])],
  ['with two of three of its own', all(['abcde', 3, 'ace'], ['abdef', 3, 'ace'])],
  ['with two of three of those before', all(['abcde', 3, 'ace'], ['abdef', 3, 'aef'])],
  ['with fewer than it asks for itself', all(['abc', 1, 'a'], ['abc', 2, 'b'])],
  [
    'with as few as it asks for itself, where more were asked for before',
    all(['abc', 2, 'ab'], ['abc', 1, 'a']),
  ],
];

/** Roots with these keys, one after another, and all else below the last. */
function rootsOf(signings: readonly Signing[]): TufRepository {
  const repository = createTufRepository(NOW);
  for (const [keys, threshold, signers] of signings) {
    repository.roles.root = { keys: named(keys), threshold };
    repository.publishRoot(named(signers));
  }
  repository.publish();
  return repository;
}

describe('a walk along the roots', () => {
  it.each(LEADING)('holds: %s', async (_what, signings) => {
    const repository = rootsOf(signings);
    const client = clientOf(repository);
    await client.refresh();
    expect(client.kept.get('root')).toBe(repository.files.get(`${signings.length}.root.json`));
  });

  it.each(LEADING_NOWHERE)('ends before a root %s', async (_what, signings) => {
    const client = clientOf(rootsOf(signings));
    await expect(client.refresh()).rejects.toMatchObject({ name: 'ForgedSignature', subject: 'root' });
    expect(client.versionOf('root')).toBe(signings.length - 1);
    expect(client.kept.has('timestamp')).toBe(false);
  });
});

const SIGNED: readonly (readonly [string, Signing])[] = [
  ['another key than before', ['b', 1, 'b']],
  ['strangers beside it', ['a', 1, 'xay']],
  ...['ace', 'aeb', 'abd', 'bcd', 'cde'].map(
    (signers) => [`${signers} of five`, ['abcde', 3, signers]] as const,
  ),
];
const NOT_SIGNED: readonly (readonly [string, Signing])[] = [
  ['strangers only', ['b', 1, 'axy']],
  ['two of three and a stranger', ['abdef', 3, 'ace']],
  ['two of three', ['abdef', 3, 'ae']],
];

describe.each(['timestamp', 'snapshot', 'targets'] as const)('%s of whose keys a new root says', (role) => {
  async function client([keys, threshold, signers]: Signing) {
    const repository = repositoryOf();
    const known = clientOf(repository);
    await known.refresh();
    repository.roles[role] = { keys: named(keys), threshold };
    repository.publishRoot();
    repository.roles[role] = { keys: named(signers), threshold };
    repository.publish();
    return again(repository, known);
  }

  it.each(SIGNED)('holds, signed by %s', async (_who, signing) => {
    const later = await client(signing);
    await later.refresh();
    expect(later.versionOf(role)).toBe(2);
  });

  it.each(NOT_SIGNED)('is refused, signed by %s', async (_who, signing) => {
    const later = await client(signing);
    await expect(later.refresh()).rejects.toMatchObject({ name: 'ForgedSignature', subject: role });
    expect([later.versionOf('root'), later.versionOf(role)]).toEqual([2, 1]);
  });
});

describe('versions shot far ahead', () => {
  it.each([
    ['timestamp', ['timestamp'], 'timestamp'],
    ['snapshot', ['snapshot', 'timestamp'], 'snapshot'],
    ['targets', ['snapshot'], 'targets'],
  ] as const)('of %s come back once the keys of %j are others', async (_what, replaced, role) => {
    const repository = repositoryOf();
    repository.state.versions[role] = 998;
    repository.publish();
    const client = clientOf(repository);
    await client.refresh();
    expect(client.versionOf(role)).toBe(999);
    for (const one of replaced) repository.roles[one] = { keys: [testKey()], threshold: 1 };
    repository.publishRoot();
    repository.state.versions[role] = 1;
    repository.publish();
    const later = again(repository, client);
    await later.refresh();
    expect(later.versionOf(role)).toBe(2);
  });
});

describe.each([true, false])('going back where files above name hashes: %s', (hashes) => {
  async function known() {
    const repository = createTufRepository(NOW);
    repository.state.hashes = hashes;
    repository.publishRoot();
    repository.publish();
    const old = repository.files.get('1.snapshot.json') as Buffer;
    repository.publish();
    const client = clientOf(repository);
    await client.refresh();
    return { repository, client, old };
  }

  it('to an older snapshot is refused before it is asked for', async () => {
    const { repository, client, old } = await known();
    repository.publishTimestamp(old, 1);
    const later = again(repository, client);
    await expect(later.refresh()).rejects.toMatchObject({ name: 'RollbackAttack', subject: 'snapshot' });
    expect(later.asked).toEqual(['2.root.json', 'timestamp.json']);
    expect(['timestamp', 'snapshot'].map(later.versionOf)).toEqual([2, 2]);
  });

  it('with a snapshot under an unchanged timestamp is never seen', async () => {
    const { repository, client, old } = await known();
    repository.files.set('2.snapshot.json', old);
    const later = again(repository, client);
    await later.refresh();
    expect(later.asked).toEqual(['2.root.json', 'timestamp.json']);
    expect(later.versionOf('snapshot')).toBe(2);
  });

  it('to older targets is refused', async () => {
    const { repository, client } = await known();
    repository.state.versions.targets = 0;
    repository.publish();
    const later = again(repository, client);
    await expect(later.refresh()).rejects.toMatchObject({ name: 'RollbackAttack', subject: 'targets' });
    expect(['snapshot', 'targets'].map(later.versionOf)).toEqual([2, 2]);
  });

  it('is not what a snapshot of another version than its timestamp names does: it is refused all the same', async () => {
    const repository = createTufRepository(NOW);
    repository.state.hashes = hashes;
    repository.publishRoot();
    repository.publish();
    const first = repository.files.get('timestamp.json') as Buffer;
    repository.publish();
    repository.files.set('1.snapshot.json', repository.files.get('2.snapshot.json') as Buffer);
    repository.files.set('timestamp.json', first);
    const client = clientOf(repository);
    await expect(client.refresh()).rejects.toMatchObject({ blame: 'liar', subject: 'snapshot' });
    expect([...client.kept.keys()]).toEqual(['root', 'timestamp']);
  });
});

describe('a delegated role that ran out after it was kept', () => {
  it.each([
    ['is not used, though nothing newer comes', false],
    ['gives way to a newer one', true],
  ])('%s', async (_what, isRenewed) => {
    const repository = createTufRepository(NOW);
    repository.publishRoot();
    const key = repository.delegate('targets', 'oil', ['*']);
    repository.addTarget('oil', 'lamp', 'oil');
    Object.assign(repository.expires, { timestamp: NOW + 60 * DAY, snapshot: NOW + 60 * DAY });
    const publishUntil = (day: number): void => {
      repository.expires.targets = NOW + day * DAY;
      repository.publishTargets('oil', [key]);
      repository.expires.targets = NOW + 60 * DAY;
      repository.publish();
    };
    publishUntil(7);
    const client = clientOf(repository);
    expect(await client.find(await client.refresh(), 'lamp')).not.toBeNull();
    if (isRenewed) publishUntil(21);
    const later = again(repository, client, NOW + 18 * DAY);
    const found = later.find(await later.refresh(), 'lamp');
    if (isRenewed) expect(await found).not.toBeNull();
    else await expect(found).rejects.toMatchObject({ name: 'FreezeAttack', subject: 'oil' });
  });
});
