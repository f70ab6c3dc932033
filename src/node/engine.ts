import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { fetchSettings, VERSION } from '../config/fetch-settings.js';
import { type Clock, systemClock } from '../domain/clock.js';
import type { Fetcher } from '../domain/fetcher.js';
import type { FileFetcher } from '../domain/file-fetcher.js';
import type { Log } from '../domain/log.js';
import type { PictureEncoder } from '../domain/picture.js';
import type { Publisher } from '../domain/publisher.js';
import { createFetcher } from '../fetch/fetcher.js';
import { FIRST_START } from '../keeper/collect.js';
import { encodePicture } from '../media/encode-picture.js';
import { STYLE } from '../render/page.css.js';
import { createInvalidator } from '../site/invalidate.js';
import { readTrafficFile, trafficFile } from '../store/traffic-file.js';
import { takeWriterLock } from '../store/writer-lock.js';
import { createSync } from '../sync/sync.js';
import type { SyncConfig } from '../sync/sync-config.js';
import { intervalOf } from '../sync/timetable.js';
import { createNodeDesk, goOnWith } from './desk.js';
import { createFollower } from './follower.js';
import { followsOnly } from './follows-only.js';
import { createKeepSafe } from './keep-safe.js';
import { openTree, siteConfig } from './tree.js';

/** What tests and the demo hand in. */
export interface NodeOverrides {
  clock?: Clock;
  fetcher?: Fetcher;
  /** For the files of followed trees. */
  fileFetcher?: FileFetcher;
  encodePicture?: PictureEncoder;
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
const TEMPLATE_EDITION = 8;

function syncConfig(config: Config, rhythm: Rhythm | undefined): SyncConfig {
  return {
    concurrency: config.sync.concurrency,
    maxArticlesPerPass: config.sync.maxArticlesPerPass,
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
    retentionMaxAgeMs: config.retention.maxAgeMs,
    retentionMaxBytes: config.retention.maxBytes,
  };
}

/** What the whole tree was rendered with: another, and all of it is rendered again. */
export const treeFingerprint = (config: Config): string =>
  JSON.stringify([VERSION, TEMPLATE_EDITION, STYLE, siteConfig(config)]);

/**
 * All that writes: fetch, parse, extract, store, render. One process at a time; throws `writer-busy` where another holds it.
 * `prepare` must come before the first pass.
 */
export function createEngine(
  config: Config,
  configured: readonly Publisher[],
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
  const onlyFollows = followsOnly(config, store);
  const publishers = onlyFollows ? [] : configured;
  const desk = onlyFollows
    ? null
    : createNodeDesk(config, {
        store,
        invalidator,
        clock,
        log,
        // Only the demo has a pace of its own.
        isDemo: overrides.rhythm !== undefined,
      });
  const sync = createSync(syncConfig(config, overrides.rhythm), {
    store,
    site,
    invalidator,
    fetcher,
    encodePicture: overrides.encodePicture ?? ((bytes) => encodePicture(bytes)),
    clock,
    log,
    ...(desk === null ? {} : { publish: desk.publish }),
    pull: (options) => follower.pass(options),
  });
  const fingerprint = treeFingerprint(config);
  const follower = createFollower(config, {
    store,
    invalidator,
    clock,
    log,
    ownPublishers: publishers.map(({ id }) => id),
    onPublishers: (followed) => sync.prepare([...publishers, ...followed], fingerprint),
    ...(overrides.fileFetcher === undefined ? {} : { fetcher: overrides.fileFetcher }),
  });
  return {
    store,
    sync,
    desk,
    follower,
    /** What keeps the node safe, after a pass: the day's backup. */
    keepSafe: createKeepSafe(config, { store, clock, log }),
    prepare: (): void => {
      if (store.meta.get(FIRST_START) === null)
        store.meta.put(FIRST_START, String(store.keeper.firstSourceAt() ?? clock.now()));
      follower.prepare(config.join);
      sync.prepare([...publishers, ...follower.publishers()], fingerprint);
      if (desk !== null) goOnWith(desk, follower, { store, log });
      store.traffic.take(readTrafficFile(trafficFile(config.home)));
    },
    close: async (): Promise<void> => {
      await fetcher.close();
      store.close();
      lock.release();
    },
  };
}
