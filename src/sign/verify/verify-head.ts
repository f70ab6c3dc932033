import type { Checkpoint } from '../checkpoint.js';
import { type Head, parseHead } from '../head.js';
import { checkpointOf, type HeadTail, refuseShrunkenOrForked, tailOf } from './head-log.js';
import {
  Equivocation,
  MalformedMetadata,
  MissingFile,
  RollbackAttack,
  RootRotationAttack,
  TreeRefusal,
  UndelegatedPath,
} from './refusals.js';
import { parseStrictJson } from './strict-json.js';
import { METADATA_MAX_BYTES, MOST_ROTATIONS, type TreeReader, type TreeState } from './tree-state.js';
import { createTrustedSet, type TrustedSet } from './trusted-set.js';
import { isDelegatedPath, rolesFor } from './tuf-delegation.js';
import { checkBytes, parseMetadata, type TargetFile } from './tuf-metadata.js';

/** A head that holds, and everything it pins. */
export interface VerifiedHead {
  bytes: Buffer;
  /** Roots after the one that was known, oldest first. */
  roots: { version: number; bytes: Buffer }[];
  rootVersion: number;
  timestampVersion: number;
  /** Whether its timestamp is newer than the one known. */
  isNewer: boolean;
  root: Buffer;
  timestamp: Buffer;
  snapshot: Buffer;
  targets: Buffer;
  edition: Buffer;
  /** Versions of the three, as their file names carry them. */
  versions: { snapshot: number; targets: number; edition: number };
  checkpoint: Checkpoint;
  note: string;
  /** It leads to the signed root. */
  tail: HeadTail;
  /** When the desk last signed that this is the newest, in milliseconds. Null where it does not say. */
  issuedAt: number | null;
  /** When its first part expires, in milliseconds. */
  expiresAt: number;
  /** Removals among the first so many entries are confirmed with the targets key, whatever their number. */
  confirmedSize: number;
  /** What the top and the edition sign besides: `site.json`, `log/front`. */
  targetFiles: ReadonlyMap<string, TargetFile>;
  /** Version of mirrors.json's role in the snapshot; null where there is none. */
  mirrorsVersion: number | null;
}

const EDITION_PATHS = /^log\//;

/**
 * Checks head.json of an untrusted peer against what is known (docs/formats.md, "Pulling", 2). Reads only what is new: roots, targets.
 * Throws a refusal; `state` is never touched. `now` in milliseconds; the issue time of an archive proves what held then.
 */
export async function verifyHead(
  bytes: Buffer,
  state: TreeState,
  read: TreeReader,
  now: number,
): Promise<VerifiedHead> {
  const head = readHead(bytes);
  const set = createTrustedSet(state.root, { now, exact: true });
  const roots = await walkRoots(set, head.root.version, read);
  seed(set, state);
  const isNewer = set.updateTimestamp(Buffer.from(head.timestamp, 'utf8'));
  takeSnapshot(set, Buffer.from(head.snapshot, 'utf8'), state);
  await takeTargets(set, state, read);
  const edition = Buffer.from(head.edition, 'utf8');
  set.updateTargets(edition, 'edition', 'targets');
  refuseOther('edition', state.edition, edition, set);
  const targetFiles = allowedTargets(set);
  const checkpoint = checkpointOf(head, set, targetFiles, state.repository);
  const tail = tailOf(head, checkpoint);
  refuseShrunkenOrForked(state.frontier, checkpoint, tail);
  return resultOf(bytes, head, set, { roots, isNewer, checkpoint, tail, targetFiles });
}

function readHead(bytes: Buffer): Head {
  parseStrictJson(bytes, 'head.json');
  const head = parseHead(bytes);
  if (head === null) throw new MalformedMetadata('head.json', 'is not a head');
  return head;
}

async function walkRoots(set: TrustedSet, version: number, read: TreeReader): Promise<VerifiedHead['roots']> {
  const known = set.root().signed.version;
  if (version < known) throw new RollbackAttack('root', version, known, 'stale');
  if (version - known > MOST_ROTATIONS)
    throw new RootRotationAttack(`version ${version} is claimed where ${known} is known`);
  const roots: VerifiedHead['roots'] = [];
  for (let next = known + 1; next <= version; next += 1) {
    const bytes = await read(`tuf/${next}.root.json`, METADATA_MAX_BYTES);
    if (bytes === null) throw new MissingFile(`tuf/${next}.root.json`);
    set.updateRoot(bytes);
    roots.push({ version: next, bytes });
  }
  return roots;
}

