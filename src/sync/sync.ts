import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../domain/clock.js';
import type { Fetcher } from '../domain/fetcher.js';
import type { FollowSummary } from '../domain/follow-summary.js';
import type { Log } from '../domain/log.js';
import type { PictureEncoder } from '../domain/picture.js';
import type { Publisher } from '../domain/publisher.js';
import type { Invalidator } from '../site/invalidate.js';
import type { Site } from '../site/site.js';
import type { Verdict } from '../store/decision-table.js';
import type { Store } from '../store/store.js';
import { isStorageTrouble } from '../store/trouble.js';
import { type BackfillOptions, type BackfillSummary, backfill } from './backfill.js';
import { rankOlder } from './index-article.js';
import { createMirrorAddresses } from './mirror-addresses.js';
import type { PassSummary, SyncProgress } from './progress.js';
import { applyRetention, type Falling } from './retention.js';
import { type DecisionResult, settleDecision } from './settle-decision.js';
import type { SyncConfig } from './sync-config.js';
import { openPublisherPass, type PublisherPass } from './sync-publisher.js';

export interface SyncDeps {
  store: Store;
  site: Site;
  invalidator: Invalidator;
  fetcher: Fetcher;
  encodePicture: PictureEncoder;
  clock: Clock;
  log: Log;
  /** Brings the signed tree up to the store, where this node signs. Never rejects. */
  publish?: (onProgress: (left: number) => void) => Promise<unknown>;
  /** One pass over the repositories that this node follows, where it follows any. Never rejects for what peers do. */
  pull?: (options: {
    signal?: AbortSignal;
    onLeft: (left: number) => void;
  }) => Promise<readonly FollowSummary[]>;
}

export interface PassOptions {
  /** Only these publishers; all active ones where it is left out. */
  publishers?: readonly string[];
  /** Asks sources that rest as well: the keeper is watching. */
  force?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: SyncProgress) => void;
}

/** What the tree's bytes depend on besides the articles: another value means everything is rendered again. */
export const FINGERPRINT = 'site-fingerprint';

