import type { Metrics } from '../observe/metrics.js';
import type { StatusReport } from './status.js';
import { PEER_STATES } from './trust.js';

const SOURCE_STATES = ['untried', 'fresh', 'quiet', 'stale', 'suspect', 'blocked', 'broken'] as const;
const ROLES = ['root', 'targets', 'edition', 'mirrors', 'snapshot', 'timestamp'] as const;

/** Publishers as labels: those of the configuration, known when the node starts. */
interface Labels {
  publishers: readonly string[];
  version: string;
}

const seconds = (at: number): number => Math.floor(at / 1_000);

/** What the keeper's status says, as gauges. Answers what brings them up to date with a report; to be called before they are read. */
export function createStatusMetrics(metrics: Metrics, { publishers, version }: Labels) {
  const gauge = <const L extends Readonly<Record<string, readonly string[]>>>(
    name: string,
    help: string,
    labels: L,
  ) => metrics.gauge(`tamizdat_${name}`, help, labels);

  const info = gauge('info', 'The running version, as a label.', { version: [version] });
  const sources = gauge('sources', 'Sources of a publisher in each state.', {
    publisher: publishers,
    state: SOURCE_STATES,
  });
  const articles = gauge('articles', 'Articles of a publisher that are shown.', { publisher: publishers });
  const heard = gauge('publisher_heard_timestamp_seconds', 'When any source of a publisher last answered.', {
    publisher: publishers,
  });
  const lastPass = gauge('last_pass_timestamp_seconds', 'When a pass last ended.', {});
  const dirty = gauge('dirty_groups', 'Groups of documents that are out of date.', {});
  const waiting = gauge('decisions_waiting', 'Questions that wait for the keeper.', {});
  const warnings = gauge('warnings', 'What the status warns of, by level.', { level: ['warn', 'fail'] });
  const free = gauge('disk_free_bytes', 'Bytes that the node may still write on its disk.', {});
  const database = gauge('database_bytes', 'Bytes of the database files.', {});
  const pictures = gauge('pictures_bytes', 'Bytes of encoded pictures in the database.', {});
  const paused = gauge('sync_paused', '1 while nothing is synced because the disk is full.', {});
  const today = gauge('traffic_today_bytes', 'Bytes sent to readers this UTC day.', {});
  const month = gauge('traffic_month_bytes', 'Bytes sent to readers this UTC month.', {});
  const allowance = gauge('traffic_today_allowance_bytes', 'Bytes that this UTC day may cost.', {});
  const backup = gauge('backup_timestamp_seconds', 'When the newest automatic backup was made.', {});
  const certificate = gauge('certificate_expiry_timestamp_seconds', 'When the certificate runs out.', {});
  const keys = gauge('key_expiry_timestamp_seconds', 'When what a signing role signed runs out.', {
    role: ROLES,
  });
  const peers = gauge('peers', 'Peers this node follows, by state.', { state: PEER_STATES });
  const verified = gauge('verified', '1 where what the node follows verifies, 0 where it does not.', {});

  return (report: StatusReport): void => {
    info.set({ version }, 1);
    for (const { id, sources: own, articles: count, heardAt } of report.publishers) {
      if (!publishers.includes(id)) continue;
      for (const state of SOURCE_STATES)
        sources.set({ publisher: id, state }, own.filter((source) => source.state === state).length);
      articles.set({ publisher: id }, count);
      if (heardAt !== null) heard.set({ publisher: id }, seconds(heardAt));
    }
    if (report.lastPassAt !== null) lastPass.set({}, seconds(report.lastPassAt));
    dirty.set({}, report.dirtyGroups);
    waiting.set({}, report.waiting.length);
    for (const level of ['warn', 'fail'] as const)
      warnings.set({ level }, report.troubles.filter((trouble) => trouble.level === level).length);
    free.set({}, report.disk.freeBytes);
    database.set({}, report.disk.databaseBytes);
    pictures.set({}, report.disk.picturesBytes);
    paused.set({}, report.syncPaused === null ? 0 : 1);
    today.set({}, report.traffic.todayBytes);
    month.set({}, report.traffic.monthBytes);
    if (report.traffic.todayAllowance !== null) allowance.set({}, report.traffic.todayAllowance);
    if (report.backup.at !== null) backup.set({}, seconds(report.backup.at));
    if (report.certificate !== null) certificate.set({}, seconds(report.certificate.expiresAt));
    for (const { role, expiresAt } of report.keys) {
      const known = ROLES.find((name) => name === role);
      if (known !== undefined) keys.set({ role: known }, seconds(expiresAt));
    }
    for (const state of PEER_STATES)
      peers.set({ state }, report.peers.filter((peer) => peer.state === state).length);
    if (report.verified !== null) verified.set({}, report.verified.ok ? 1 : 0);
  };
}
