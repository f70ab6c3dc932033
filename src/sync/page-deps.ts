import type { Clock } from '../domain/clock.js';
import type { Fetcher } from '../domain/fetcher.js';
import type { PictureEncoder } from '../domain/picture.js';
import type { Invalidator } from '../site/invalidate.js';
import type { Store } from '../store/store.js';
import type { SyncConfig } from './sync-config.js';

/** What storing an article and saying what shows it take. */
export interface TakeDeps {
  store: Store;
  invalidator: Invalidator;
  clock: Clock;
}

/** What reading, removing and illustrating an article of a pass take. */
export interface PageDeps extends TakeDeps {
  fetcher: Fetcher;
  encodePicture: PictureEncoder;
  config: SyncConfig;
  signal?: AbortSignal;
}