/** The flow that keeps the tree current. Only one process may hold it at a time. */
export function createSync(config: SyncConfig, deps: SyncDeps) {
  const { store, site, invalidator, clock, log } = deps;

  /** Makes the store's publishers those of the config, and marks what another config or template makes out of date. */
  function prepare(publishers: readonly Publisher[], fingerprint: string): void {
    store.transaction(() => {
      const changed = store.publishers.sync(publishers, clock.now());
      for (const id of changed) {
        store.changes.add({
          at: clock.now(),
          kind: 'publisher',
          publisherId: id,
          articleId: null,
          revision: null,
        });
      }
      if (changed.length === 0 && store.meta.get(FINGERPRINT) === fingerprint) return;
      store.dirty.mark(invalidator.everything(changed));
      store.meta.put(FINGERPRINT, fingerprint);
    });
  }

  /** Renders what is out of date, letting other work of the process in between. */
  async function render(options: Pick<PassOptions, 'signal' | 'onProgress'> = {}): Promise<number> {
    let rendered = 0;
    while (!options.signal?.aborted && site.renderNext(clock.now())) {
      rendered += 1;
      if (rendered % 20 === 0) options.onProgress?.({ kind: 'rendering', left: store.dirty.count() });
      await nextTurn();
    }
    return rendered;
  }

  /** One step of one publisher's pass. What no publisher can be blamed for is logged, and ends that publisher's pass only. */
  async function step(pass: PublisherPass, index: number, broken: Set<PublisherPass>): Promise<void> {
    if (broken.has(pass)) return;
    try {
      await pass.steps[index]?.();
    } catch (error) {
      // What a full, failing or damaged disk stops, it stops for every publisher.
      if (isStorageTrouble(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      log.error('publisher-pass-broke', { publisher: pass.publisherId, reason });
      pass.broke(`broke: ${reason}`);
      broken.add(pass);
    }
  }

  /**
   * One pass over all publishers, or those asked for: first every feed, then pages, then pictures, and after each of the three the
   * tree is rendered, so that headlines are up before the first picture is fetched. Never rejects for a publisher's sake.
   */
  async function pass(options: PassOptions = {}): Promise<PassSummary> {
    const startedAt = clock.now();
    const onProgress = options.onProgress ?? (() => {});
    const wanted = options.publishers;
    const todo = store.publishers
      .active()
      // One without sources comes through the nodes that are followed.
      .filter(({ id, sources }) => sources.length > 0 && (wanted === undefined || wanted.includes(id)));
    onProgress({ kind: 'started', publishers: todo.length });
    const passDeps = {
      ...deps,
      config,
      force: options.force ?? false,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    };
    const passes = todo.map((publisher) => openPublisherPass(publisher, passDeps, onProgress));
    const broken = new Set<PublisherPass>();
    let rendered = await render(options);
    const followed = wanted === undefined ? await pull(options) : [];
    if (followed.length > 0) rendered += await render(options);
    for (let index = 0; index < STEPS; index += 1) {
      await atOnce(config.concurrency, passes, (one) => step(one, index, broken));
      rendered += await render(options);
    }
    evictPictures();
    if (!options.signal?.aborted) await deps.publish?.((left) => onProgress({ kind: 'signing', left }));
    // Only once it is signed: what falls out here is still in the log.
    await applyRetention(config, deps, options.signal === undefined ? {} : { signal: options.signal });
    if (!options.signal?.aborted) rankOlder(store, RANKED_IN_A_PASS);
    const scrubbed = await scrubSearch(options.signal);
    const publishers = passes.map((one) => one.end());
    for (const summary of publishers) onProgress({ kind: 'publisher', summary });
    rendered += await render(options);
    if (rendered > 0 || scrubbed) store.checkpoint();
    return { startedAt, endedAt: clock.now(), publishers, followed, rendered };
  }

  async function pull({ signal, onProgress = () => {} }: PassOptions): Promise<readonly FollowSummary[]> {
    const followed =
      (await deps.pull?.({
        ...(signal === undefined ? {} : { signal }),
        onLeft: (left) => onProgress({ kind: 'pulling', left }),
      })) ?? [];
    for (const summary of followed) onProgress({ kind: 'followed', summary });
    return followed;
  }

  /** Takes what was buried or taken back out of the search index's file; whether it wrote. What is left is the next pass's. */
  async function scrubSearch(signal: AbortSignal | undefined): Promise<boolean> {
    let steps = 0;
    while (steps < SCRUBS_IN_A_PASS && !signal?.aborted && store.searchScrub.step()) {
      steps += 1;
      await nextTurn();
    }
    return steps > 0;
  }

  /** Keeps pictures within the age and the room that the config gives them; their articles are rendered without. */
  function evictPictures(): void {
    store.transaction(() => {
      for (const id of store.media.evict(clock.now() - config.picturesMaxAgeMs, config.picturesMaxBytes)) {
        const article = store.articles.get(id);
        if (article !== null) store.dirty.mark(invalidator.ofArticle(article, 'edition', null));
      }
    });
  }

  /** The keeper's word on a question that waits; what it changes is rendered at once. */
  async function decide(id: number, verdict: Verdict): Promise<DecisionResult> {
    const result = settleDecision(id, verdict, deps);
    await deps.publish?.(() => {});
    await render();
    store.checkpoint();
    return result;
  }

  /** Older articles from a publisher's archive; what came is rendered when it ends, or by the next pass. */
  async function fillBack(options: BackfillOptions): Promise<BackfillSummary> {
    const summary = await backfill(options, { ...deps, config });
    await render(options.signal === undefined ? {} : { signal: options.signal });
    return summary;
  }

  /** Lets fall out of retention all there is to, and renders what showed it. */
  async function prune(
    options: { onPruned?: (done: number) => void; signal?: AbortSignal } = {},
  ): Promise<Falling[]> {
    const pruned = await applyRetention(config, deps, { ...options, most: Number.MAX_SAFE_INTEGER });
    await render(options.signal === undefined ? {} : { signal: options.signal });
    store.checkpoint();
    return pruned;
  }

  return {
    prepare,
    pass,
    render,
    decide,
    prune,
    backfill: fillBack,
    addresses: createMirrorAddresses(deps),
  };
}

/** Of an older release's articles, after an upgrade: seconds of work, and 100,000 are done in a day. */
const RANKED_IN_A_PASS = 2_000;

/** Some seconds of work; an index of 100,000 articles may take a pass more. */
const SCRUBS_IN_A_PASS = 100;

/** Feeds, pages, pictures. */
const STEPS = 3;

/** Does `work` for each item, at most `limit` at a time. */
async function atOnce<T>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
