import { cardKeyOf } from '../sign/repository.js';
import type { ReplicaEntry } from '../store/replica-entry-table.js';
import type { TakeDeps } from './replica-deps.js';

/** Before the publisher's id, in the reason of a line whose publisher is not taken: later lines of the same article are not asked for. */
export const NOT_FOLLOWED = 'not-followed:';

export type Limits = ReturnType<typeof createLimits>;

/**
 * Why a line's blob is not asked for, by what the log itself says; null where it is. A line holds time, length, and a hash of
 * publisher and id: so age and bytes are told by it alone, a publisher only once one of his texts, or his card, was read.
 * `firstThatFits`: texts of earlier lines have no room.
 */
export function createLimits(all: TakeDeps, firstThatFits = 0) {
  const { config, deps, replica } = all;
  const { store, clock } = deps;
  const cardsWanted = config.publishers.map(cardKeyOf);
  const cardsOfOurs = config.ownPublishers.map(cardKeyOf);
  const oldestAt = clock.now() - config.maxAgeMs;

  function ofCard(key: Buffer): string | null {
    if (cardsOfOurs.some((one) => one.equals(key))) return 'synced-here';
    const isWanted = cardsWanted.length === 0 || cardsWanted.some((one) => one.equals(key));
    return isWanted ? null : 'not-followed';
  }

  function ofText({ position, articleKey, issued }: ReplicaEntry, key: Buffer): string | null {
    // Nothing is signed before it was published; published long before it was signed, only the text itself tells.
    if (issued < oldestAt) return 'too-old';
    if (position < firstThatFits) return 'over-bytes';
    const article = store.articles.byKey(key);
    if (article !== null && config.ownPublishers.includes(article.publisherId)) return 'another-desk';
    if (article !== null && article.prunedAt !== null) return 'too-old';
    if (config.publishers.length === 0 || articleKey === null) return null;
    const before = store.replicaEntries
      .ofKey(replica.id, articleKey)
      .find((one) => one.position < position && one.reason?.startsWith(NOT_FOLLOWED) === true)?.reason;
    const isStill = before != null && !config.publishers.includes(before.slice(NOT_FOLLOWED.length));
    return isStill ? before : null;
  }

  return (entry: ReplicaEntry): string | null => {
    if (entry.articleKey === null) return null;
    if (entry.kind === 'd') return ofCard(entry.articleKey);
    return entry.kind === 'p' || entry.kind === 'u' ? ofText(entry, entry.articleKey) : null;
  };
}
