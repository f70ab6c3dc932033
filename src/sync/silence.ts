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
  deps: {
    store: Store;
    invalidator: Invalidator;
    config: Pick<SyncConfig, 'quietAfterMs' | 'silentAfterMs'>;
  },
  at: number,
): void {
  const { store, invalidator, config } = deps;
  const { heardAt = null, newsAt = null } = store.publishers.get(publisher.id) ?? {};
  // It answers, but says nothing for longer than its own rhythm makes likely: that is silence too, and is called what it is.
  const fellSilent = newsAt !== null && isQuiet(store, publisher);
  const since = at - ((fellSilent ? newsAt : heardAt) ?? firstTried(store, publisher.id) ?? at);
  const silence: Silence =
    since >= config.silentAfterMs ? 'silent' : since >= config.quietAfterMs ? 'quiet' : 'none';
  if (silence === publisher.silence) return;
  const [word = null] = (fellSilent ? 'nothing-new' : reason)?.split(':') ?? [];
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

/** Whether every source that answers is flagged as quiet, and at least one answers. */
function isQuiet(store: Store, publisher: StoredPublisher): boolean {
  const answering = store.sources.of(publisher.id).filter(({ url, failures, succeededAt }) => {
    const listed = publisher.sources.some((source) => source.url === url);
    return listed && failures === 0 && succeededAt !== null;
  });
  return answering.length > 0 && answering.every(({ state }) => state === 'quiet');
}

function firstTried(store: Store, publisherId: string): number | null {
  const times = store.sources.of(publisherId).map((source) => source.sinceAt);
  return times.length === 0 ? null : Math.min(...times);
}
