import { UsageError } from '../domain/errors.js';
import { faultPoint } from '../domain/fault-point.js';
import type { FeedEntry } from '../domain/feed.js';
import type { PageDeps } from './page-deps.js';
import { createPassTally } from './pass-tally.js';
import { readPages } from './read-page.js';
import { takeEntries } from './take-entries.js';
import { walkArchive } from './walk-archive.js';

export interface BackfillOptions {
  publisherId: string;
  sinceAt: number;
  signal?: AbortSignal;
  onProgress?: (progress: BackfillProgress) => void;
}

export interface BackfillProgress {
  /** Share of the time asked for that was walked, 0 to 1; how much there is in it shows only on the way. */
  share: number;
  /** Articles held of that time, whichever run brought them. */
  held: number;
}

export interface BackfillSummary {
  fresh: number;
  unchanged: number;
  failed: number;
  /** Null: the walk came to its end. Else why it stopped; the next run goes on from there. */
  stopped: string | null;
  problems: readonly { subject: string; reason: string }[];
}

/** An archive has an end; this is past the largest: 10,000 requests at a second each are three hours. */
const MOST_REQUESTS = 10_000;
/** Articles taken before their pages are read: few stand without a text at any moment. */
const BATCH = 20;

/**
 * Takes what a publisher published since `sinceAt` from its WordPress listing or sitemap, newest first. Its position is kept, so
 * that whatever ends it, the next run goes on where it was. Throws `unknown-publisher`, and `no-archive` where it has no such source.
 */
export async function backfill(options: BackfillOptions, deps: PageDeps): Promise<BackfillSummary> {
  const { store, clock } = deps;
  const publisher = store.publishers.get(options.publisherId);
  const archive =
    publisher?.sources.find(({ kind }) => kind === 'wordpress') ??
    publisher?.sources.find(({ kind }) => kind === 'sitemap');
  if (publisher === null)
    throw new UsageError('unknown-publisher', `this node does not mirror "${options.publisherId}"`, {
      hint: 'Add it under publishers: in the config, or with TAMIZDAT_PUBLISHERS; `tamizdat publishers list` names those there are.',
    });
  if (archive === undefined) {
    throw new UsageError('no-archive', `${options.publisherId} has no source to walk back in`, {
      hint: 'Give its publisher file a source of kind wordpress or sitemap, with role fallback: docs/publishers.md.',
    });
  }
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const place = `backfill:${publisher.id}:${archive.url}:${options.sinceAt}`;
  const tally = createPassTally();
  const startedAt = clock.now();
  const take = async (entries: readonly FeedEntry[]): Promise<void> => {
    await takeEntries(publisher, archive, entries, deps, tally);
    await readPages(publisher, { ...deps, ...signal }, tally, () => undefined);
  };
  const summary = (stopped: string | null): BackfillSummary => {
    const { fresh, unchanged, failed } = tally.counts;
    return { fresh, unchanged, failed, stopped, problems: tally.problems };
  };

  const walk = {
    sinceAt: options.sinceAt,
    cursor: store.meta.get(place) || null,
    mostRequests: MOST_REQUESTS,
  };
  for await (const step of walkArchive(publisher, archive, { ...walk, ...signal }, deps.fetcher)) {
    if (step.kind === 'trouble') return summary(step.reason);
    if (step.kind === 'lost') {
      tally.failed(step.url, step.reason);
      continue;
    }
    for (let from = 0; from < step.entries.length; from += BATCH) {
      if (options.signal?.aborted) return summary('aborted: the rest is left to the next run');
      await take(step.entries.slice(from, from + BATCH));
      const reachedAt = step.entries.slice(0, from + BATCH).at(-1)?.publishedAt ?? startedAt;
      const share = (startedAt - reachedAt) / Math.max(1, startedAt - options.sinceAt);
      const held = store.lists.count({
        publisherId: publisher.id,
        fromAt: Math.max(reachedAt, options.sinceAt),
      });
      options.onProgress?.({ share: Math.min(1, Math.max(0, share)), held });
      faultPoint('sync:backfill-batch');
    }
    if (options.signal?.aborted) return summary('aborted: the rest is left to the next run');
    store.meta.put(place, step.cursor);
  }
  store.meta.put(place, '');
  return summary(null);
}
