import type { TreeFiles } from '../files/tree-files.js';
import { parseCheckpoint } from '../sign/checkpoint.js';
import { type TufKey, verifyBytes } from '../sign/ed25519.js';
import { articleKeyOf, parseEntry } from '../sign/entry.js';
import { appendLeaf, type Frontier, leafHash, rootOf } from '../sign/merkle.js';
import {
  metadataPath,
  type Role,
  type RoleKeys,
  type RootSigned,
  type Signed,
  type SnapshotSigned,
  type TargetsSigned,
  type TimestampSigned,
} from '../sign/metadata.js';
import { parseVerifierKey, verifyNote } from '../sign/note.js';
import { olpcJson } from '../sign/olpc-json.js';
import { bundlePath, parseBundle, TILE_WIDTH, tileWidth } from '../sign/tiles.js';
import type { DeskState } from '../store/desk-table.js';
import type { SignedFile } from '../store/signed-file-table.js';
import type { Store } from '../store/store.js';
import { moveTail } from './append-changes.js';
import { current, vkeyOf } from './signed-roles.js';

export type AdoptResult =
  | { kind: 'not-ahead' }
  | { kind: 'adopted'; entries: number }
  /** Signing on would make two logs under one name. */
  | { kind: 'foreign'; reason: string };

interface Adopted {
  entries: Buffer[];
  frontier: Frontier;
  files: SignedFile[];
}

/**
 * A database restored from a backup is older than the tree it signed since. What the tree says beyond it is taken in, so that the
 * log goes on and no number is signed twice. The tree may be a copy from a peer: nothing in it is believed without its signatures.
 */
export function adoptTree(store: Store, state: DeskState, files: TreeFiles, at: number): AdoptResult {
  const timestamp = files.read(metadataPath('timestamp', 0));
  const known = current<TimestampSigned>(store, 'timestamp');
  if (timestamp === null || versionOf(timestamp) <= (known?.version ?? 0)) return { kind: 'not-ahead' };
  const found = readNewer(store, state, files, timestamp);
  if (typeof found === 'string') return { kind: 'foreign', reason: found };
  store.durably(() => takeIn(store, state, found, at));
  return { kind: 'adopted', entries: found.entries.length };
}

const versionOf = (bytes: Buffer): number => read<Signed>(bytes)?.version ?? 0;

function read<T extends Signed>(bytes: Buffer | null): T | null {
  try {
    return (JSON.parse(bytes?.toString('utf8') ?? '') as { signed: T }).signed;
  } catch {
    return null;
  }
}

function isSignedBy(
  bytes: Buffer,
  keys: Readonly<Record<string, TufKey>>,
  role: RoleKeys | undefined,
): boolean {
  const { signatures, signed } = JSON.parse(bytes.toString('utf8')) as {
    signatures: { keyid: string; sig: string }[];
    signed: Signed;
  };
  const message = olpcJson(signed);
  const good = signatures.filter(({ keyid, sig }) => {
    const hex = keys[keyid]?.keyval.public;
    return (
      hex !== undefined &&
      role?.keyids.includes(keyid) === true &&
      verifyBytes(Buffer.from(hex, 'hex'), message, Buffer.from(sig, 'hex'))
    );
  });
  return role !== undefined && new Set(good.map(({ keyid }) => keyid)).size >= role.threshold;
}

