import type { Invalidator } from '../site/invalidate.js';
import type { Silence, StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import type { SyncConfig } from './sync-config.js';

/**
 * Crossing 6 h and 72 h without hearing from a publisher is itself a change, and so is hearing again: the lists then carry a
 * banner with the reason, or lose it. Nothing else about silence changes a page.
 */
export function settleSilence(
  publisher: StoredPublisher,
  reason: string | null,
  deps: { store: Store; invalidator: Invalidator; config: SyncConfig },
  at: number,
): void {
  const { store, invalidator, config } = deps;
  const heardAt = store.publishers.get(publisher.id)?.heardAt ?? null;
  const since = at - (heardAt ?? firstTried(store, publisher.id) ?? at);
  const silence: Silence =
    since >= config.silentAfterMs ? 'silent' : since >= config.quietAfterMs ? 'quiet' : 'none';
  if (silence === publisher.silence) return;
  const [word = null] = reason?.split(':') ?? [];
  store.transaction(() => {
    store.publishers.setSilence(publisher.id, silence, silence === 'none' ? null : word);
    const seq = store.changes.add({
      at,
      kind: 'silence',
      publisherId: publisher.id,
      articleId: null,
      revision: null,
    });
    store.dirty.mark(invalidator.ofPublisher(publisher.id, seq));
  });
}

function firstTried(store: Store, publisherId: string): number | null {
  const times = store.sources.of(publisherId).map((source) => source.sinceAt);
  return times.length === 0 ? null : Math.min(...times);
}
