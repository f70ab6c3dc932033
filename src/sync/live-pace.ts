import type { Article } from '../domain/article.js';
import { lostNames } from '../domain/lost-names.js';
import type { StoredArticle } from '../store/article-row.js';

/** A live blog changes all day: so far apart at least are its revisions, and the looks at it on its first day. In milliseconds. */
const LIVE_PACE_MS = 30 * 60_000;
const LIVE_DAY_MS = 86_400_000;

/**
 * When a live blog that was revised a moment ago may be revised again; null where it may be now. A byline that lost a name never
 * waits: it may be for somebody's safety.
 */
export function liveRestsUntil(known: StoredArticle, changed: Article, at: number): number | null {
  if (known.kind !== 'live' || changed.kind !== 'live') return null;
  if (lostNames(known, changed).length > 0) return null;
  const until = (known.revisedAt ?? known.takenAt) + LIVE_PACE_MS;
  return until > at ? until : null;
}

/** When an article is to be looked at: a live blog sooner than planned while it is young. */
export function liveLookAt(article: Article, planned: number | null, at: number): number | null {
  if (article.kind !== 'live' || at - article.publishedAt >= LIVE_DAY_MS) return planned;
  return Math.min(planned ?? Number.MAX_SAFE_INTEGER, at + LIVE_PACE_MS);
}
