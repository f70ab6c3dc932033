import { createHash } from 'node:crypto';
import { repositoryOf } from '../repository.js';
import { ForeignTree, MissingFile, RootRotationAttack } from './refusals.js';
import {
  freshState,
  METADATA_MAX_BYTES,
  MOST_ROTATIONS,
  type TreeReader,
  type TreeState,
} from './tree-state.js';
import { createTrustedSet } from './trusted-set.js';
import { refuseOtherForm } from './tuf-metadata.js';

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/**
 * From the hash in a trust string to a root that is trusted. The first root names the repository and the chain from it leads to
 * the pinned one; the peer it all comes from is not believed in anything.
 */
export async function joinRoot(
  pinned: Buffer,
  read: TreeReader,
  now: number,
): Promise<{ state: TreeState; roots: { version: number; bytes: Buffer }[] }> {
  const first = await read('tuf/1.root.json', METADATA_MAX_BYTES);
  if (first === null) throw new MissingFile('tuf/1.root.json');
  const set = createTrustedSet(first, { now, exact: true });
  const { signed } = set.root();
  refuseOtherForm(set.root(), [{ role: signed.roles.root, keys: signed.keys }], 'root');
  if (signed.version !== 1) throw new RootRotationAttack('the first root is not version 1');
  const roots = [{ version: 1, bytes: first }];
  let root = first;
  while (!digest(root).equals(pinned)) {
    const version = roots.length + 1;
    const next = version > MOST_ROTATIONS ? null : await read(`tuf/${version}.root.json`, METADATA_MAX_BYTES);
    if (next === null) throw new ForeignTree('root', 'no root here is the one that the trust string names');
    set.updateRoot(next);
    roots.push({ version, bytes: next });
    root = next;
  }
  return { state: freshState(repositoryOf(first), root), roots };
}
