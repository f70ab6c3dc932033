import type { PageRules, Publisher } from '../domain/publisher.js';
import type { PublisherCard } from '../sign/article-blob.js';

const NO_RULES: PageRules = {
  fetch: 'never',
  title: [],
  subtitle: [],
  authors: [],
  content: [],
  lead: [],
  leadCaption: [],
  leadCredit: [],
  tags: [],
  section: [],
  keep: [],
  drop: [],
  boilerplate: [],
};

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
    page: NO_RULES,
    rights,
    designations,
    publish,
    removal,
    verifiedAt,
  };
}
