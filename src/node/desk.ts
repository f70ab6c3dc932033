import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import { TamizdatError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import { createDesk, type Desk } from '../publish/desk.js';
import { ARTICLES_TO_COME } from '../publish/refound-desk.js';
import type { Replicator } from '../replicate/replicate.js';
import type { Invalidator } from '../site/invalidate.js';
import type { Store } from '../store/store.js';

export interface NodeDeskDeps {
  store: Store;
  invalidator: Invalidator;
  clock: Clock;
  log: Log;
  isDemo: boolean;
}

/** The desk of a node that signs; null where the config says it does not. */
export function createNodeDesk(
  config: Config,
  { store, invalidator, clock, log, isDemo }: NodeDeskDeps,
): Desk | null {
  if (!config.desk.enabled) return null;
  const { home, site, desk } = config;
  return createDesk(
    { home, name: site.name, contact: site.contact ?? '', attest: desk.attest },
    {
      store,
      clock,
      log,
      isDemo,
      onFounded: () => store.dirty.mark(invalidator.ofMirrors()),
      onEntry: (article) => store.dirty.mark(invalidator.ofProof(article)),
    },
  );
}

/** A lost database: the desk goes on with its tree, and the articles come back out of it. Where it cannot, each publish says why. */
export function goOnWith(
  desk: Desk,
  follower: Pick<Replicator, 'takeOwn'>,
  { store, log }: Pick<NodeDeskDeps, 'store' | 'log'>,
): void {
  try {
    desk.recover();
    const files = desk.files();
    if (files === null || store.meta.get(ARTICLES_TO_COME) === null) return;
    log.warn('articles-recovered', { articles: follower.takeOwn(files) });
    store.meta.remove(ARTICLES_TO_COME);
  } catch (error) {
    if (!(error instanceof TamizdatError)) throw error;
    log.error('desk-lost', { reason: error.message, hint: error.hint ?? '' });
  }
}
