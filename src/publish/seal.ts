import {
  commonOf,
  fileInfo,
  type Role,
  type SnapshotSigned,
  type TimestampSigned,
} from '../sign/metadata.js';
import { writeMirrorsDocument } from '../sign/mirrors-document.js';
import { originOf } from '../sign/repository.js';
import { writeSiteDocument } from '../sign/site-document.js';
import { unsignedRemovals } from './removal-limit.js';
import { sealEdition } from './seal-log.js';
import {
  current,
  currentRoot,
  currentTargets,
  isSignedByItsKeys,
  putRole,
  putTarget,
  type Seal,
  sealRole,
  signersOf,
  vkeyOf,
} from './signed-roles.js';

/** The head is signed again at least every 30 minutes, so that its age shows when a desk is dead; passes come every ten. */
const HEARTBEAT_MS = 19 * 60_000;

export type SealResult =
  | { kind: 'sealed' }
  /** A role must be signed and too few of its keys are here. */
  | { kind: 'no-key'; role: Role };

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

function renewRoot(seal: Seal): void {
  const { version, expires, spec_version, ...content } = currentRoot(seal.store);
  sealRole(seal, 'root', (common) => ({ ...content, ...common }));
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
    vkey: vkeyOf(store, before),
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
