import { currentTargets, type Seal } from './signed-roles.js';

const DAY_MS = 86_400_000;
/** docs/formats.md, "Many removals": more removals than this in a day, or than this share of the live articles, are obeyed only with the owner's signature. */
const DAILY_LIMIT = 5;
const DAILY_SHARE = 0.01;

/** How many removals of a day pass on the online keys alone. */
const dailyRemovals = (liveArticles: number): number =>
  Math.max(DAILY_LIMIT, Math.floor(liveArticles * DAILY_SHARE));

/**
 * The log size that `targets` must sign because of the removals of the last day; null where none needs it, or where it is signed.
 */
export function unsignedRemovals({ store, at }: Pick<Seal, 'store' | 'at'>): number | null {
  const signedTo = currentTargets(store)['x-removals']?.size ?? 0;
  const removals = store.log.removalsSince(at - DAY_MS);
  // Counting the articles is the dear part, and mostly needless.
  if (removals.length <= DAILY_LIMIT || removals.length <= dailyRemovals(store.log.liveArticles()))
    return null;
  const last = Math.max(...removals.map(({ position }) => position));
  return last < signedTo ? null : last + 1;
}
