import type { Config } from '../config/config.js';
import { VERSION } from '../config/fetch-settings.js';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import { keepBallast } from '../safety/ballast.js';
import { backUpDaily } from '../safety/daily-backup.js';
import type { Store } from '../store/store.js';
import type { SyncProgress } from '../sync/progress.js';
import { watchMirrors } from './watch-mirrors.js';

/** What a writing process does for the node's safety when a pass is over: the day's backup, a look at its public addresses. A backup that fails costs no pass. */
export function createKeepSafe(config: Config, deps: { store: Store; clock: Clock; log: Log }) {
  const { store, clock, log } = deps;
  return async (onProgress: (progress: SyncProgress) => void = () => {}): Promise<void> => {
    keepBallast(config.home);
    await watchMirrors(config, { store, clock });
    if (!config.backup.daily || store.changes.lastSeq() === 0) return;
    await backUpDaily({
      home: config.home,
      folder: config.backup.dir,
      keep: config.backup.keep,
      program: VERSION,
      meta: store.meta,
      clock,
      log,
      onProgress: (done, total) => onProgress({ kind: 'backup', done, total }),
    });
  };
}
