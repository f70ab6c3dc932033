/*
 * One tolerant reader instead of a chain of feed libraries: on the test feeds every library drops or misreads some
 * (docs/feeds.md has the table), each in its own way, and none resolves relative links, so a chain would need a judge
 * between their answers and repairs behind it. htmlparser2 is the tokenizer, `entities` and `chardet` know entities and
 * charsets; what is left for us is the mapping, and that is the same for every dialect once names are canonical.
 */
import type { FeedResult } from '../domain/feed.js';
import { decodeText } from './decode-text.js';
import type { FeedContext } from './feed-context.js';
import { parseJsonFeed } from './json-feed.js';
import { parseXmlFeed } from './xml-feed.js';

/**
 * The largest real feed seen has 9 MB, a sitemap of the 50,000 addresses it may have about 10. Of what is read here, some six times
 * its bytes are in memory for a moment, and one upstream may cost no more than 100 MB.
 */
export const MAX_FEED_BYTES = 12_000_000;

/**
 * Reads RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, RDF, CDF and JSON Feed. Never throws and never waits: bytes, depth, elements
 * and entries are capped, no entity is expanded more than once, nothing is fetched. What is no feed answers with the reason.
 */
export function parseFeed(bytes: Uint8Array, context: FeedContext): FeedResult {
  if (bytes.byteLength > MAX_FEED_BYTES)
    return { kind: 'no-feed', reason: `larger than ${MAX_FEED_BYTES} bytes` };
  const { text, problems } = decodeText(bytes, context.contentType);
  const start = text.slice(0, 4096).trimStart();
  if (start === '' && text.trim() === '') return { kind: 'no-feed', reason: 'empty' };
  const result =
    start.startsWith('{') || start.startsWith('[')
      ? parseJsonFeed(text, context)
      : parseXmlFeed(text, context);
  if (result.kind === 'no-feed') return result;
  return { kind: 'feed', feed: { ...result.feed, problems: [...problems, ...result.feed.problems] } };
}
