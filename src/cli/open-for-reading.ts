import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import type { Store } from '../store/store.js';
import type { CliDeps } from './cli-deps.js';
import { nodeSettings } from './settings.js';

/**
 * The database as readers open it, beside a running node or without one. Close `store`. Throws what `openDatabase` throws, and
 * `no-node-yet` where no node has run.
 */
export async function openForReading(
  self: Command,
  deps: CliDeps,
): Promise<{ config: Config; store: Store }> {
  const config = nodeSettings(self, deps);
  const { openTree } = await import('../node.js');
  return { config, store: openTree(config, true).store };
}
