import type { Config } from './config/config.js';
import { type Clock, systemClock } from './domain/clock.js';
import type { Log } from './domain/log.js';
import type { Publisher } from './domain/publisher.js';
import { heavyCertificateReason } from './keeper/certificate.js';
import { plainHttpReason } from './keeper/exposure.js';
import { announceRunning } from './keeper/running-file.js';
import { settingsMark } from './keeper/settings-mark.js';
import type { NodeOverrides } from './node/engine.js';
import { enterHome } from './node/enter-home.js';
import { followsOnly } from './node/follows-only.js';
import { startAlerts } from './node/keeper-alerts.js';
import { createKeeperSide } from './node/keeper-side.js';
import { statusOf } from './node/keeper-view.js';
import { listenForKeeper } from './node/listen-for-keeper.js';
import { createNodeMetrics } from './node/node-metrics.js';
import { createPasses, type WorkerInit } from './node/passes.js';
import { createLastingReaderSide } from './node/reader-side.js';
import { type Listening, listen } from './serve/listen.js';
import type { SyncProgress } from './sync/progress.js';

// The composition root. Its parts stand under `node/`, one file each; this file puts them together and is their door,
// but for what writes (node/engine.js, node/follower.js): the serving process loads no extractor, no encoder and no client.
export type { NodeOverrides, Rhythm } from './node/engine.js';
export { mendHome, msToReadDatabase, refuseFullDisk } from './node/enter-home.js';
export { followsOnlyIn } from './node/follows-only.js';
export { mailSettings } from './node/keeper-alerts.js';
export { openKeeperView } from './node/keeper-view.js';
export type { WorkerInit } from './node/passes.js';
export { createReaderSide } from './node/reader-side.js';
export { openTree } from './node/tree.js';
export { trustedLogs } from './node/trusted-logs.js';

export interface RunningNode {
  /** Where readers and the keeper find it. */
  url: string;
  adminUrl: string;
  /** Readers find nothing at `url`: only secret addresses answer, which nothing prints unasked. */
  quiet: boolean;
  /** Its news comes from other nodes alone: it asks no publisher. */
  followsOnly: boolean;
  stop(): Promise<void>;
}

export interface NodeOptions extends NodeOverrides {
  /** The program's entry file, which the sync process is started from. */
  entry: string;
  log: Log;
  onProgress?: (progress: SyncProgress) => void;
  onNextPass?: (at: number) => void;
}

/** The whole node: serves the tree, and keeps it current on a cron. */
export function createNode(config: Config, publishers: readonly Publisher[], options: NodeOptions) {
  const { log, rhythm } = options;
  const clock: Clock = options.clock ?? systemClock;
  const metrics = createNodeMetrics(publishers.map(({ id }) => id));

  async function start(): Promise<RunningNode> {
    // Creates or migrates the database before anything reads it; the publishers' cards follow in the sync process.
    const home = await enterHome(config, log, clock);
    const side = createLastingReaderSide(config, clock, metrics.onAnswer, log);
    const opened: Listening[] = [];
    const status = () => statusOf(config, side.store(), clock);
    try {
      const admin = createKeeperSide(config, {
        store: side.store,
        clock,
        log,
        status,
        metrics: () => metrics.render(status()),
        decide: (words) => passes.decide(words),
      });
      opened.push(
        await listen(side.app, config.listen, config.tls, side.door, (reason) =>
          log.warn('certificate-not-taken', { reason }),
        ),
      );
      opened.push(await listenForKeeper(admin, config.admin.listen, rhythm !== undefined));
    } catch (error) {
      await Promise.all(opened.map((listening) => listening.close(0)));
      await side.close();
      home.release();
      throw error;
    }
    const [readers, keeper] = opened as [Listening, Listening];

    const withdraw = announceRunning(config.home, {
      keeper,
      readers,
      settings: settingsMark(
        config,
        publishers.map(({ id }) => id),
      ),
    });
    const stopAlerts = startAlerts(config, { status, clock, log });
    const refreshing = setInterval(side.refresh, 500);
    const keepTraffic = side.traffic.keep();
    const exposed = plainHttpReason(config);
    if (exposed !== null) log.warn('providers-see-what-is-read', { reason: exposed });
    const heavy = config.tls === null ? null : heavyCertificateReason(config.tls.cert);
    if (heavy !== null) log.warn('certificate-heavy', { reason: heavy });
    const init: WorkerInit = { config, publishers, ...(rhythm === undefined ? {} : { rhythm }) };
    const passes = createPasses(init, {
      entry: options.entry,
      log,
      onProgress: (progress) => {
        side.refresh();
        options.onProgress?.(progress);
      },
      onRebuilt: side.reopen,
      onPassed: (nextAt, summary) => {
        metrics.onPass(summary);
        side.refresh();
        if (nextAt !== null) options.onNextPass?.(nextAt);
      },
    }).start();

    return {
      url: `http${config.tls === null ? '' : 's'}://${addressOf(readers)}/`,
      quiet: side.places.isQuiet(),
      followsOnly: followsOnly(config, side.store()),
      adminUrl: `http://${addressOf(keeper)}/`,
      stop: async () => {
        clearInterval(refreshing);
        stopAlerts();
        withdraw();
        await passes.stop();
        await Promise.all(opened.map((listening) => listening.close(3_000)));
        keepTraffic();
        await side.close();
        home.release();
      },
    };
  }

  return { start };
}

const addressOf = ({ host, port }: Listening): string =>
  `${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;