/** The newer metadata and entries, or the reason why they are not this desk's. */
function readNewer(store: Store, state: DeskState, files: TreeFiles, timestamp: Buffer): Adopted | string {
  const taken: SignedFile[] = [];
  let root = current<RootSigned>(store, 'root') as RootSigned;
  for (let next = files.read(metadataPath('root', root.version + 1)); next !== null; ) {
    const signed = read<RootSigned>(next);
    if (signed === null || !isSignedBy(next, root.keys, root.roles.root))
      return `root ${root.version + 1} is not signed by root ${root.version}`;
    root = signed;
    taken.push({
      path: metadataPath('root', root.version),
      name: 'root',
      version: root.version,
      bytes: next,
    });
    next = files.read(metadataPath('root', root.version + 1));
  }
  function take<T extends Signed>(
    role: Role,
    bytes: Buffer | null,
    keys: Readonly<Record<string, TufKey>>,
    by: RoleKeys | undefined,
  ): T | null {
    const signed = bytes === null ? null : read<T>(bytes);
    if (bytes === null || signed === null || !isSignedBy(bytes, keys, by)) return null;
    const { version } = signed;
    taken.push({ path: metadataPath(role, version), name: role, version, bytes });
    return signed;
  }
  const head = take<TimestampSigned>('timestamp', timestamp, root.keys, root.roles.timestamp);
  const listed = head?.meta['snapshot.json'].version ?? 0;
  const snapshot = take<SnapshotSigned>(
    'snapshot',
    files.read(metadataPath('snapshot', listed)),
    root.keys,
    root.roles.snapshot,
  );
  if (snapshot === null) return 'its timestamp or snapshot is not signed by this desk’s keys';
  const role = (name: Role): Buffer | null =>
    files.read(metadataPath(name, snapshot.meta[`${name}.json`]?.version ?? 0));
  const targets = take<TargetsSigned>('targets', role('targets'), root.keys, root.roles.targets);
  const { keys = {}, roles = [] } = targets?.delegations ?? {};
  const edition = take<TargetsSigned>(
    'edition',
    role('edition'),
    keys,
    roles.find(({ name }) => name === 'edition'),
  );
  const mirrors = take<TargetsSigned>(
    'mirrors',
    role('mirrors'),
    keys,
    roles.find(({ name }) => name === 'mirrors'),
  );
  if (targets === null || edition === null || mirrors === null)
    return 'its targets, edition or mirrors are not signed by this desk’s keys';
  for (const signed of [targets, edition, mirrors]) takeTargets(store, signed, files, taken);

  const note = taken.find(({ name }) => name === 'log/checkpoint')?.bytes;
  const vkey = parseVerifierKey(vkeyOf(store, targets));
  const text = vkey === null || note === undefined ? null : verifyNote(note.toString('utf8'), vkey);
  const checkpoint = text === null ? null : parseCheckpoint(text);
  if (checkpoint === null) return 'its checkpoint is not signed by this desk’s edition key';
  taken.push({
    path: 'log/checkpoint',
    name: 'checkpoint',
    version: (store.signedFiles.current('checkpoint')?.version ?? 0) + 1,
    bytes: note as Buffer,
  });
  const entries = readEntries(state.size, checkpoint.size, files);
  let frontier: Frontier = { size: state.size, hashes: state.frontier };
  for (const entry of entries ?? []) frontier = appendLeaf(frontier, leafHash(entry));
  if (entries === null || !rootOf(frontier).equals(checkpoint.root))
    return 'its log does not go on from the one in the database';
  return { entries, frontier, files: taken };
}

/** The files that a role lists, as far as they are there; what is not is made again. */
function takeTargets(store: Store, signed: TargetsSigned, files: TreeFiles, taken: SignedFile[]): void {
  for (const [name, { hashes }] of Object.entries(signed.targets)) {
    const at = name.lastIndexOf('/') + 1;
    const path = `targets/${name.slice(0, at)}${hashes.sha256}.${name.slice(at)}`;
    const bytes = files.read(path);
    if (bytes !== null)
      taken.push({ path, name, version: (store.signedFiles.current(name)?.version ?? 0) + 1, bytes });
  }
}

function readEntries(from: number, size: number, files: TreeFiles): Buffer[] | null {
  const entries: Buffer[] = [];
  for (let tile = Math.floor(from / TILE_WIDTH); tile * TILE_WIDTH < size; tile += 1) {
    const bytes = files.read(bundlePath(tile, tileWidth(0, tile, size)));
    const bundle = bytes === null ? null : parseBundle(bytes);
    if (bundle === null) return null;
    entries.push(...bundle.slice(Math.max(0, from - tile * TILE_WIDTH)));
  }
  return from > size ? null : entries;
}

function takeIn(store: Store, state: DeskState, { entries, files }: Adopted, at: number): void {
  let grown: Frontier = { size: state.size, hashes: state.frontier };
  for (const bytes of entries) {
    const parsed = parseEntry(bytes);
    if (parsed.kind === 'entry') {
      const { a, c, o, t } = parsed.entry;
      const [articleKey, hash] = [articleKeyOf(a), Buffer.from(c, 'base64url')];
      if (o === 'x') store.log.dropBlobs(articleKey);
      store.log.add({ position: grown.size, articleKey, kind: o, hash, at: t * 1_000, bytes });
      if (o === 'p' || o === 'u') store.desk.setProofOf(articleKey, grown.size, hash);
    }
    grown = appendLeaf(grown, leafHash(bytes), (level, place, node) => {
      if (level > 0 && level % 8 === 0) store.log.putNode(level, place, node);
    });
  }
  const tail = moveTail({ size: state.tailStart, hashes: state.tailFrontier }, grown.size, store);
  store.desk.put({
    ...state,
    size: grown.size,
    frontier: grown.hashes,
    tailStart: tail.size,
    tailFrontier: tail.hashes,
    sealedSize: grown.size,
  });
  for (const file of files) store.signedFiles.put(file, at);
}
