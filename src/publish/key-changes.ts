import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../domain/errors.js';
import { faultPoint } from '../domain/fault-point.js';
import type { TufKey } from '../sign/ed25519.js';
import { type KeyInHand, makeKey, readKeys, signingKeyAt, writeKey } from '../sign/keyring.js';
import { commonOf, ROLES, type Role, type RoleKeys, type RootSigned } from '../sign/metadata.js';
import type { Store } from '../store/store.js';
import { currentRoot, currentTargets, keysOfRole, putRole, signersOf } from './signed-roles.js';

export interface KeyChangeDeps {
  store: Store;
  /** The node's own key folder. */
  folder: string;
  /** Where keys that were moved away lie for the moment: a stick that is plugged in. */
  away: readonly string[];
  at: number;
}

export interface KeyChange {
  role: Role;
  /** Key ids. */
  before: string;
  after: string;
  /** Where the new key lies. */
  file: string;
}

/** A role by its name, or every role that a key of this id (or its beginning, 8 digits or more) signs. Throws `no-such-key`. */
export function keysNamed(store: Store, name: string): string[] {
  const role = ROLES.find((one) => one === name);
  if (role !== undefined) return [...keysOfRole(store, role).keyids];
  const all = new Set(ROLES.flatMap((one) => keysOfRole(store, one).keyids));
  const found = /^[0-9a-f]{8,64}$/.test(name) ? [...all].filter((id) => id.startsWith(name)) : [];
  if (found.length === 1) return found;
  throw new UsageError('no-such-key', `"${name}" is neither a role nor the id of one key`, {
    hint: `Roles are ${ROLES.join(', ')}; \`tamizdat keys list\` shows the ids.`,
  });
}

/**
 * Puts new keys in the place of these, in every role that has them, and destroys the old ones that lie here. `to` is the folder of
 * new keys of the root or of targets; keys that must stay online go to the node's own. Throws `key-away` where a key that must sign
 * the change is not at hand; nothing has changed then.
 */
export function replaceKeys(ids: readonly string[], to: string | null, deps: KeyChangeDeps): KeyChange[] {
  return ids.flatMap((id) => replaceKey(id, to, deps));
}

function replaceKey(id: string, to: string | null, deps: KeyChangeDeps): KeyChange[] {
  const { store, folder, away, at } = deps;
  const roles = ROLES.filter((role) => keysOfRole(store, role).keyids.includes(id));
  const [first] = roles;
  if (first === undefined) return [];
  const keys = readKeys([folder, ...away]);
  requireSigners(store, keys, first === 'edition' || first === 'mirrors' ? 'targets' : 'root');
  const old = keys.find((key) => key.id === id);
  const stays = first === 'root' || first === 'targets';
  const home = stays ? (to ?? (old === undefined ? folder : dirname(old.file))) : folder;
  const name = old === undefined ? first : basename(old.file, '.pem');
  const waiting = join(home, `${name}.new.pem`);
  const key = existsSync(waiting) ? signingKeyAt(waiting) : makeKey(home, `${name}.new`);
  faultPoint('sign:new-key-made');
  store.durably(() => {
    if (first === 'edition' || first === 'mirrors') swapDelegated(id, key, keys, { store, at });
    else swapInRoot(id, key, keys, { store, at });
  });
  faultPoint('sign:key-changed');
  if (old !== undefined) rmSync(old.file, { force: true });
  const file = join(home, `${name}.pem`);
  // Another key may stand under that name where the new ones go.
  if (!existsSync(file)) renameSync(waiting, file);
  return roles.map((role) => ({ role, before: id, after: key.id, file: existsSync(file) ? file : waiting }));
}

const swap = (ids: readonly string[], id: string, by: string): string[] =>
  ids.map((one) => (one === id ? by : one));

function swapDelegated(
  id: string,
  key: KeyInHand,
  keys: readonly KeyInHand[],
  deps: Pick<KeyChangeDeps, 'store' | 'at'>,
): void {
  const { version, expires, delegations, ...rest } = currentTargets(deps.store);
  if (delegations === undefined) return;
  const roles = delegations.roles.map((role) => ({ ...role, keyids: swap(role.keyids, id, key.id) }));
  const used = new Set(roles.flatMap(({ keyids }) => keyids));
  const next = {
    ...rest,
    ...commonOf('targets', version + 1, Math.floor(deps.at / 1_000)),
    delegations: { keys: only(used, { ...delegations.keys, [key.id]: key.tuf }), roles },
  };
  putRole(deps, 'targets', next, signersOf({ store: deps.store, keys }, 'targets') ?? []);
}

function swapInRoot(
  id: string,
  key: KeyInHand,
  keys: readonly KeyInHand[],
  deps: Pick<KeyChangeDeps, 'store' | 'at'>,
): void {
  const before = currentRoot(deps.store);
  const roles = Object.fromEntries(
    Object.entries(before.roles).map(([name, role]) => [
      name,
      { ...role, keyids: swap(role.keyids, id, key.id) },
    ]),
  ) as RootSigned['roles'];
  putNextRoot({ ...before, roles, keys: { ...before.keys, [key.id]: key.tuf } }, [...keys, key], deps);
}

