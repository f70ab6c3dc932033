import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { faultPoint } from '../domain/fault-point.js';
import type { SigningKey } from '../sign/ed25519.js';
import { KEY_NAMES, type KeyInHand, type KeyName, makeKey, signingKeyAt } from '../sign/keyring.js';
import { EMPTY_FRONTIER } from '../sign/merkle.js';
import { commonOf, type RootSigned, type TargetsSigned } from '../sign/metadata.js';
import { repositoryOf } from '../sign/repository.js';
import type { Store } from '../store/store.js';
import { putRole } from './signed-roles.js';

/**
 * Makes this node a desk, where it is none: keys, the first root.json, and the delegations. Answers whether it did. Keys that lie
 * there from a killed start are taken. Throws `key-unreadable`, and what the disk says.
 */
export function foundDesk(store: Store, keysFolder: string, at: number): boolean {
  if (store.desk.get() !== null) return false;
  const keys = Object.fromEntries(
    KEY_NAMES.map((name) => {
      const there = existsSync(join(keysFolder, `${name}.pem`));
      const key = there ? signingKeyAt(join(keysFolder, `${name}.pem`)) : makeKey(keysFolder, name);
      faultPoint('sign:key-made');
      return [name, key];
    }),
  ) as Record<KeyName, KeyInHand>;
  const of = (...names: KeyName[]) =>
    Object.fromEntries(names.map((name) => [keys[name].id, keys[name].tuf]));
  const by = (key: SigningKey) => ({ keyids: [key.id], threshold: 1 });
  const seconds = Math.floor(at / 1_000);
  const root: RootSigned = {
    _type: 'root',
    ...commonOf('root', 1, seconds),
    consistent_snapshot: true,
    keys: of('root', 'targets', 'snapshot'),
    roles: {
      root: by(keys.root),
      targets: by(keys.targets),
      snapshot: by(keys.snapshot),
      timestamp: by(keys.snapshot),
    },
    'x-single': true,
  };
  const targets: TargetsSigned = {
    _type: 'targets',
    ...commonOf('targets', 1, seconds),
    targets: {},
    delegations: {
      keys: of('edition', 'mirrors'),
      roles: [
        { name: 'edition', ...by(keys.edition), paths: ['log/*'], terminating: true },
        { name: 'mirrors', ...by(keys.mirrors), paths: ['mirrors.json'], terminating: true },
      ],
    },
  };
  store.durably(() => {
    putRole({ store, at }, 'root', root, [keys.root]);
    const first = store.signedFiles.current('root');
    if (first === null) throw new Error('root.json was written and is not there');
    const repository = repositoryOf(first.bytes);
    store.desk.put({
      repository,
      ...{ size: 0, frontier: EMPTY_FRONTIER.hashes, tailStart: 0, tailFrontier: EMPTY_FRONTIER.hashes },
      ...{ publishedSeq: 0, sealedSize: 0, writtenSize: 0 },
    });
    putRole({ store, at }, 'targets', targets, [keys.targets]);
    if (store.meta.get('signed:primary') === null) store.meta.put('signed:primary', repository);
  });
  return true;
}
