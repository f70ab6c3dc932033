import { describe, expect, it } from 'vitest';
import { again, clientOf, NOW, repositoryOf } from '../../support/tuf-client.js';
import { createTufRepository, signedFile, testKey } from '../../support/tuf-repository.js';

const DAY = 86_400_000;

describe('the client workflow of TUF', () => {
  it('asks for the next root, then timestamp, snapshot and targets, and keeps each under its own name', async () => {
    const client = clientOf(repositoryOf());
    await client.refresh();
    expect(client.asked).toEqual(['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json']);
    expect([...client.kept.keys()].sort()).toEqual(['root', 'snapshot', 'targets', 'timestamp']);
  });

  it.each(['ed25519', 'rsassa-pss-sha256', 'rsa-pkcs1v15-sha256', 'ecdsa-sha2-nistp256'] as const)(
    'knows signatures of %s, and refuses them once a bit is another',
    async (scheme) => {
      const repository = repositoryOf(scheme);
      await expect(clientOf(repository).refresh()).resolves.toBeDefined();
      const file = JSON.parse(String(repository.files.get('timestamp.json')));
      const [signature] = file.signatures;
      signature.sig = `${signature.sig.slice(0, -1)}${signature.sig.endsWith('0') ? '1' : '0'}`;
      repository.files.set('timestamp.json', Buffer.from(JSON.stringify(file)));
      await expect(clientOf(repository).refresh()).rejects.toMatchObject({ name: 'ForgedSignature' });
    },
  );

  it('takes files without versions in their names where the root says that snapshots are not consistent', async () => {
    const repository = createTufRepository(NOW);
    repository.state.consistent = false;
    repository.publishRoot();
    repository.addTarget('targets', 'a/b.txt', 'one');
    repository.publish();
    const client = clientOf(repository);
    const set = await client.refresh();
    expect(client.asked).toEqual(['2.root.json', 'timestamp.json', 'snapshot.json', 'targets.json']);
    const file = await client.find(set, 'a/b.txt');
    expect(file).not.toBeNull();
    if (file !== null) expect(client.targetPath(set, 'a/b.txt', file)).toBe('a/b.txt');
  });

  it('reads versions alone where the repository names no hashes', async () => {
    const repository = createTufRepository(NOW);
    repository.state.hashes = false;
    repository.publishRoot();
    repository.publish();
    await clientOf(repository).refresh();
  });

  it('keeps fields it does not know as part of what is signed', async () => {
    const repository = repositoryOf();
    const client = clientOf(repository);
    await client.refresh();
    const root = JSON.parse(String(repository.files.get('1.root.json'))).signed;
    const next = structuredClone({ ...root, version: 2, 'x-other': { a: [1, null, 'ü'] } });
    for (const key of Object.values<object>(next.keys))
      Object.assign(key, { keyid_hash_algorithms: ['md5'] });
    next.roles.timestamp['x-note'] = 'of a role';
    repository.files.set('2.root.json', signedFile(next, repository.roles.root.keys));
    const later = again(repository, client);
    await later.refresh();
    expect(later.versionOf('root')).toBe(2);
  });

  describe('walking the roots', () => {
    it('follows a key that changes, version by version', async () => {
      const repository = repositoryOf();
      for (let turn = 0; turn < 3; turn += 1) {
        repository.roles.root.keys = [testKey(turn === 1 ? 'ecdsa-sha2-nistp256' : 'ed25519')];
        repository.publishRoot();
      }
      const client = clientOf(repository);
      await client.refresh();
      expect(client.versionOf('root')).toBe(4);
    });

    it('refuses a root that only its own new key signed, and keeps the one before', async () => {
      const repository = repositoryOf();
      repository.roles.root.keys = [testKey()];
      repository.state.rootSigners = [];
      repository.publishRoot();
      const client = clientOf(repository);
      await expect(client.refresh()).rejects.toMatchObject({ name: 'ForgedSignature' });
      expect(client.versionOf('root')).toBe(1);
    });

    it('refuses a root that its own new keys did not sign', async () => {
      const repository = repositoryOf();
      const old = repository.roles.root.keys;
      const stranger = testKey();
      const root = JSON.parse(String(repository.files.get('1.root.json'))).signed;
      root.version = 2;
      root.keys[stranger.id] = stranger.metadata;
      root.roles.root.keyids = [stranger.id];
      repository.files.set('2.root.json', signedFile(root, old));
      await expect(clientOf(repository).refresh()).rejects.toMatchObject({ name: 'ForgedSignature' });
    });

    it.each([3, 1, 1_000_000_000])('refuses version %d where 2 is due', async (version) => {
      const repository = repositoryOf();
      const root = JSON.parse(String(repository.files.get('1.root.json'))).signed;
      repository.files.set('2.root.json', signedFile({ ...root, version }, repository.roles.root.keys));
      await expect(clientOf(repository).refresh()).rejects.toMatchObject({ name: 'RootRotationAttack' });
    });

    it('stops after 256 roots at once', async () => {
      const repository = repositoryOf();
      for (let turn = 0; turn < 257; turn += 1) repository.publishRoot();
      await expect(clientOf(repository).refresh()).rejects.toMatchObject({ name: 'RootRotationAttack' });
    });

    it('keeps a root that has expired, and takes nothing under it', async () => {
      const repository = repositoryOf();
      const client = clientOf(repository);
      await client.refresh();
      repository.expires.root = NOW - DAY;
      repository.publishRoot();
      repository.publish();
      const later = again(repository, client);
      await expect(later.refresh()).rejects.toMatchObject({ name: 'FreezeAttack', subject: 'root' });
      expect([later.versionOf('root'), later.versionOf('timestamp')]).toEqual([2, 1]);
    });

    it('asks nothing where the root it was given does not hold', async () => {
      const repository = repositoryOf();
      const broken = JSON.parse(String(repository.files.get('1.root.json')));
      broken.signed.version = 7;
      const client = clientOf(repository, new Map([['root', Buffer.from(JSON.stringify(broken))]]));
      await expect(client.refresh()).rejects.toMatchObject({ name: 'ForgedSignature' });
      expect(client.asked).toEqual([]);
    });
  });

  describe('counting signatures', () => {
    it('takes two of three, whichever two', async () => {
      const repository = createTufRepository(NOW);
      repository.roles.snapshot.keys = [testKey(), testKey('rsassa-pss-sha256'), testKey()];
      repository.roles.snapshot.threshold = 2;
      repository.publishRoot();
      const all = repository.roles.snapshot.keys;
      for (const signers of [all.slice(0, 2), all.slice(1)]) {
        repository.roles.snapshot.keys = signers;
        repository.publish();
        await clientOf(repository).refresh();
      }
      repository.roles.snapshot.keys = all.slice(0, 1);
      repository.publish();
      await expect(clientOf(repository).refresh()).rejects.toMatchObject({ name: 'ForgedSignature' });
    });

    it('counts a key once, under however many ids it goes', async () => {
      const repository = createTufRepository(NOW);
      const key = testKey();
      const alias = { ...key, id: 'f'.repeat(64) };
      repository.roles.timestamp.keys = [key, alias];
      repository.roles.timestamp.threshold = 2;
      repository.publishRoot();
      repository.publish();
      await expect(clientOf(repository).refresh()).rejects.toMatchObject({ name: 'ForgedSignature' });
    });

    it('passes over an id whose key is missing, and over kinds of keys it does not know', async () => {
      const repository = createTufRepository(NOW);
      const strange = testKey();
      strange.metadata.scheme = 'sphincs' as 'ed25519';
      repository.roles.timestamp.keys.push(strange);
      repository.publishRoot();
      repository.publish();
      await clientOf(repository).refresh();
    });
  });

  describe('going back', () => {
    it('refuses an older timestamp', async () => {
      const repository = repositoryOf();
      const old = repository.files.get('timestamp.json') as Buffer;
      repository.publish();
      const client = clientOf(repository);
      await client.refresh();
      repository.files.set('timestamp.json', old);
      await expect(again(repository, client).refresh()).rejects.toMatchObject({
        name: 'RollbackAttack',
        subject: 'timestamp',
      });
    });

    it('refuses a newer timestamp that names an older snapshot', async () => {
      const repository = repositoryOf();
      const old = repository.files.get('1.snapshot.json') as Buffer;
      repository.publish();
      const client = clientOf(repository);
      await client.refresh();
      repository.publishTimestamp(old, 1);
      await expect(again(repository, client).refresh()).rejects.toMatchObject({
        name: 'RollbackAttack',
        subject: 'snapshot',
      });
      expect(client.versionOf('snapshot')).toBe(2);
    });

    it.each(['lower', 'gone'])('refuses a newer snapshot in which targets are %s', async (how) => {
      const repository = repositoryOf();
      repository.publish();
      const client = clientOf(repository);
      await client.refresh();
      if (how === 'gone') delete repository.meta['targets.json'];
      else repository.meta['targets.json'] = { version: 1 };
      repository.publishSnapshot();
      await expect(again(repository, client).refresh()).rejects.toMatchObject({
        name: 'RollbackAttack',
        subject: 'targets',
      });
    });

    it('keeps the timestamp it has where another one carries the same version', async () => {
      const repository = repositoryOf();
      const client = clientOf(repository);
      await client.refresh();
      const before = client.kept.get('timestamp');
      repository.state.versions.timestamp = 0;
      repository.publishTimestamp(Buffer.from('other'), 100);
      await again(repository, client).refresh();
      expect(client.kept.get('timestamp')).toBe(before);
    });

    it('recovers from versions shot far ahead, once the keys that did it are replaced', async () => {
      const repository = repositoryOf();
      repository.state.versions = {
        ...repository.state.versions,
        timestamp: 998,
        snapshot: 998,
        targets: 998,
      };
      repository.publish();
      const client = clientOf(repository);
      await client.refresh();
      expect(client.versionOf('snapshot')).toBe(999);
      repository.roles.timestamp.keys = [testKey()];
      repository.roles.snapshot.keys = [testKey()];
      repository.publishRoot();
      repository.state.versions = { ...repository.state.versions, timestamp: 1, snapshot: 1, targets: 1 };
      repository.publish();
      const later = again(repository, client);
      await later.refresh();
      expect(['timestamp', 'snapshot', 'targets'].map(later.versionOf)).toEqual([2, 2, 2]);
    });
  });

  describe('time', () => {
    it.each(['timestamp', 'snapshot', 'targets'] as const)(
      'refuses an expired %s and does not keep it',
      async (role) => {
        const repository = repositoryOf();
        const client = clientOf(repository);
        await client.refresh();
        repository.expires[role] = NOW;
        repository.publish();
        await expect(again(repository, client).refresh()).rejects.toMatchObject({
          name: 'FreezeAttack',
          subject: role,
        });
        expect(client.versionOf(role)).toBe(1);
      },
    );

    it('starts from what it kept though that has expired since', async () => {
      const repository = repositoryOf();
      const client = clientOf(repository);
      await client.refresh();
      Object.assign(repository.expires, {
        timestamp: NOW + 40 * DAY,
        snapshot: NOW + 40 * DAY,
        targets: NOW + 40 * DAY,
      });
      repository.publish();
      const later = again(repository, client, NOW + 20 * DAY);
      await later.refresh();
      expect(later.versionOf('timestamp')).toBe(2);
    });

    it('notices that nothing newer than an expired timestamp comes', async () => {
      const repository = repositoryOf();
      const client = clientOf(repository);
      await client.refresh();
      await expect(again(repository, client, NOW + 2 * DAY).refresh()).rejects.toMatchObject({
        name: 'FreezeAttack',
      });
    });
  });

  describe('files that do not belong together', () => {
    it('refuses a snapshot that is not the one the timestamp names', async () => {
      const repository = repositoryOf();
      repository.files.set(
        '1.snapshot.json',
        Buffer.concat([repository.files.get('1.snapshot.json') as Buffer, Buffer.from(' ')]),
      );
      await expect(clientOf(repository).refresh()).rejects.toMatchObject({ name: 'EndlessData' });
    });

    it('refuses targets of another version than the snapshot names, hashes or not', async () => {
      for (const hashes of [true, false]) {
        const repository = createTufRepository(NOW);
        repository.state.hashes = hashes;
        repository.publishRoot();
        repository.publish();
        repository.publishTargets();
        repository.files.set('1.targets.json', repository.files.get('2.targets.json') as Buffer);
        await expect(clientOf(repository).refresh()).rejects.toMatchObject({ name: 'MixAndMatchAttack' });
      }
    });

    it('refuses a timestamp longer than there may be', async () => {
      const repository = repositoryOf();
      repository.files.set('timestamp.json', Buffer.alloc(16_385, ' '));
      await expect(clientOf(repository).refresh()).rejects.toMatchObject({ name: 'EndlessData' });
    });
  });

  describe('delegations', () => {
    function delegated() {
      const repository = createTufRepository(NOW);
      repository.publishRoot();
      const docs = repository.delegate('targets', 'docs', ['*.doc', '*.md']);
      const releases = repository.delegate('targets', 'releases', ['releases/*/*']);
      const x = repository.delegate('releases', 'x', ['releases/x/*'], true);
      const y = repository.delegate('releases', 'y', ['releases/y/*.zip']);
      repository.addTarget('docs', 'README.md', 'read me');
      repository.addTarget('x', 'releases/x/one', 'x');
      repository.addTarget('y', 'releases/z/one.zip', 'not y’s to sign');
      repository.publishTargets('docs', [docs]);
      repository.publishTargets('releases', [releases]);
      repository.publishTargets('x', [x]);
      repository.publishTargets('y', [y]);
      repository.publish();
      return repository;
    }

    it.each([
      ['README.md', ['1.docs.json'], true],
      ['releases/x/one', ['1.releases.json', '1.x.json'], true],
      ['releases/z/one.zip', ['1.releases.json'], false],
      ['a/README.md', [], false],
    ])('asks for %s only those who may sign it', async (path, asked, found) => {
      const client = clientOf(delegated());
      const set = await client.refresh();
      expect((await client.find(set, path)) !== null).toBe(found);
      expect(client.asked.slice(4)).toEqual(asked);
    });

    it('goes depth first, in order, each role once, and not past a terminating one', async () => {
      const repository = createTufRepository(NOW);
      repository.publishRoot();
      const signers = new Map([
        ['A', repository.delegate('targets', 'A', ['*'])],
        ['B', repository.delegate('targets', 'B', ['*'])],
      ]);
      signers.set('C', repository.delegate('A', 'C', ['*'], true));
      repository.delegate('A', 'D', ['*']);
      repository.body('C').delegations.set('A', {
        keys: [signers.get('A') as never],
        threshold: 1,
        terminating: false,
        paths: ['*'],
      });
      for (const [role, key] of signers) repository.publishTargets(role, [key]);
      repository.publish();
      const client = clientOf(repository);
      const set = await client.refresh();
      expect(await client.find(set, 'missing')).toBeNull();
      expect(client.asked.slice(4)).toEqual(['1.A.json', '1.C.json']);
    });

    it.each(['?', '#', '/up', '../up', 'a.b c'])(
      'asks for a role called %j under a name that stays in its folder',
      async (name) => {
        const repository = createTufRepository(NOW);
        repository.publishRoot();
        const key = repository.delegate('targets', name, ['*']);
        repository.publishTargets(name, [key]);
        repository.publish();
        const client = clientOf(repository);
        const set = await client.refresh();
        await client.find(set, 'nothing');
        expect(client.asked.at(-1)).toBe(`1.${encodeURIComponent(name)}.json`);
        expect(client.asked.at(-1)).not.toContain('/');
      },
    );

    it('refuses a delegated role that somebody else signed', async () => {
      const repository = createTufRepository(NOW);
      repository.publishRoot();
      repository.delegate('targets', 'docs', ['*']);
      repository.publishTargets('docs', [testKey()]);
      repository.publish();
      const client = clientOf(repository);
      const set = await client.refresh();
      await expect(client.find(set, 'a')).rejects.toMatchObject({ name: 'ForgedSignature' });
    });
  });

  it.each([
    ['a key twice', '{"signatures":[],"signed":{},"signed":{}}'],
    ['__proto__', '{"signatures":[],"signed":{"__proto__":{"a":1}}}'],
    ['depth', `${'['.repeat(8_000)}${']'.repeat(8_000)}`],
    ['half a character', '{"signatures":[],"signed":{"a":"\\ud800"}}'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['no end', '{"signatures":["'],
  ])('refuses hostile JSON: %s', async (_name, body) => {
    const repository = repositoryOf();
    repository.files.set('timestamp.json', Buffer.from(body as string));
    await expect(clientOf(repository).refresh()).rejects.toMatchObject({ name: 'HostileJson' });
  });
});
