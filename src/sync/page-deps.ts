import type { Fetcher } from '../domain/fetcher.js';
import type { PictureEncoder } from '../domain/picture.js';
import type { SyncConfig } from './sync-config.js';
import type { TakeDeps } from './take-entries.js';

/** What reading, removing and illustrating an article of a pass take. */
export interface PageDeps extends TakeDeps {
  fetcher: Fetcher;
  encodePicture: PictureEncoder;
  config: SyncConfig;
  signal?: AbortSignal;
}
