import { isPublisherId } from '../domain/publisher.js';
import { parsePublisherCard } from '../sign/article-blob.js';
import { cardKeyOf } from '../sign/repository.js';
import type { ReplicaEntry } from '../store/replica-entry-table.js';
import { publisherOf } from './publisher-of-card.js';
import type { ReplicaConfig, ReplicaDeps, TakeDeps } from './replica-deps.js';
import { done, skipped, type Taken } from './taken.js';

/** A publisher begins, says something new of itself, or rests. */
export function takeCard(entry: ReplicaEntry, blob: Buffer, { config, deps, replica }: TakeDeps): Taken {
  const card = parsePublisherCard(blob);
  if (card === null || !isPublisherId(card.id)) return skipped('malformed');
  if (entry.articleKey?.equals(cardKeyOf(card.id)) !== true) return skipped('not-its-own');
  if (config.ownPublishers.includes(card.id)) return skipped('synced-here');
  if (!isFollowed(card.id, config)) return skipped('not-followed');
  deps.store.replicaEntries.putCard(replica.id, card.id, JSON.stringify(card));
  deps.onPublishers(followedPublishers(deps));
  return done();
}

/** Publishers of all cards that were taken, those that rest left out. */
export function followedPublishers({ store }: Pick<ReplicaDeps, 'store'>) {
  return store.replicaEntries.cards().flatMap(({ card }) => {
    const parsed = parsePublisherCard(Buffer.from(card, 'utf8'));
    return parsed?.active === true ? [publisherOf(parsed)] : [];
  });
}

export const isFollowed = (publisherId: string, { publishers }: ReplicaConfig): boolean =>
  publishers.length === 0 || publishers.includes(publisherId);
