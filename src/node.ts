import { join } from 'node:path';
import type { Config } from './config/config.js';
import { fetchSettings, VERSION } from './config/fetch-settings.js';
import { type Clock, systemClock } from './domain/clock.js';
import { UsageError } from './domain/errors.js';
import type { Fetcher } from './domain/fetcher.js';
import type { Log } from './domain/log.js';
import type { Publisher } from './domain/publisher.js';
import { createFetcher } from './fetch/fetcher.js';
import { createMetrics } from './observe/metrics.js';
import { STYLE } from './render/page.css.js';
import { safeBlocks } from './sanitize/safe-text.js';
import { splitBlock } from './sanitize/split-block.js';
import { createAdminApp } from './serve/admin-app.js';
import { createApp } from './serve/app.js';
import { type Listening, listen } from './serve/listen.js';
import { createPageCache } from './serve/page-cache.js';
import { commonHeaders, htmlHeaders } from './serve/response-headers.js';
import { createInvalidator } from './site/invalidate.js';
import { createSite } from './site/site.js';
import type { SiteConfig } from './site/site-config.js';
import { openStore } from './store/store.js';
import { indexText } from './store/tokenizer.js';
import { takeWriterLock } from './store/writer-lock.js';
import type { SyncProgress } from './sync/progress.js';
import { createSync } from './sync/sync.js';
import type { SyncConfig } from './sync/sync-config.js';
import { createSyncProcess } from './sync/sync-process.js';
import { createTimetable, intervalOf } from './sync/timetable.js';

/** What tests and the demo hand in. */
export interface NodeOverrides {
  clock?: Clock;
  fetcher?: Fetcher;
  /** A quicker rhythm than the config's, for the demo. */
  rhythm?: Rhythm;
}

/** The demo's own pace: a cron with seconds, and removals that are believed at once. */
export interface Rhythm {
  cron: string;
  jitterMs: number;
  recheckMs: readonly number[];
  confirmRemovalMs: number;
  politenessMs: number;
}

/** Raised whenever a template changes what it writes, so that a tree on disk is rendered again. */
const TEMPLATE_EDITION = 2;

const databaseFile = (config: Config): string => join(config.home, 'tamizdat.sqlite');

const siteConfig = (config: Config): SiteConfig => ({
  name: config.site.name,
  keeper: config.site.keeper,
  contact: config.site.contact,
  language: config.site.language,
  noindex: config.site.noindex,
  titleNamesPublisher: config.site.titleNamesPublisher,
  canonical: config.site.canonical,
  bodyBytes: config.line.bodyBytes,
  version: VERSION,
  privateAddress:
    config.site.basePath !== '/' || config.site.urls.some((url) => new URL(url).hostname.endsWith('.onion')),
  pictures: config.pictures.mode === 'full',
});

function syncConfig(config: Config, rhythm: Rhythm | undefined): SyncConfig {
  return {
    concurrency: config.sync.concurrency,
    maxPagesPerPass: config.sync.maxPagesPerPass,
    recheckMs: rhythm?.recheckMs ?? config.sync.recheckMs,
    confirmRemovalMs: rhythm?.confirmRemovalMs ?? 24 * 3_600_000,
    removalDailyLimit: config.removal.dailyLimit,
    removalDailyShare: config.removal.dailyShare,
    quietAfterMs: config.staleness.quietAfterMs,
    silentAfterMs: config.staleness.silentAfterMs,
    intervalMs: intervalOf(rhythm?.cron ?? config.sync.cron),
    pictures: config.pictures.mode === 'full',
    picturesMaxAgeMs: config.pictures.maxAgeMs,
    picturesMaxBytes: config.pictures.maxBytes,
  };
}

const splitter = { blocks: safeBlocks, halves: splitBlock };

/** The store as every room of this process sees it, and the map over it. Throws what `openDatabase` throws. */
export function openTree(config: Config, readOnly: boolean) {
  const store = openStore(databaseFile(config), { readOnly, tokenizer: { indexText } });
  const site = createSite(siteConfig(config), { store, splitter });
  return { store, site };
}

/**
 * All that writes: fetch, parse, extract, store, render. One process at a time; throws `writer-busy` where another holds it.
 * `prepare` must come before the first pass.
 */
export function createEngine(
  config: Config,
  publishers: readonly Publisher[],
  log: Log,
  overrides: NodeOverrides = {},
) {
  const clock = overrides.clock ?? systemClock;
  const lock = takeWriterLock(join(config.home, 'writer.lock'));
  const { store, site } = openTree(config, false);
  const settings = fetchSettings(config);
  const fetcher =
    overrides.fetcher ??
    createFetcher(
      { ...settings, politenessMs: overrides.rhythm?.politenessMs ?? settings.politenessMs },
      { clock, log },
    );
  const invalidator = createInvalidator(store);
  const sync = createSync(syncConfig(config, overrides.rhythm), {
    store,
    site,
    invalidator,
    fetcher,
    clock,
    log,
  });
  const fingerprint = JSON.stringify([VERSION, TEMPLATE_EDITION, STYLE, siteConfig(config)]);
  return {
    store,
    sync,
    prepare: (): void => sync.prepare(publishers, fingerprint),
    close: async (): Promise<void> => {
      await fetcher.close();
      store.close();
      lock.release();
    },
  };
}

