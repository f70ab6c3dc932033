import { repositoryOf } from '../sign/repository.js';
import type { TreeState } from '../sign/verify/tree-state.js';
import { parseMetadata } from '../sign/verify/tuf-metadata.js';
import type { Replica } from '../store/replica-table.js';
import type { Store } from '../store/store.js';

/** What was verified of a repository so far; null where no peer has proved anything yet. */
export function stateOf(store: Store, replica: Replica): TreeState | null {
  const file = (name: string): Buffer | null => store.replicas.file(replica.id, name)?.bytes ?? null;
  const root = file('root');
  if (replica.repository === null || root === null) return null;
  return {
    repository: replica.repository,
    root,
    timestamp: file('timestamp'),
    snapshot: file('snapshot'),
    targets: file('targets'),
    edition: file('edition'),
    checkpoint: file('checkpoint')?.toString('utf8') ?? null,
    frontier: { size: replica.size, hashes: replica.frontier },
  };
}

/** When the first of the signatures of what was verified runs out, in milliseconds. */
export function expiryOf({ root, timestamp, snapshot, targets, edition }: TreeState): number {
  const parts = [
    parseMetadata('root', root),
    ...(timestamp === null ? [] : [parseMetadata('timestamp', timestamp)]),
    ...(snapshot === null ? [] : [parseMetadata('snapshot', snapshot)]),
    ...(targets === null ? [] : [parseMetadata('targets', targets)]),
    ...(edition === null ? [] : [parseMetadata('targets', edition, 'edition')]),
  ];
  return Math.min(...parts.map(({ signed }) => signed.expires));
}

/** Keeps the roots of a first contact. Answers the repository's name. */
export function keepRoots(
  store: Store,
  replicaId: number,
  roots: readonly { version: number; bytes: Buffer }[],
  at: number,
): string {
  const [first] = roots;
  if (first === undefined) throw new Error('a repository without a root');
  const repository = repositoryOf(first.bytes);
  store.transaction(() => {
    for (const root of roots) store.replicas.putFile(replicaId, rootFile(root), at);
    store.replicas.setFound(replicaId, repository, roots.at(-1)?.version ?? 1);
  });
  return repository;
}

export const rootFile = ({ version, bytes }: { version: number; bytes: Buffer }) => ({
  path: `tuf/${version}.root.json`,
  name: 'root',
  version,
  bytes,
});
