import type { Config } from '../config/config.js';
import { TamizdatError } from '../domain/errors.js';
import type { StoredSource } from '../store/source-table.js';

/** How a source was doing when this node last tried it. */
export type KnownState = Pick<StoredSource, 'state' | 'sinceAt' | 'reason' | 'nextTryAt'>;

/** Of the sources of `publisherIds` that a node here has tried, by address; none where no node has run, or its database is not to be read. */
export async function knownStates(
  config: Config,
  publisherIds: readonly string[],
): Promise<ReadonlyMap<string, KnownState>> {
  const { openTree } = await import('../node.js');
  try {
    const { store } = openTree(config, true);
    try {
      return new Map(
        publisherIds.flatMap((id) => store.sources.of(id)).map((source) => [source.url, source]),
      );
    } finally {
      store.close();
    }
  } catch (error) {
    if (error instanceof TamizdatError) return new Map();
    throw error;
  }
}
