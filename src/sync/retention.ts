import { setImmediate as nextTurn } from 'node:timers/promises';
import { faultPoint } from '../domain/fault-point.js';
import type { StoredArticle } from '../store/article-row.js';
import type { Weighed } from '../store/retention-queries.js';
import type { Store } from '../store/store.js';
import type { TakeDeps } from './page-deps.js';
import type { SyncConfig } from './sync-config.js';

/** Articles pruned in one transaction: some 50 ms, so that nothing waits long for the lock. */
const BATCH = 25;
/** Articles pruned in one pass; the next one goes on. A mirror of a hundred thousand that gets a limit is there in a day. */
const MOST_A_PASS = 2_000;
/** Bytes never cost what is younger: a limit set too low must not empty a mirror of its news. */
const NEWS_MS = 2 * 86_400_000;

export type RetentionConfig = Pick<SyncConfig, 'retentionMaxAgeMs' | 'retentionMaxBytes'>;

export interface Falling extends Weighed {
  reason: 'age' | 'bytes';
}

/** The next articles to fall out, the oldest first: those too old, then as many as `usedBytes` is over the limit. */
function nextToFall(
  store: Store,
  config: RetentionConfig,
  at: number,
  usedBytes: number,
  { limit, offset = 0 }: { limit: number; offset?: number },
): Falling[] {
  const { retentionMaxAgeMs: maxAge, retentionMaxBytes: maxBytes } = config;
  const tooOldAt = maxAge === null ? Number.NEGATIVE_INFINITY : at - maxAge;
  let over = maxBytes === null ? 0 : usedBytes - maxBytes;
  const falling: Falling[] = [];
  for (const one of store.retention.oldest(Math.max(tooOldAt, at - NEWS_MS), limit, offset)) {
    if (one.publishedAt < tooOldAt) falling.push({ ...one, reason: 'age' });
    else if (over > 0) falling.push({ ...one, reason: 'bytes' });
    else break;
    over -= one.bytes;
  }
  return falling;
}

/** Everything that would fall out now, by what each is thought to weigh. Reads only. */
export function planRetention(store: Store, config: RetentionConfig, at: number): Falling[] {
  const planned: Falling[] = [];
  let used = store.retention.usedBytes();
  for (;;) {
    const next = nextToFall(store, config, at, used, { limit: 500, offset: planned.length });
    planned.push(...next);
    used -= next.reduce((sum, { bytes }) => sum + bytes, 0);
    if (next.length < 500) return planned;
  }
}

/**
 * Lets fall out what is too old or too much, in small steps: from lists, feeds, search, pictures and pages. Nothing enters the change
 * sequence or the signed log. Answers what went; what is past `MOST_A_PASS` is left to the next call.
 */
export async function applyRetention(
  config: RetentionConfig,
  deps: TakeDeps,
  options: { signal?: AbortSignal; onPruned?: (done: number) => void; most?: number } = {},
): Promise<Falling[]> {
  const { store, invalidator, clock } = deps;
  const gone: Falling[] = [];
  if (config.retentionMaxAgeMs === null && config.retentionMaxBytes === null) return gone;
  const most = options.most ?? MOST_A_PASS;
  while (gone.length < most && !options.signal?.aborted) {
    const at = clock.now();
    const falling = nextToFall(store, config, at, store.retention.usedBytes(), { limit: BATCH });
    if (falling.length === 0) break;
    store.transaction(() => {
      const articles = falling.flatMap(({ id }) => store.articles.get(id) ?? []);
      letFall(articles, { store, invalidator }, at);
    });
    faultPoint('sync:pruned');
    gone.push(...falling);
    options.onPruned?.(gone.length);
    await nextTurn();
  }
  return gone;
}

/** Drops what these articles said, and marks the pages that showed it. Inside the caller's transaction. */
export function letFall(
  articles: readonly StoredArticle[],
  { store, invalidator }: Pick<TakeDeps, 'store' | 'invalidator'>,
  at: number,
): void {
  for (const { id } of articles) store.retention.prune(id, at);
  faultPoint('sync:half-pruned');
  store.dirty.mark(invalidator.ofPruned(articles));
  store.dirty.mark(articles.flatMap((article) => pagesThatList(store, article)));
}

/** Later articles that name it among their earlier headlines: the link would lead nowhere. */
const pagesThatList = (store: Store, article: StoredArticle) =>
  store.articles
    .listing(article)
    .map((id) => ({ key: `article:${id}`, priority: 1, firstPage: null, lastPage: null }));
