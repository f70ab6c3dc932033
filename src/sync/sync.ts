import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../domain/clock.js';
import type { Fetcher } from '../domain/fetcher.js';
import type { Log } from '../domain/log.js';
import type { Publisher } from '../domain/publisher.js';
import type { Invalidator } from '../site/invalidate.js';
import type { Site } from '../site/site.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import type { PassSummary, PublisherSummary, SyncProgress } from './progress.js';
import type { SyncConfig } from './sync-config.js';
import { syncPublisher } from './sync-publisher.js';

export interface SyncDeps {
  store: Store;
  site: Site;
  invalidator: Invalidator;
  fetcher: Fetcher;
  clock: Clock;
  log: Log;
}

export interface PassOptions {
  /** Only these publishers; all active ones where it is left out. */
  publishers?: readonly string[];
  /** Asks sources that rest as well: the keeper is watching. */
  force?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: SyncProgress) => void;
}

export type Sync = ReturnType<typeof createSync>;

/** What the tree's bytes depend on besides the articles: another value means everything is rendered again. */
const FINGERPRINT = 'site-fingerprint';

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
      store.dirty.mark(invalidator.everything());
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

  async function one(publisher: StoredPublisher, options: PassOptions): Promise<PublisherSummary> {
    const onProgress = options.onProgress ?? (() => {});
    try {
      const summary = await syncPublisher(
        publisher,
        {
          ...deps,
          config,
          force: options.force ?? false,
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        },
        onProgress,
      );
      onProgress({ kind: 'publisher', summary });
      return summary;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error('publisher-pass-broke', { publisher: publisher.id, reason });
      return {
        publisherId: publisher.id,
        outcome: 'trouble',
        reason,
        fresh: 0,
        changed: 0,
        unchanged: 0,
        removed: 0,
        failed: 1,
        problems: [],
      };
    }
  }

  /** One pass over all publishers, or those asked for. Never rejects for a publisher's sake. */
  async function pass(options: PassOptions = {}): Promise<PassSummary> {
    const startedAt = clock.now();
    const wanted = options.publishers;
    const todo = store.publishers
      .active()
      .filter((publisher) => wanted === undefined || wanted.includes(publisher.id));
    options.onProgress?.({ kind: 'started', publishers: todo.length });
    const summaries: PublisherSummary[] = [];
    const queue = [...todo];
    const worker = async () => {
      for (let publisher = queue.shift(); publisher !== undefined; publisher = queue.shift()) {
        if (options.signal?.aborted) return;
        summaries.push(await one(publisher, options));
      }
    };
    await Promise.all(Array.from({ length: Math.min(config.concurrency, todo.length) }, worker));
    const rendered = await render(options);
    const order = new Map(todo.map((publisher, index) => [publisher.id, index]));
    summaries.sort((a, b) => (order.get(a.publisherId) ?? 0) - (order.get(b.publisherId) ?? 0));
    return { startedAt, endedAt: clock.now(), publishers: summaries, rendered };
  }

  return { prepare, pass, render };
}
