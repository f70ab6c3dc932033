import type { MirrorStatus } from '../keeper/trust.js';
import type { Store } from '../store/store.js';

// Apart from watch-mirrors.ts, which looks: the serving process only tells what was found, and loads no client for it.

/** Meta value: how each public address did when it was last verified, as JSON. */
const WATCHED = 'watched-mirrors';

/** What the last looks found; empty where there is no public list. */
export const watchedMirrors = (store: Store): MirrorStatus[] =>
  JSON.parse(store.meta.get(WATCHED) ?? '[]') as MirrorStatus[];

/** Puts what the looks found now in place of what they found before. */
export const keepWatchedMirrors = (store: Store, watched: readonly MirrorStatus[]): void =>
  store.meta.put(WATCHED, JSON.stringify(watched));