/** What is known serves to see a rollback. Under a new root it may hold no longer: keys were replaced, and it counts for nothing. */
function seed(set: TrustedSet, state: TreeState): void {
  try {
    if (state.timestamp !== null) set.updateTimestamp(state.timestamp, true);
    if (state.snapshot !== null && state.timestamp !== null) set.updateSnapshot(state.snapshot, true);
  } catch (error) {
    if (!(error instanceof TreeRefusal)) throw error;
  }
}

function takeSnapshot(set: TrustedSet, bytes: Buffer, state: TreeState): void {
  // Ours is seeded without its hash: a timestamp may name another of the same version, and that is what must be seen.
  if (state.snapshot === null || !set.hasSnapshot() || !bytes.equals(state.snapshot))
    set.updateSnapshot(bytes);
  else checkBytes(bytes, set.timestamp()?.signed.meta['snapshot.json'] ?? {}, 'snapshot');
}

async function takeTargets(set: TrustedSet, state: TreeState, read: TreeReader): Promise<void> {
  const named = set.metaOf('targets');
  if (state.targets !== null && fits(state.targets, named)) {
    set.updateTargets(state.targets);
    return;
  }
  const path = `tuf/${named.version}.targets.json`;
  const bytes = await read(path, named.length ?? METADATA_MAX_BYTES);
  if (bytes === null) throw new MissingFile(path);
  set.updateTargets(bytes);
  refuseOther('targets', state.targets, bytes, set);
}

function fits(bytes: Buffer, named: Parameters<typeof checkBytes>[1] & { version: number }): boolean {
  try {
    checkBytes(bytes, named, 'targets');
    return parseMetadata('targets', bytes).signed.version === named.version;
  } catch {
    return false;
  }
}

/** Ours and the one offered have the same version, good signatures and other bytes. */
function refuseOther(role: string, known: Buffer | null, offered: Buffer, set: TrustedSet): void {
  if (known === null || known.equals(offered)) return;
  const before = parseMetadata('targets', known, role).signed.version;
  if (before === set.targets(role)?.signed.version) throw new Equivocation(role, known, offered);
}

/** What each role signs, each within its own paths: the top names site.json, the edition the log, nobody another's. */
function allowedTargets(set: TrustedSet): Map<string, TargetFile> {
  const top = set.targets('targets')?.signed;
  const edition = set.targets('edition')?.signed;
  const role = top?.delegations?.roles?.find(({ name }) => name === 'edition');
  const files = new Map<string, TargetFile>();
  for (const [path, file] of Object.entries(top?.targets ?? {})) {
    if (EDITION_PATHS.test(path) || path === 'mirrors.json') throw new UndelegatedPath('targets', path);
    files.set(path, file);
  }
  for (const [path, file] of Object.entries(edition?.targets ?? {})) {
    const first = rolesFor(top?.delegations, path)[0];
    if (
      role === undefined ||
      !isDelegatedPath(role, path) ||
      first?.name !== 'edition' ||
      !EDITION_PATHS.test(path)
    )
      throw new UndelegatedPath('edition', path);
    files.set(path, file);
  }
  return files;
}

function resultOf(
  bytes: Buffer,
  head: Head,
  set: TrustedSet,
  found: Pick<VerifiedHead, 'roots' | 'isNewer' | 'checkpoint' | 'tail' | 'targetFiles'>,
): VerifiedHead {
  const [root, timestamp, snapshot] = [set.root(), set.timestamp(), set.snapshot()];
  const [targets, edition] = [set.targets('targets'), set.targets('edition')];
  if (timestamp === null || snapshot === null || targets === null || edition === null)
    throw new Error('a verified head without one of its parts');
  const issued = timestamp.signed['x-issued'];
  const parts = [root, timestamp, snapshot, targets, edition];
  return {
    ...found,
    bytes,
    rootVersion: root.signed.version,
    timestampVersion: timestamp.signed.version,
    root: root.bytes,
    timestamp: timestamp.bytes,
    snapshot: snapshot.bytes,
    targets: targets.bytes,
    edition: edition.bytes,
    versions: {
      snapshot: snapshot.signed.version,
      targets: targets.signed.version,
      edition: edition.signed.version,
    },
    note: head.checkpoint,
    issuedAt: issued === undefined ? null : issued * 1_000,
    expiresAt: Math.min(...parts.map(({ signed }) => signed.expires)),
    confirmedSize: targets.signed['x-removals']?.size ?? 0,
    mirrorsVersion: snapshot.signed.meta['mirrors.json']?.version ?? null,
  };
}
