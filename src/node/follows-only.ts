import { existsSync } from 'node:fs';
import type { Config } from '../config/config.js';
import type { Store } from '../store/store.js';
import { databaseFile, openTree } from './tree.js';

/** A node that was told whom to follow asks publishers itself only where somebody said so. */
export const followsOnly = (config: Config, store: Store | null): boolean =>
  !config.publishersGiven && (config.join.length > 0 || (store?.replicas.all() ?? []).length > 0);

/** The same of a home in which perhaps no node has run. Throws what `openDatabase` throws. */
export function followsOnlyIn(config: Config): boolean {
  if (!existsSync(databaseFile(config))) return followsOnly(config, null);
  const { store } = openTree(config, true);
  try {
    return followsOnly(config, store);
  } finally {
    store.close();
  }
}
