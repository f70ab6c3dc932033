import { readKeys } from '../sign/keyring.js';
import { LIFETIME_S, ROLES, type Role, type Signed } from '../sign/metadata.js';
import type { Store } from '../store/store.js';
import { current, keysOfRole } from './signed-roles.js';

export interface RoleExpiry {
  role: Role;
  version: number;
  /** Milliseconds. */
  expiresAt: number;
  /** Less than a quarter of its life is left, or none. */
  isNear: boolean;
  /** `online`: enough of its keys lie in the node's own folder to sign it again. */
  where: 'online' | 'away';
  threshold: number;
  keys: readonly { id: string; file: string | null }[];
}

/** Each role of the desk: when its signature ends, its keys, and which of them lie in `folder`. Empty where this is no desk. */
export function expiriesOf(store: Store, folder: string, at: number): RoleExpiry[] {
  if (store.desk.get() === null) return [];
  const inHand = readKeys([folder]);
  return ROLES.flatMap((role) => {
    const signed = current<Signed>(store, role);
    if (signed === null) return [];
    const { keyids, threshold } = keysOfRole(store, role);
    const keys = keyids.map((id) => ({ id, file: inHand.find((key) => key.id === id)?.file ?? null }));
    const expiresAt = Date.parse(signed.expires);
    return [
      {
        role,
        version: signed.version,
        expiresAt,
        isNear: expiresAt - at < (LIFETIME_S[role] * 1_000) / 4,
        where:
          keys.filter(({ file }) => file !== null).length >= threshold
            ? ('online' as const)
            : ('away' as const),
        threshold,
        keys,
      },
    ];
  });
}
