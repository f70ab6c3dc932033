import type { Clock } from '../domain/clock.js';
import { MIRROR_MOVE, writeMirrorMove } from '../domain/mirror-move.js';
import { MOST_MIRRORS } from '../sign/mirrors-document.js';
import type { Invalidator } from '../site/invalidate.js';
import type { Store } from '../store/store.js';

export type PublishResult = { kind: 'listed' | 'listed-before' | 'too-many' };

/**
 * What the keeper says of this mirror's addresses. Everything here only writes down and marks what shows it as out of date; the
 * signed list follows with the next publish.
 */
export function createMirrorAddresses({
  store,
  invalidator,
  clock,
}: {
  store: Store;
  invalidator: Invalidator;
  clock: Clock;
}) {
  const listChanged = (): void => store.dirty.mark(invalidator.ofMirrors());

  function publish(url: string): PublishResult {
    return store.transaction((): PublishResult => {
      const listed = store.mirrors.publicUrls();
      if (listed.includes(url)) return { kind: 'listed-before' };
      if (listed.length >= MOST_MIRRORS) return { kind: 'too-many' };
      store.mirrors.publish(url, clock.now());
      listChanged();
      return { kind: 'listed' };
    });
  }

  /** False where it was not listed. */
  function unpublish(url: string): boolean {
    return store.transaction(() => {
      const was = store.mirrors.unpublish(url);
      if (was) listChanged();
      return was;
    });
  }

  /** Tells every page and feed of the new address, or no longer where `to` is null. */
  function announceMove(to: string | null, redirects: boolean): void {
    store.transaction(() => {
      const move = to === null ? null : { to, announcedAt: clock.now(), redirects };
      store.meta.put(MIRROR_MOVE, writeMirrorMove(move));
      store.dirty.mark(invalidator.everything());
    });
  }

  return { publish, unpublish, announceMove };
}
