import type { Store } from '../store/store.js';

/**
 * `Cache-Control` of a path. Where a label makes possession itself an offence ("extremist" in Belarus), nothing may stay in the
 * browser: neither that publisher's pages nor anything shared, which shows its headlines and pictures. Other publishers' pages keep
 * what the config says.
 */
export function createKeeping(cacheControl: string, store: Store) {
  const read = (): { strict: boolean; free: ReadonlySet<string> } => {
    const publishers = store.publishers.active();
    const free = publishers.filter(
      ({ designations }) =>
        !designations.some(({ country, status }) => country === 'BY' && status === 'extremist'),
    );
    return { strict: free.length < publishers.length, free: new Set(free.map(({ id }) => id)) };
  };
  let known = read();
  return {
    /** Looks again who is mirrored, and under which labels. */
    refresh: (): void => {
      known = read();
    },
    of: (path: string): string =>
      known.strict && !known.free.has(path.split('/')[1] ?? '') ? 'no-store' : cacheControl,
  };
}
