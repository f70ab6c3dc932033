import type { SafeHtml } from '../domain/safe-html.js';
import { textOf } from '../sanitize/safe-text.js';
import type { StoredArticle } from '../store/article-row.js';
import type { Store } from '../store/store.js';
import type { PassTally } from './pass-tally.js';
import type { SyncConfig } from './sync-config.js';

const DAY_MS = 86_400_000;
/** Texts of this age are corrected now and then, but hardly ever written anew. */
const OLD_MS = 7 * DAY_MS;

const nameOf = (publisherId: string): string => `rewrites:${publisherId}`;

interface LimitDeps {
  store: Store;
  config: SyncConfig;
}

/**
 * Whether a publisher has used up the removals and rewrites of old texts that pass in a day without the keeper: a seized or
 * redesigned site must not empty its mirrors.
 */
export function isPastDayLimit(publisherId: string, { store, config }: LimitDeps, at: number): boolean {
  const share = store.lists.count({ publisherId }) * config.removalDailyShare;
  const done =
    store.changes.removalsSince(publisherId, at - DAY_MS) + rewrites(store, publisherId, at).length;
  return done >= Math.max(config.removalDailyLimit, share);
}

/**
 * Whether `content` may take the place of what an article says. A rewritten old text counts against the day's limit; past it the
 * keeper is asked, and the copy in hand stays. Inside the caller's transaction: the keeper's yes holds for one rewrite.
 */
export function mayReplace(
  article: StoredArticle,
  content: SafeHtml,
  deps: LimitDeps,
  tally: PassTally,
  at: number,
): boolean {
  const { publisherId, stableId } = article;
  const { store } = deps;
  if (at - article.publishedAt < OLD_MS || !isRewritten(article.content, content)) return true;
  const asked = store.decisions.find(publisherId, 'rewrite', stableId);
  if (asked?.verdict === 'refuse') return false;
  if (asked === null && isPastDayLimit(publisherId, deps, at)) {
    store.decisions.ask(publisherId, 'rewrite', stableId, at);
    tally.noted(article.url, 'rewritten upstream; past the limit of a day, so it waits for the keeper');
    return false;
  }
  if (asked !== null && asked.verdict === null) return false;
  if (asked !== null) store.decisions.forget(asked.id);
  store.meta.put(nameOf(publisherId), JSON.stringify([...rewrites(store, publisherId, at), at]));
  return true;
}

/** Whether more than half of the sentences that stood there are gone. Not lines: a short text may be one paragraph. */
function isRewritten(before: SafeHtml, after: SafeHtml): boolean {
  const sentences = textOf(before).split(SENTENCE_END);
  const left = new Set(textOf(after).split(SENTENCE_END));
  return sentences.filter((sentence) => !left.has(sentence)).length * 2 > sentences.length;
}
const SENTENCE_END = /\n|(?<=[.!?…؟])\s+|(?<=[。！？])/u;

/** When old texts were rewritten within the last day. */
function rewrites(store: Store, publisherId: string, at: number): number[] {
  const times = JSON.parse(store.meta.get(nameOf(publisherId)) ?? '[]') as number[];
  return times.filter((time) => time > at - DAY_MS);
}
