import { faultPoint } from '../domain/fault-point.js';
import { fromBase64url } from '../sign/base64url.js';
import { BLOB_MAX_BYTES, parseEntry } from '../sign/entry.js';
import { appendLeaf, type Frontier, leafHash } from '../sign/merkle.js';
import { targetPath } from '../sign/metadata.js';
import type { VerifiedHead } from '../sign/verify/verify-head.js';
import type { ReplicaEntry } from '../store/replica-entry-table.js';
import type { Replica } from '../store/replica-table.js';
import type { Store } from '../store/store.js';
import type { FreshEntries } from './fetch-entries.js';
import type { ReplicaDeps } from './replica-deps.js';
import { rootFile } from './replica-state.js';

/** docs/formats.md, "Pulling", 4: one transaction takes state and entries together, durably, so that a kill leaves the one or the other. */
export function commitHead(
  replica: Replica,
  head: VerifiedHead,
  fresh: FreshEntries,
  deps: ReplicaDeps,
): void {
  const { store, clock } = deps;
  const at = clock.now();
  faultPoint('pull:head-verified');
  store.durably(() => {
    for (const root of head.roots) store.replicas.putFile(replica.id, rootFile(root), at);
    for (const file of filesOf(head)) store.replicas.putFile(replica.id, file, at);
    let frontier: Frontier = fresh.before;
    for (const bytes of fresh.entries) {
      store.replicaEntries.add(replica.id, entryOf(bytes, frontier.size));
      frontier = appendLeaf(frontier, leafHash(bytes), (level, place, hash) => {
        if (level > 0 && level % 8 === 0) store.replicaEntries.putNode(replica.id, level, place, hash);
      });
    }
    faultPoint('pull:half-committed');
    store.replicas.advance({
      id: replica.id,
      rootVersion: head.rootVersion,
      timestampVersion: head.timestampVersion,
      lowest: replica.size === 0 ? fresh.before.size : replica.lowest,
      size: frontier.size,
      frontier: frontier.hashes,
      confirmedSize: head.confirmedSize,
      issuedAt: head.issuedAt,
      verifiedAt: at,
    });
    noteRepository(store, replica);
  });
  faultPoint('pull:committed');
}

/** The first repository of a node that is no desk is its own as far as readers go: it stands at `/signed/` itself. */
function noteRepository(store: Store, { repository }: Replica): void {
  if (repository !== null && store.meta.get('signed:primary') === null)
    store.meta.put('signed:primary', repository);
}

function filesOf(head: VerifiedHead) {
  const { versions } = head;
  const version = head.timestampVersion;
  const note = Buffer.from(head.note, 'utf8');
  const role = (name: 'snapshot' | 'targets' | 'edition') => ({
    path: `tuf/${versions[name]}.${name}.json`,
    name,
    version: versions[name],
    bytes: head[name],
  });
  return [
    role('snapshot'),
    role('targets'),
    role('edition'),
    { path: 'tuf/timestamp.json', name: 'timestamp', version, bytes: head.timestamp },
    { path: 'log/checkpoint', name: 'checkpoint', version, bytes: note },
    { path: targetPath('log/checkpoint', note), name: 'target:log/checkpoint', version, bytes: note },
    { path: 'head.json', name: 'head', version, bytes: head.bytes },
  ];
}

/** What an entry asks for. A kind of a later version is kept as it is, and nothing is done about it. */
function entryOf(bytes: Buffer, position: number): Omit<ReplicaEntry, 'tries'> {
  const parsed = parseEntry(bytes);
  const nothing = { articleKey: null, hash: null, blobBytes: 0, issued: 0 };
  if (parsed.kind !== 'entry') {
    const kind = parsed.kind === 'unknown' ? parsed.o : '';
    return { position, bytes, kind, ...nothing, state: 'skipped', reason: parsed.kind };
  }
  const { entry } = parsed;
  const facts = {
    kind: entry.o,
    articleKey: fromBase64url(entry.a),
    hash: fromBase64url(entry.c),
    blobBytes: entry.n,
    issued: entry.t * 1_000,
  };
  if (entry.n > BLOB_MAX_BYTES) return { position, bytes, ...facts, state: 'skipped', reason: 'too-large' };
  return { position, bytes, ...facts, state: 'wanted', reason: null };
}
