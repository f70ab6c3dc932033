import type { Log } from '../domain/log.js';
import { toBase64url } from '../sign/base64url.js';
import { writeCheckpoint } from '../sign/checkpoint.js';
import type { TufKey } from '../sign/ed25519.js';
import { jcs } from '../sign/jcs.js';
import type { KeyInHand } from '../sign/keyring.js';
import { rootOf } from '../sign/merkle.js';
import {
  commonOf,
  contentOf,
  fileInfo,
  LIFETIME_S,
  metadataPath,
  type Role,
  type RoleKeys,
  type RootSigned,
  readOwnMetadata,
  type Signed,
  type SnapshotSigned,
  type TargetsSigned,
  type TimestampSigned,
  targetPath,
  writeMetadata,
} from '../sign/metadata.js';
import { writeMirrorsDocument } from '../sign/mirrors-document.js';
import { writeNote, writeVerifierKey } from '../sign/note.js';
import { originOf } from '../sign/repository.js';
import { writeSiteDocument } from '../sign/site-document.js';
import type { Store } from '../store/store.js';
import { unsignedRemovals } from './removal-limit.js';

export interface SealConfig {
  name: string;
  contact: string;
  attest: 'relay' | 'publisher';
}

/** Newest live articles that log/front names: a screen for a reader who holds nothing yet. */
const FRONT_ENTRIES = 30;
/** The head is signed again at least every 30 minutes (TRUST), so that its age shows when a desk is dead; passes come every ten. */
const HEARTBEAT_MS = 19 * 60_000;

export type SealResult =
  | { kind: 'sealed' }
  /** A role must be signed and too few of its keys are here. */
  | { kind: 'no-key'; role: Role };

/** What is signed, as it stands; `keys` are those in hand. */
export interface Seal {
  store: Store;
  keys: readonly KeyInHand[];
  config: SealConfig;
  log: Log;
  /** Milliseconds. */
  at: number;
  /** Roles to sign anew whatever their age, where their keys are in hand. */
  renew?: readonly Role[];
  /** The owner looked at the removals, and stands for all of them so far. */
  signRemovals?: boolean;
}

export const currentRoot = (store: Store): RootSigned => current<RootSigned>(store, 'root') as RootSigned;
export const currentTargets = (store: Store): TargetsSigned =>
  current<TargetsSigned>(store, 'targets') as TargetsSigned;

export function current<T extends Signed>(store: Store, role: Role): T | null {
  const file = store.signedFiles.current(role);
  return file === null ? null : readOwnMetadata<T>(file.bytes);
}

/** Which keys sign a role, and how many of them it takes. */
export function keysOfRole(store: Store, role: Role): RoleKeys {
  if (role === 'edition' || role === 'mirrors') {
    const delegated = currentTargets(store).delegations?.roles.find(({ name }) => name === role);
    return delegated ?? { keyids: [], threshold: 1 };
  }
  return currentRoot(store).roles[role];
}

/** As many keys of the role as it takes, or null where too few are in hand. */
export function signersOf(seal: Pick<Seal, 'store' | 'keys'>, role: Role): KeyInHand[] | null {
  const { keyids, threshold } = keysOfRole(seal.store, role);
  const own = keyids.flatMap((id) => seal.keys.find((key) => key.id === id) ?? []);
  return own.length >= threshold ? own.slice(0, threshold) : null;
}

/**
 * Signs what must be signed: the log's new size, the site document, roles in the second half of their life, and the heartbeat.
 * All of it in one transaction, before any of it is on disk. Inside `store.durably`.
 */
export function sealAll(seal: Seal): SealResult {
  const { store } = seal;
  const state = store.desk.get();
  if (state === null) throw new Error('this node is no desk');
  renewRoot(seal);
  if (!sealTargets(seal, removalsToSign(seal))) return { kind: 'no-key', role: 'targets' };
  sealMirrors(seal);
  if (sealEdition(seal) === 'no-key') return { kind: 'no-key', role: 'edition' };
  if (!sealSnapshot(seal)) return { kind: 'no-key', role: 'snapshot' };
  if (sealTimestamp(seal) === 'no-key') return { kind: 'no-key', role: 'timestamp' };
  if (state.sealedSize !== state.size) store.desk.put({ ...state, sealedSize: state.size });
  return { kind: 'sealed' };
}

