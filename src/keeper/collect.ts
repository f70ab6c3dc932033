import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { VERSION } from '../config/fetch-settings.js';
import { dailyAllowance, utcDay } from '../domain/traffic.js';
import { backupState } from '../safety/daily-backup.js';
import { diskRoom } from '../safety/disk-room.js';
import { rebuiltNote } from '../safety/mend-database.js';
import type { Decision } from '../store/decision-table.js';
import { parseMove } from '../store/moved-sources.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import { recentTraffic } from '../store/recent-traffic.js';
import type { Store } from '../store/store.js';
import { certificateStatus } from './certificate.js';
import { databaseBytes } from './disk.js';
import type { PublisherStatus, StatusReport, TrafficStatus, WaitingDecision } from './status.js';
import { troublesOf } from './troubles.js';
import { NO_TRUST, type TrustStatus } from './trust.js';
import { sizeText } from './units.js';

/** Meta value: when the first engine of this home started, in milliseconds. */
export const FIRST_START = 'first-start';

export interface CollectDeps {
  store: Store;
  /** Milliseconds since the epoch. */
  now: number;
  trust?: TrustStatus;
}

/** Everything the keeper is shown, read in one go. Only reads: beside a running node as well. */
export function collectStatus(config: Config, { store, now, trust = NO_TRUST }: CollectDeps): StatusReport {
  const counts = store.keeper.articles();
  const publishers = store.publishers.active().map((publisher) => publisherStatus(publisher, store, counts));
  const pictures = store.keeper.pictures();
  const room = diskRoom(config.home);
  const facts = {
    at: now,
    version: VERSION,
    name: config.site.name,
    home: config.home,
    urls: config.site.urls,
    firstStartAt: Number(store.meta.get(FIRST_START)) || store.keeper.firstSourceAt(),
    waiting: store.decisions.open().map((decision) => waitingDecision(decision, store)),
    publishers,
    articles: {
      live: publishers.reduce((sum, { articles }) => sum + articles, 0),
      removed: publishers.reduce((sum, { removed }) => sum + removed, 0),
    },
    dirtyGroups: store.dirty.count(),
    lastPassAt: publishers.reduce<number | null>(
      (latest, { lastPass }) => Math.max(latest ?? 0, lastPass?.endedAt ?? 0) || null,
      null,
    ),
    disk: {
      databaseBytes: databaseBytes(join(config.home, 'tamizdat.sqlite')),
      pictures: pictures.count,
      picturesBytes: pictures.bytes,
      picturesMaxBytes: config.pictures.maxBytes,
      freeBytes: room.freeBytes,
      room: room.state,
    },
    traffic: trafficStatus(config, store, now),
    certificate: config.tls === null ? null : certificateStatus(config.tls.cert, now),
    backup: backupStatus(config, store),
    rebuilt: rebuiltNote(store.meta, config.home),
    syncPaused: room.state === 'full' ? `the disk is full (${sizeText(room.freeBytes)} free)` : null,
    keys: trust.keys,
    peers: trust.peers,
    mirrors: trust.mirrors,
    verified: trust.verified,
  };
  return { ...facts, troubles: troublesOf(facts, config) };
}

function trafficStatus(config: Config, store: Store, now: number): TrafficStatus {
  const { bytesPerMonth } = config.limits;
  const today = utcDay(now);
  const days = recentTraffic(store, config.home, `${today.slice(0, 7)}-01`);
  const last = days.find(({ day }) => day === today);
  return {
    todayBytes: last?.bytes ?? 0,
    todayAllowance: dailyAllowance(bytesPerMonth, days, now),
    monthBytes: days.reduce((sum, { bytes }) => sum + bytes, 0),
    monthCap: bytesPerMonth,
    todayAnswers: Object.values(last?.answers ?? {}).reduce((sum, count) => sum + count, 0),
  };
}

function backupStatus({ backup, home }: Config, store: Store): StatusReport['backup'] {
  const { last, trouble } = backupState(store.meta, backup.dir ?? join(home, 'backups'));
  return { at: last?.at ?? null, trouble: trouble?.reason ?? null, daily: backup.daily };
}

function publisherStatus(
  publisher: StoredPublisher,
  store: Store,
  counts: ReturnType<Store['keeper']['articles']>,
): PublisherStatus {
  const own = counts.filter(({ publisherId }) => publisherId === publisher.id);
  const live = own.filter(({ state }) => state === 'live').reduce((sum, { count }) => sum + count, 0);
  const all = own.reduce((sum, { count }) => sum + count, 0);
  const [last, before] = store.passes.newest(publisher.id, 2);
  // A pass under way has nothing to tell yet.
  const told = last?.endedAt === null ? (before ?? last) : last;
  return {
    id: publisher.id,
    name: publisher.names[publisher.language] ?? publisher.names.en ?? publisher.id,
    articles: live,
    removed: all - live,
    heardAt: publisher.heardAt,
    newsAt: publisher.newsAt,
    silence: publisher.silence,
    lastPass:
      told === undefined
        ? null
        : {
            startedAt: told.startedAt,
            endedAt: told.endedAt,
            outcome: told.outcome,
            reason: told.reason,
            fresh: told.fresh,
            changed: told.changed,
            removed: told.removed,
            failed: told.failed,
          },
    sources: publisher.sources.map(({ url, role }) => {
      const known = store.sources.get(publisher.id, url);
      return {
        url,
        role,
        state: known?.state ?? 'untried',
        sinceAt: known?.sinceAt ?? 0,
        reason: known?.reason ?? null,
        triedAt: known?.triedAt ?? null,
        nextTryAt: known?.nextTryAt ?? null,
      };
    }),
  };
}

/** A decision with what it is about, the article's headline included, and the commands that decide it. */
export function waitingDecision(decision: Decision, store: Store): WaitingDecision {
  const { id, publisherId, kind, detail, askedAt } = decision;
  const article =
    kind === 'removal' || kind === 'rewrite'
      ? store.articles.find(publisherId, { stableId: detail, guid: null, url: null })
      : null;
  return {
    id,
    publisherId,
    kind,
    askedAt,
    what: `${decisionText(decision)}${article === null ? '' : `, “${article.title}”`}`,
    url: article?.url ?? null,
    accept:
      kind === 'sign-removals' ? 'tamizdat keys sign-removals --keys DIR' : `tamizdat decisions accept ${id}`,
    refuse: `tamizdat decisions refuse ${id}`,
  };
}

/** What a yes would do, in words. */
export function decisionText({ kind, detail }: Pick<Decision, 'kind' | 'detail'>): string {
  if (kind === 'moved') {
    const { from, to } = parseMove(detail);
    return `${from} moved to ${to}`;
  }
  if (kind === 'sign-removals')
    return `sign that the log’s first ${detail} entries may hold so many removals`;
  return kind === 'removal' ? `remove article ${detail}` : `take the rewritten text of article ${detail}`;
}
