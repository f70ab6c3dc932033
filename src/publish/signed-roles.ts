import type { Log } from '../domain/log.js';
import type { KeyInHand } from '../sign/keyring.js';
import {
  commonOf,
  contentOf,
  LIFETIME_S,
  metadataPath,
  type Role,
  type RoleKeys,
  type RootSigned,
  readOwnMetadata,
  type Signed,
  type TargetsSigned,
  targetPath,
  writeMetadata,
} from '../sign/metadata.js';
import { writeVerifierKey } from '../sign/note.js';
import { originOf } from '../sign/repository.js';
import type { Store } from '../store/store.js';

export interface SealConfig {
  name: string;
  contact: string;
  attest: 'relay' | 'publisher';
}

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

/** Whether more than half of a role's life is over. */
function isDue(signed: Signed, role: Role, at: number): boolean {
  return Date.parse(signed.expires) - at < (LIFETIME_S[role] * 1_000) / 2;
}

/** Whether the current version still has enough signatures: its keys may have changed since. */
export function isSignedByItsKeys(store: Store, role: Role): boolean {
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
export function sealRole<T extends Signed>(
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

/** Keeps `bytes` as the target `name`, where it is not that already. */
export function putTarget({ store, at }: Seal, name: string, bytes: Buffer): void {
  const before = store.signedFiles.current(name);
  if (before?.bytes.equals(bytes)) return;
  store.signedFiles.put(
    { path: targetPath(name, bytes), name, version: (before?.version ?? 0) + 1, bytes },
    at,
  );
}

/** The verifier key of the log's checkpoints, as these targets delegate it. */
export function vkeyOf(store: Store, { delegations }: TargetsSigned): string {
  const repository = store.desk.get()?.repository ?? '';
  const [id = ''] = delegations?.roles.find(({ name }) => name === 'edition')?.keyids ?? [];
  const publicBytes = Buffer.from(delegations?.keys[id]?.keyval.public ?? '', 'hex');
  return writeVerifierKey({ name: originOf(repository), publicBytes });
}