/** The log size that `targets` signs for its removals; where its key is away the keeper is asked, and followers wait. */
function removalsToSign(seal: Seal): number | null {
  const { store, log, at } = seal;
  const size = seal.signRemovals === true ? (store.desk.get()?.size ?? 0) : unsignedRemovals(seal);
  if (size === null || signersOf(seal, 'targets') !== null) return size;
  const waits = store.decisions.open().some(({ kind }) => kind === 'sign-removals');
  const [publisher] = store.publishers.active();
  if (!waits && publisher !== undefined) {
    store.decisions.ask(publisher.id, 'sign-removals', String(size), at);
    log.warn('removals-wait', {
      size,
      hint: 'more removals than pass in a day: followers obey once `tamizdat keys sign-removals --keys DIR` was run',
    });
  }
  return null;
}

/** Whether more than half of a role's life is over. */
function isDue(signed: Signed, role: Role, at: number): boolean {
  return Date.parse(signed.expires) - at < (LIFETIME_S[role] * 1_000) / 2;
}

/** Whether the current version still has enough signatures: its keys may have changed since. */
function isSignedByItsKeys(store: Store, role: Role): boolean {
  const { keyids, threshold } = keysOfRole(store, role);
  const file = store.signedFiles.current(role);
  const { signatures } = JSON.parse(file?.bytes.toString('utf8') ?? '{"signatures":[]}') as {
    signatures: { keyid: string }[];
  };
  return signatures.filter(({ keyid }) => keyids.includes(keyid)).length >= threshold;
}

/**
 * Signs the next version of a role where its content differs from the current one or its life is half over. Where the keys are away
 * and the current one still says the same, it stays: whoever has the keys is warned in time.
 */
function sealRole<T extends Signed>(
  seal: Seal,
  role: Role,
  make: (common: ReturnType<typeof commonOf>) => T,
): 'same' | 'signed' | 'no-key' {
  const { store, at } = seal;
  const before = current<T>(store, role);
  const next = make(commonOf(role, (before?.version ?? 0) + 1, Math.floor(at / 1_000)));
  const same =
    before !== null && contentOf(before) === contentOf(next) && isSignedByItsKeys(seal.store, role);
  if (same && !isDue(before, role, at) && seal.renew?.includes(role) !== true) return 'same';
  const keys = signersOf(seal, role);
  if (keys === null) return same ? 'same' : 'no-key';
  putRole(seal, role, next, keys);
  return 'signed';
}

export function putRole(
  { store, at }: Pick<Seal, 'store' | 'at'>,
  role: Role,
  signed: Signed,
  keys: readonly KeyInHand[],
): void {
  const bytes = writeMetadata(signed, keys);
  store.signedFiles.put(
    { path: metadataPath(role, signed.version), name: role, version: signed.version, bytes },
    at,
  );
}

function renewRoot(seal: Seal): void {
  const { version, expires, spec_version, ...content } = currentRoot(seal.store);
  sealRole(seal, 'root', (common) => ({ ...content, ...common }));
}

/** Keeps `bytes` as the target `name`, where it is not that already. */
function putTarget({ store, at }: Seal, name: string, bytes: Buffer): void {
  const before = store.signedFiles.current(name);
  if (before?.bytes.equals(bytes)) return;
  store.signedFiles.put(
    { path: targetPath(name, bytes), name, version: (before?.version ?? 0) + 1, bytes },
    at,
  );
}

export function vkeyOf(store: Store, keys: Readonly<Record<string, TufKey>>): string {
  const repository = store.desk.get()?.repository ?? '';
  const [id = ''] = keysOfRole(store, 'edition').keyids;
  const publicBytes = Buffer.from(keys[id]?.keyval.public ?? '', 'hex');
  return writeVerifierKey({ name: originOf(repository), publicBytes });
}

function sealTargets(seal: Seal, removals: number | null): boolean {
  const { store, config, log } = seal;
  const before = currentTargets(store);
  const { delegations } = before;
  const repository = store.desk.get()?.repository ?? '';
  const site = writeSiteDocument({
    v: 1,
    ...config,
    publishers: store.publishers.active().flatMap(({ id, sources }) => (sources.length > 0 ? [id] : [])),
    origin: originOf(repository),
    vkey: vkeyOf(store, delegations?.keys ?? {}),
    repository,
  });
  const signed = sealRole(seal, 'targets', (common) => ({
    _type: 'targets',
    ...common,
    targets: { 'site.json': fileInfo(site) },
    ...(delegations === undefined ? {} : { delegations }),
    ...(removals !== null
      ? { 'x-removals': { size: removals } }
      : before['x-removals'] === undefined
        ? {}
        : { 'x-removals': before['x-removals'] }),
  }));
  if (signed === 'signed') putTarget(seal, 'site.json', site);
  // What the owner says of the desk may be old; the news goes on.
  if (signed === 'no-key')
    log.warn('site-document-old', {
      hint: 'the name, contact or publishers changed; run `keys renew --keys DIR` with the targets key',
    });
  return store.signedFiles.current('site.json') !== null;
}

