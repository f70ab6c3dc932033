import type { StoredPublisher } from '../store/publisher-table.js';
import type { SourceState, StoredSource } from '../store/source-table.js';
import type { Store } from '../store/store.js';

const HOUR_MS = 3_600_000;

/** Gaps between so many of the newest articles are the publisher's rhythm; fewer than ten gaps are none. */
const RHYTHM_ARTICLES = 60;
const FEWEST_GAPS = 10;
/**
 * Were articles to come by chance at an even rate, their 95th percentile gap would be 3 mean gaps (ln 20), and 18 mean gaps
 * without one happen once in e^18 = 66 million gaps. Newsrooms sleep and keep weekends: those gaps are among the sixty, and a
 * day is waited for in any case.
 */
const RHYTHM_QUANTILE = 0.95;
const RHYTHM_TIMES = 6;
const SHORTEST_QUIET_MS = 24 * HOUR_MS;

const NEW_TEXTS = 10;
const OLD_TEXTS = 50;

/**
 * Why a source that answers well is flagged as quiet: it has published nothing for longer than its own rhythm makes likely.
 * Null where it is not, or where too little is known of it. `times` are of its newest articles, newest first.
 */
export function quietReason(times: readonly number[], at: number): string | null {
  const [newest] = times;
  const gaps = times.slice(1).map((time, index) => (times[index] ?? time) - time);
  if (newest === undefined || gaps.length < FEWEST_GAPS) return null;
  const usual = quantile(gaps, RHYTHM_QUANTILE);
  const patience = Math.max(SHORTEST_QUIET_MS, usual * RHYTHM_TIMES);
  if (at - newest <= patience) return null;
  return `nothing-new: nothing newer than ${new Date(newest).toISOString()}, though 95 of 100 of its articles come within ${hours(usual)} of the last`;
}

/** Why a publisher's texts are suspect: the newest ten are half as long as the fifty before. `lengths` newest first. */
export function shrunkReason(lengths: readonly number[]): string | null {
  const before = lengths.slice(NEW_TEXTS, NEW_TEXTS + OLD_TEXTS);
  if (before.length < NEW_TEXTS) return null;
  const [now, then] = [quantile(lengths.slice(0, NEW_TEXTS), 0.5), quantile(before, 0.5)];
  if (then === 0 || now * 2 > then) return null;
  return `suspect: the newest ${NEW_TEXTS} texts have a median of ${now} words, the ${before.length} before of ${then}`;
}

/**
 * Tells fresh, quiet and suspect apart, for every source that answers as it should. Answers whether a state moved. `thinPages`:
 * why the pages read lately are not trusted, where they are not.
 */
export function settleHealth(
  publisher: StoredPublisher,
  thinPages: string | null,
  store: Store,
  at: number,
): boolean {
  const suspect = thinPages ?? shrunkReason(store.health.textLengths(publisher.id, NEW_TEXTS + OLD_TEXTS));
  let moved = false;
  for (const { url } of publisher.sources) {
    const source = store.sources.get(publisher.id, url);
    if (source === null || source.failures > 0 || source.succeededAt === null) continue;
    const quiet = quietReason(store.health.publishingTimes(publisher.id, url, RHYTHM_ARTICLES + 1), at);
    const state: SourceState = suspect !== null ? 'suspect' : quiet !== null ? 'quiet' : 'fresh';
    if (state === source.state) continue;
    store.sources.put({ ...source, state, reason: suspect ?? quiet, sinceAt: at });
    moved = true;
  }
  return moved;
}

/** The state of a source that just answered: what `settleHealth` said last holds until it speaks again. */
export const wellState = (known: StoredSource): Pick<StoredSource, 'state' | 'reason'> =>
  known.failures === 0 && (known.state === 'quiet' || known.state === 'suspect')
    ? { state: known.state, reason: known.reason }
    : { state: 'fresh', reason: null };

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const hours = (ms: number): string => `${Math.max(1, Math.round(ms / HOUR_MS))} h`;
