import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import type { Store } from '../store/store.js';
import type { CliDeps } from './cli-deps.js';
import { settingsOf } from './settings.js';

/** The database as readers open it, beside a running node or without one. Close `store`. Throws what `openDatabase` throws. */
export async function openForReading(
  self: Command,
  deps: CliDeps,
): Promise<{ config: Config; store: Store }> {
  const { config } = settingsOf(self, deps);
  const { openTree } = await import('../node.js');
  return { config, store: openTree(config, true).store };
}