function sealMirrors(seal: Seal): void {
  const { store, log } = seal;
  const list = writeMirrorsDocument(store.desk.get()?.repository ?? '', store.mirrors.publicUrls());
  const signed = sealRole(seal, 'mirrors', (common) => ({
    _type: 'targets',
    ...common,
    targets: { 'mirrors.json': fileInfo(list) },
  }));
  if (signed === 'signed') putTarget(seal, 'mirrors.json', list);
  // Addresses may wait for their coordinator; the news goes on.
  if (signed === 'no-key')
    log.warn('mirror-list-old', {
      hint: 'the public addresses changed and the mirrors key is away; bring it back for a pass',
    });
}

function sealEdition(seal: Seal): 'same' | 'signed' | 'no-key' {
  const { store } = seal;
  const state = store.desk.get();
  const keys = signersOf(seal, 'edition');
  if (state === null || keys === null) return 'no-key';
  const origin = originOf(state.repository);
  const root = rootOf({ size: state.size, hashes: state.frontier });
  // Ed25519 gives the same bytes for the same text and key, so nothing new means nothing changed.
  const note = Buffer.from(
    writeNote(writeCheckpoint({ origin, size: state.size, root }), origin, ...keys),
    'utf8',
  );
  const front = frontOf(store, state.size);
  const signed = sealRole(seal, 'edition', (common) => ({
    _type: 'targets',
    ...common,
    targets: { 'log/checkpoint': fileInfo(note), 'log/front': fileInfo(front) },
  }));
  if (signed === 'no-key') return signed;
  putTarget(seal, 'log/checkpoint', note);
  putTarget(seal, 'log/front', front);
  const mutable = store.signedFiles.current('checkpoint');
  if (!mutable?.bytes.equals(note))
    store.signedFiles.put(
      { path: 'log/checkpoint', name: 'checkpoint', version: (mutable?.version ?? 0) + 1, bytes: note },
      seal.at,
    );
  return signed;
}

/** The newest live articles by ids and hashes alone: nothing in it need ever be taken back. */
function frontOf(store: Store, size: number): Buffer {
  const articles = store.log.newest(FRONT_ENTRIES).map(({ position, articleKey, hash, bytes }) => ({
    a: toBase64url(articleKey),
    c: toBase64url(hash),
    i: position,
    n: (JSON.parse(bytes.toString('utf8')) as { n: number }).n,
  }));
  return jcs({ v: 1, size, articles });
}

const SNAPSHOT_ROLES = ['targets', 'edition', 'mirrors'] as const;

function sealSnapshot(seal: Seal): boolean {
  const meta: SnapshotSigned['meta'] = {};
  for (const role of SNAPSHOT_ROLES) {
    const file = seal.store.signedFiles.current(role);
    if (file !== null) meta[`${role}.json`] = { version: file.version, ...fileInfo(file.bytes) };
  }
  return sealRole(seal, 'snapshot', (common) => ({ _type: 'snapshot', ...common, meta })) !== 'no-key';
}

function sealTimestamp(seal: Seal): 'same' | 'signed' | 'no-key' {
  const { store, at } = seal;
  const snapshot = store.signedFiles.current('snapshot');
  if (snapshot === null) return 'no-key';
  const before = current<TimestampSigned>(store, 'timestamp');
  const meta = { 'snapshot.json': { version: snapshot.version, ...fileInfo(snapshot.bytes) } };
  const issuedAt = (before?.['x-issued'] ?? 0) * 1_000;
  const same =
    before?.meta['snapshot.json'].version === snapshot.version && isSignedByItsKeys(store, 'timestamp');
  // A clock that was set back must not make the head older: then it waits until time has caught up.
  if (same && at - issuedAt < HEARTBEAT_MS) return 'same';
  const keys = signersOf(seal, 'timestamp');
  if (keys === null) return 'no-key';
  const seconds = Math.floor(at / 1_000);
  const signed: TimestampSigned = {
    _type: 'timestamp',
    ...commonOf('timestamp', (before?.version ?? 0) + 1, seconds),
    meta,
    'x-issued': seconds,
  };
  putRole(seal, 'timestamp', signed, keys);
  return 'signed';
}