/** All that answers readers, over a database that exists. It only reads. */
export function createReaderSide(
  config: Config,
  clock: Clock,
  onAnswer: (status: number, bytes: number) => void,
) {
  const { store, site } = openTree(config, true);
  const common = commonHeaders({ ...config.http, noindex: config.site.noindex });
  const { cacheControl } = config.http;
  const pages = createPageCache({ cacheControl, common, headersOf: htmlHeaders }, { store, site, clock });
  const app = createApp(
    {
      urls: config.site.urls,
      edge: config.http.edge,
      tls: config.tls !== null,
      basePath: config.site.basePath,
      common,
      cacheControl,
    },
    { store, site, pages, clock, onAnswer },
  );
  return { store, pages, app };
}

/** What the sync process is told: enough to build an engine of its own. */
export interface WorkerInit {
  config: Config;
  publishers: readonly Publisher[];
  rhythm?: Rhythm;
}

export interface RunningNode {
  /** Where readers and the keeper find it. */
  url: string;
  adminUrl: string;
  stop(): Promise<void>;
}

export interface NodeOptions extends NodeOverrides {
  /** The program's entry file, which the sync process is started from. */
  entry: string;
  log: Log;
  onProgress?: (progress: SyncProgress) => void;
  onNextPass?: (at: number) => void;
}

/** The whole node: serves the tree, and keeps it current on a cron. This is the only place that puts rooms together. */
export function createNode(config: Config, publishers: readonly Publisher[], options: NodeOptions) {
  const { log, rhythm } = options;
  const clock = options.clock ?? systemClock;
  const metrics = createMetrics();

  async function start(): Promise<RunningNode> {
    // Creates or migrates the database before anything reads it; the publishers' cards follow in the sync process.
    openTree(config, false).store.close();
    const answers = metrics.counter('tamizdat_answers_total', 'Answers sent, by class of status.', {
      class: ['2xx', '3xx', '4xx', '5xx'],
    });
    const bytes = metrics.counter('tamizdat_answer_bytes_total', 'Bytes of bodies sent.', {});
    const { store, pages, app } = createReaderSide(config, clock, (status, size) => {
      answers.add({ class: statusClass(status) });
      bytes.add({}, size);
    });
    const admin = createAdminApp({
      healthy: () => store.changes.lastSeq() >= 0,
      metrics: () => metrics.render(),
    });
    const opened: Listening[] = [];
    try {
      opened.push(await listen(app, config.listen, config.tls));
      opened.push(await listenForKeeper(admin, config.admin.listen, rhythm !== undefined));
    } catch (error) {
      await Promise.all(opened.map((listening) => listening.close(0)));
      store.close();
      throw error;
    }
    const [readers, keeper] = opened as [Listening, Listening];

    const init: WorkerInit = { config, publishers, ...(rhythm === undefined ? {} : { rhythm }) };
    const worker = createSyncProcess({
      entry: options.entry,
      init,
      log,
      onProgress: (progress) => {
        pages.refresh();
        options.onProgress?.(progress);
      },
    });
    const refreshing = setInterval(pages.refresh, 500);
    const passes = metrics.counter('tamizdat_passes_total', 'Passes over all publishers.', {});
    passes.add({}, 0);
    let underWay: Promise<void> | null = null;
    const onePass = async (): Promise<void> => {
      await worker.pass(null, false);
      passes.add({});
      pages.refresh();
      const nextAt = timetable.nextAt();
      if (nextAt !== null) options.onNextPass?.(nextAt);
    };
    const runPass = (): Promise<void> => {
      underWay ??= onePass().finally(() => {
        underWay = null;
      });
      return underWay;
    };
    const timetable = createTimetable({
      cron: rhythm?.cron ?? config.sync.cron,
      jitterMs: rhythm?.jitterMs ?? config.sync.jitterMs,
      run: runPass,
    });
    // The first pass does not wait for the clock: a fresh node would show nothing for ten minutes.
    const first = runPass();

    return {
      url: `http${config.tls === null ? '' : 's'}://${addressOf(readers)}${config.site.basePath}`,
      adminUrl: `http://${addressOf(keeper)}/`,
      stop: async () => {
        clearInterval(refreshing);
        await timetable.stop();
        await worker.stop();
        await first.catch(() => {});
        await Promise.all(opened.map((listening) => listening.close(3_000)));
        store.close();
      },
    };
  }

  return { start };
}

/** The demo takes any free port for its keeper's side, so that it starts beside a real node. */
async function listenForKeeper(
  admin: Parameters<typeof listen>[0],
  address: Config['admin']['listen'],
  anyPort: boolean,
): Promise<Listening> {
  try {
    return await listen(admin, address);
  } catch (error) {
    if (!(error instanceof UsageError) || error.code !== 'port-taken') throw error;
    if (anyPort) return listen(admin, { ...address, port: 0 });
    throw new UsageError(
      'admin-port-taken',
      `something else already listens on ${address.host}:${address.port}, the keeper's address`,
      {
        hint: `Stop it, or choose another with admin.listen in the config, or TAMIZDAT_ADMIN_LISTEN=${address.host}:${address.port + 1}.`,
        cause: error,
      },
    );
  }
}

const statusClass = (status: number) =>
  status < 300 ? '2xx' : status < 400 ? '3xx' : status < 500 ? '4xx' : '5xx';

const addressOf = ({ host, port }: Listening): string =>
  `${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;
