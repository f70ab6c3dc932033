import type { EntryState } from '../store/replica-entry-table.js';

/** What became of one entry. */
export interface Taken {
  state: EntryState;
  reason: string | null;
  effect: 'fresh' | 'changed' | 'removed' | 'nothing';
}

export const done = (effect: Taken['effect'] = 'nothing'): Taken => ({ state: 'kept', reason: null, effect });
export const skipped = (reason: string): Taken => ({ state: 'skipped', reason, effect: 'nothing' });
