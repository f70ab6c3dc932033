import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import { createDesk, type Desk } from '../publish/desk.js';
import type { Invalidator } from '../site/invalidate.js';
import type { Store } from '../store/store.js';

export interface NodeDeskDeps {
  store: Store;
  invalidator: Invalidator;
  clock: Clock;
  log: Log;
}

/** The desk of a node that signs; null where the config says it does not. */
export function createNodeDesk(
  config: Config,
  { store, invalidator, clock, log }: NodeDeskDeps,
): Desk | null {
  if (!config.desk.enabled) return null;
  const { home, site, desk } = config;
  return createDesk(
    { home, name: site.name, contact: site.contact ?? '', attest: desk.attest },
    {
      store,
      clock,
      log,
      onFounded: () => store.dirty.mark(invalidator.ofMirrors()),
      onEntry: (article) => store.dirty.mark(invalidator.ofProof(article)),
    },
  );
}
