import { createHash } from 'node:crypto';
import { stateOf } from '../replicate/replica-state.js';
import type { TreeState } from '../sign/verify/tree-state.js';
import type { Store } from '../store/store.js';

/** What a tree is checked against: a root's hash, or what was verified of it before. */
export type Trusted = { pin: Buffer } | { state: TreeState };

/** The repositories that this node follows, and its own. */
export function trustedOf(store: Store): Trusted[] {
  const found: Trusted[] = store.replicas.all().map((replica) => {
    const state = stateOf(store, replica);
    return state === null ? { pin: replica.pin } : { state };
  });
  const root = store.signedFiles.first('root');
  return root === null ? found : [...found, { pin: createHash('sha256').update(root.bytes).digest() }];
}
