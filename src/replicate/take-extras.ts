import { parseMirrorsDocument } from '../sign/mirrors-document.js';
import { TreeRefusal, UndelegatedPath } from '../sign/verify/refusals.js';
import { hashedPath } from '../sign/verify/target-path.js';
import { METADATA_MAX_BYTES, type TreeState } from '../sign/verify/tree-state.js';
import { createTrustedSet } from '../sign/verify/trusted-set.js';
import { checkBytes, parseMetadata, type TargetFile } from '../sign/verify/tuf-metadata.js';
import type { Replica } from '../store/replica-table.js';
import { peerAt } from './mirror-peers.js';
import type { OpenPeer, Peers } from './peers.js';
import type { ReplicaDeps } from './replica-deps.js';
import { stateOf } from './replica-state.js';

const TARGET_MAX_BYTES = 256 * 1_024;

/**
 * Signed files that no news depends on: site.json, the front, the list of mirrors. What does not come stays as it was; the
 * addresses in a signed list join the peers, behind the same guard as every other.
 */
export async function takeExtras(replica: Replica, peers: Peers, deps: ReplicaDeps): Promise<void> {
  const { store } = deps;
  const state = stateOf(store, replica);
  if (state?.timestamp == null || state.snapshot === null || state.targets === null) return;
  for (const role of ['targets', 'edition'] as const) {
    const bytes = state[role];
    if (bytes === null) continue;
    const { targets } = parseMetadata('targets', bytes, role).signed;
    for (const [name, file] of Object.entries(targets)) await takeTarget(name, file, replica, peers, deps);
  }
  await takeMirrors(state, replica, peers, deps);
}

async function takeTarget(
  name: string,
  file: TargetFile,
  replica: Replica,
  peers: Peers,
  { store, clock }: ReplicaDeps,
): Promise<Buffer | null> {
  const sha256 = file.hashes.sha256;
  if (sha256 === undefined || file.length > TARGET_MAX_BYTES) return null;
  const path = hashedPath(name, sha256);
  const known = store.replicas.file(replica.id, `target:${name}`);
  if (known?.path === path) return known.bytes;
  const bytes = await peers.fromAnyone(0, async ({ reader }: OpenPeer) => {
    const found = await reader.mustRead(path, file.length);
    checkBytes(found, file, path);
    return found;
  });
  if (bytes === null) return null;
  const version = (known?.version ?? 0) + 1;
  store.replicas.putFile(replica.id, { path, name: `target:${name}`, version, bytes }, clock.now());
  return bytes;
}

async function takeMirrors(
  state: TreeState,
  replica: Replica,
  peers: Peers,
  deps: ReplicaDeps,
): Promise<void> {
  const { store, clock, log } = deps;
  const before = store.replicas.file(replica.id, 'mirrors.json')?.bytes;
  const list = await peers.fromAnyone(0, async ({ reader }) =>
    readMirrorsRole(state, replica, reader.file, deps),
  );
  if (list === null || list === 'none') return;
  const path = `tuf/${list.version}.mirrors.json`;
  store.replicas.putFile(
    replica.id,
    { path, name: 'mirrors', version: list.version, bytes: list.bytes },
    clock.now(),
  );
  const bytes = await takeTarget('mirrors.json', list.file, replica, peers, deps);
  const parsed = bytes === null ? null : parseMirrorsDocument(bytes);
  if (parsed?.repository !== replica.repository) return;
  if (bytes?.equals(before ?? Buffer.alloc(0)) === false) deps.onMirrors();
  for (const { url } of parsed?.mirrors ?? []) {
    const found = peerAt(url, replica.repository ?? '');
    if (found !== null) store.replicaPeers.add(replica.id, found, 'mirrors');
    else log.debug('mirror-passed-over', { address: url.slice(0, 80) });
  }
}

async function readMirrorsRole(
  state: TreeState,
  replica: Replica,
  read: (path: string, maxBytes: number) => Promise<Buffer | null>,
  { store, clock }: ReplicaDeps,
): Promise<{ version: number; bytes: Buffer; file: TargetFile } | 'none'> {
  const set = createTrustedSet(state.root, { now: clock.now() });
  if (state.timestamp === null || state.snapshot === null || state.targets === null) return 'none';
  try {
    set.updateTimestamp(state.timestamp);
    set.updateSnapshot(state.snapshot);
    set.updateTargets(state.targets);
  } catch (error) {
    if (error instanceof TreeRefusal) return 'none';
    throw error;
  }
  if (set.snapshot()?.signed.meta['mirrors.json'] === undefined) return 'none';
  const { version } = set.metaOf('mirrors');
  const known = store.replicas.file(replica.id, 'mirrors');
  const bytes =
    known?.version === version ? known.bytes : await read(`tuf/${version}.mirrors.json`, METADATA_MAX_BYTES);
  if (bytes === null) return 'none';
  set.updateTargets(bytes, 'mirrors', 'targets');
  const files = Object.entries(set.targets('mirrors')?.signed.targets ?? {});
  const stray = files.find(([name]) => name !== 'mirrors.json');
  if (stray !== undefined) throw new UndelegatedPath('mirrors', stray[0]);
  const file = files[0]?.[1];
  return file === undefined ? 'none' : { version, bytes, file };
}
