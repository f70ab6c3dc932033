import { MIRROR_MOVE, type MirrorMove, parseMirrorMove } from '../domain/mirror-move.js';
import type { Store } from '../store/store.js';
import type { Coding } from './content-coding.js';
import type { HotPage, HotVariant } from './hot-page.js';

const FEED = /\/(?:rss\.xml|atom\.xml|feed\.json|history\/\d{1,6}\.xml)$/;

/**
 * Feeds at the old address of a mirror that moved: a permanent redirect, which feed readers remember (RFC 9110 section 15.4.2).
 * Pages are not redirected: a person should read the notice.
 */
export function createMovedFeeds(
  config: { cacheControl: string; common: Readonly<Record<string, string>> },
  store: Store,
) {
  const read = (): MirrorMove | null => parseMirrorMove(store.meta.get(MIRROR_MOVE));
  let move = read();
  return {
    /** Looks again whether the keeper said something new. */
    refresh: (): void => {
      move = read();
    },
    get: (path: string): HotPage | null => {
      if (move === null || !move.redirects || !FEED.test(path)) return null;
      const headers = {
        ...config.common,
        Location: move.to + path.slice(1),
        'Content-Length': '0',
        'Cache-Control': config.cacheControl,
      };
      const variant: HotVariant = { body: new Uint8Array(0), headers, bare: headers };
      const variants: Record<Coding, HotVariant> = { br: variant, gzip: variant, identity: variant };
      return { status: 301, etag: '', variants };
    },
  };
}