/** Signs the next root with keys of the one before and of its own (TUF 1.0.31, section 5.3.4). Throws `key-away`. */
function putNextRoot(
  content: RootSigned,
  keys: readonly KeyInHand[],
  { store, at }: Pick<KeyChangeDeps, 'store' | 'at'>,
): void {
  const signers = fewestSigners(keys, [currentRoot(store).roles.root, content.roles.root]);
  const used = new Set(Object.values(content.roles).flatMap(({ keyids }) => keyids));
  const next = {
    ...content,
    ...commonOf('root', content.version + 1, Math.floor(at / 1_000)),
    keys: only(used, content.keys),
  };
  putRole({ store, at }, 'root', next, signers);
}

/**
 * As few keys as satisfy both roles, in the order in which these name them: with one to spare, or in another order, a mirror could
 * write the root anew (docs/formats.md, "Keys and roles").
 */
function fewestSigners(keys: readonly KeyInHand[], roles: readonly RoleKeys[]): KeyInHand[] {
  const named = [...new Set(roles.flatMap(({ keyids }) => keyids))];
  const here = named.flatMap((id) => keys.find((key) => key.id === id) ?? []);
  const countIn = (some: readonly KeyInHand[], { keyids }: RoleKeys) =>
    some.filter(({ id }) => keyids.includes(id)).length;
  for (const role of roles)
    if (countIn(here, role) < role.threshold) throw away('root', countIn(here, role), role.threshold);
  return here.reduceRight((kept, key) => {
    const others = kept.filter((one) => one !== key);
    return roles.every((role) => countIn(others, role) >= role.threshold) ? others : kept;
  }, here);
}

const only = (used: ReadonlySet<string>, keys: Readonly<Record<string, TufKey>>): Record<string, TufKey> =>
  Object.fromEntries(Object.entries(keys).filter(([id]) => used.has(id)));

/** Throws `key-away` where too few keys of the role are among these. */
export function requireSigners(store: Store, keys: readonly KeyInHand[], role: Role): void {
  if (signersOf({ store, keys }, role) !== null) return;
  const { keyids, threshold } = keysOfRole(store, role);
  throw away(role, keyids.filter((id) => keys.some((key) => key.id === id)).length, threshold);
}

const away = (role: Role, here: number, threshold: number): UsageError =>
  new UsageError(
    'key-away',
    `this must be signed with ${threshold} ${role} key${threshold === 1 ? '' : 's'}, and ${here} of them are here`,
    {
      hint: 'Plug in what holds them and add --keys DIR, once for each folder.',
    },
  );

/**
 * The root of trust in shares: one new key in each folder, `threshold` of which sign together; the new root is signed by the old
 * key and by as many of them. The old root key that lies here is destroyed. Answers the files. Throws `key-away`, `key-exists`.
 */
export function holdCeremony(folders: readonly string[], threshold: number, deps: KeyChangeDeps): string[] {
  const { store, folder, away: others } = deps;
  const keys = readKeys([folder, ...others]);
  requireSigners(store, keys, 'root');
  const before = currentRoot(store);
  const old = before.roles.root.keyids.flatMap((id) => keys.find((key) => key.id === id) ?? []);
  const shares = folders.map((one, at) => makeKey(one, `root-share-${at + 1}`));
  const { 'x-single': _single, ...content } = before;
  store.durably(() =>
    putNextRoot(
      {
        ...content,
        ...(shares.length === 1 ? { 'x-single': true as const } : {}),
        keys: { ...before.keys, ...Object.fromEntries(shares.map(({ id, tuf }) => [id, tuf])) },
        roles: { ...before.roles, root: { keyids: shares.map(({ id }) => id), threshold } },
      },
      [...keys, ...shares],
      deps,
    ),
  );
  faultPoint('sign:key-changed');
  for (const { file } of old) rmSync(file, { force: true });
  return shares.map(({ file }) => file);
}

/** Moves the keys of root and targets out of the node's folder: written and read back there before they go here. Answers the new files. */
export function moveOffline(
  to: string,
  { store, folder }: Pick<KeyChangeDeps, 'store' | 'folder'>,
): string[] {
  if (resolve(to) === resolve(folder))
    throw new UsageError('same-folder', `${to} is where the keys lie already`, {
      hint: 'Name a folder on a stick or disk that you can take away.',
    });
  const ids = new Set((['root', 'targets'] as const).flatMap((role) => keysOfRole(store, role).keyids));
  const moving = readKeys([folder]).filter(({ id }) => ids.has(id));
  const moved = moving.map((key) => {
    const file = writeKey(to, basename(key.file, '.pem'), key);
    if (signingKeyAt(file).id !== key.id)
      throw new UsageError('copy-differs', `${file} is not what was written`, {
        hint: 'Use another stick or disk.',
      });
    return { from: key.file, file };
  });
  syncFolder(to);
  faultPoint('sign:keys-copied');
  for (const { from } of moved) rmSync(from);
  syncFolder(folder);
  return moved.map(({ file }) => file);
}

/** Makes sure that the names in a folder outlive a pulled plug. Some file systems do not offer it. */
function syncFolder(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } catch {
    // FAT on a stick: the files themselves were synced.
  } finally {
    closeSync(handle);
  }
}
