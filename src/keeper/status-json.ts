import type { StatusReport } from './status.js';

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** The report as a program reads it: times in ISO 8601 UTC or null, sizes in bytes. */
export function statusJson(report: StatusReport, running: boolean): object {
  const { at, firstStartAt, lastPassAt, backup, waiting, publishers, certificate, keys, peers, verified } =
    report;
  const { rebuilt, version, name, home, urls, troubles, articles, dirtyGroups, disk, traffic, syncPaused } =
    report;
  return {
    at: iso(at),
    version,
    name,
    home,
    urls,
    running,
    firstStart: iso(firstStartAt),
    lastPass: iso(lastPassAt),
    backup: { last: iso(backup.at), trouble: backup.trouble, daily: backup.daily },
    rebuilt: rebuilt && { ...rebuilt, at: iso(rebuilt.at) },
    syncPaused,
    waiting: waiting.map(({ publisherId, askedAt, ...rest }) => ({
      ...rest,
      publisher: publisherId,
      asked: iso(askedAt),
    })),
    warnings: troubles.map(({ kind, key, level, what, todo }) => ({ kind, key, level, what, todo })),
    publishers: publishers.map(({ heardAt, newsAt, lastPass, sources, ...rest }) => ({
      ...rest,
      heard: iso(heardAt),
      news: iso(newsAt),
      lastPass: lastPass && {
        ...lastPass,
        startedAt: undefined,
        endedAt: undefined,
        started: iso(lastPass.startedAt),
        ended: iso(lastPass.endedAt),
      },
      sources: sources.map(({ sinceAt, triedAt, nextTryAt, ...source }) => ({
        ...source,
        since: iso(sinceAt),
        tried: iso(triedAt),
        nextTry: iso(nextTryAt),
      })),
    })),
    articles,
    dirtyGroups,
    disk,
    traffic,
    certificate: certificate && {
      ...certificate,
      expiresAt: undefined,
      expires: iso(certificate.expiresAt),
    },
    keys: keys.map(({ expiresAt, ...key }) => ({ ...key, expires: iso(expiresAt) })),
    peers: peers.map(({ heardAt, ...peer }) => ({ ...peer, heard: iso(heardAt) })),
    verified: verified && { ok: verified.ok, reason: verified.reason, at: iso(verified.at) },
  };
}
