import { noPageRules, type Publisher } from '../domain/publisher.js';
import type { PublisherCard } from '../sign/article-blob.js';

/** A publisher as a follower knows it: all that pages say of it, and no source to fetch from. */
export function publisherOf(card: PublisherCard): Publisher {
  const {
    id,
    names,
    language,
    homepage,
    hosts,
    timeZone,
    publish,
    removal,
    rights,
    designations,
    verifiedAt,
  } = card;
  return {
    id,
    names,
    language,
    homepage,
    hosts,
    timeZone,
    sources: [],
    identity: { patterns: [] },
    page: noPageRules('never'),
    rights,
    designations,
    publish,
    removal,
    verifiedAt,
  };
}
