import type { PublisherStatus, SourceStatus, StatusReport } from './status.js';
import { agoText, countedText, countText, sizeText, spanText, timeText } from './units.js';

/** A first pass over a large archive may take so long; one that began earlier and has no end was cut off. */
const LONGEST_PASS_MS = 3 * 3_600_000;

/** How the last pass over a publisher went, in a few words. */
export function passText({ lastPass, sources }: PublisherStatus, now: number): string {
  if (lastPass === null) return sources.length === 0 ? 'comes from other nodes' : 'not yet';
  if (lastPass.endedAt === null)
    return now - lastPass.startedAt < LONGEST_PASS_MS ? 'the first has not ended' : 'cut off';
  const counts = [
    [lastPass.fresh, 'new'],
    [lastPass.changed, 'changed'],
    [lastPass.removed, 'removed'],
    [lastPass.failed, 'failed'],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  if (lastPass.outcome === 'trouble') return `nothing came: ${lastPass.reason ?? 'no reason given'}`;
  return told.length === 0 ? 'nothing new' : told.join(', ');
}

/** When a source is asked next: with the next pass where it does not rest, and one that stands by when a main one fails. */
export const nextTryText = (
  { nextTryAt, role, state }: Pick<SourceStatus, 'nextTryAt' | 'role' | 'state'>,
  now: number,
): string => {
  if (role === 'fallback' && state === 'untried') return 'if needed';
  return nextTryAt === null || nextTryAt <= now ? 'next pass' : agoText(nextTryAt, now);
};

/** The lines of facts below the tables, as label and text. Those of parts that are not there are left out. */
export function factLines(report: StatusReport): [string, string][] {
  const { at, articles, disk, traffic, backup, certificate, keys, peers, mirrors, verified, dirtyGroups } =
    report;
  const removed = articles.removed === 0 ? '' : `, ${countText(articles.removed)} removed`;
  const waiting = dirtyGroups === 0 ? '' : `, ${countText(dirtyGroups)} groups of pages to render`;
  return [
    ['Articles', `${countText(articles.live)}${removed}${waiting}`],
    [
      'Disk',
      `database ${sizeText(disk.databaseBytes)}; in it ${countedText(disk.pictures, 'picture')}, ${sizeText(disk.picturesBytes)} of ${sizeText(disk.picturesMaxBytes)}; ${sizeText(disk.freeBytes)} free`,
    ],
    ['Traffic', trafficText(traffic)],
    [
      'Mirror',
      report.firstStartAt === null
        ? 'has not started yet'
        : `${spanText(at - report.firstStartAt)} old, since ${timeText(report.firstStartAt)}`,
    ],
    ['Backup', backup.at === null ? 'none yet' : `${agoText(backup.at, at)}, ${timeText(backup.at)}`],
    ...(certificate === null
      ? []
      : [
          [
            'Certificate',
            `${certificate.key}, chain of ${certificate.certificates} in ${countText(certificate.chainBytes)} B, runs out ${agoText(certificate.expiresAt, at)}`,
          ] as [string, string],
        ]),
    ...keys.map(({ role, expiresAt }): [string, string] => [
      `Key ${role}`,
      `runs out ${agoText(expiresAt, at)}, ${timeText(expiresAt)}`,
    ]),
    ...(verified === null
      ? []
      : [
          [
            'Verified',
            verified.ok ? `yes, ${agoText(verified.at, at)}` : `no: ${verified.reason ?? 'no reason given'}`,
          ] as [string, string],
        ]),
    ...mirrors.map(({ url, verdict, reason, at: lookedAt }): [string, string] => [
      'Public address',
      `${url} ${verdict}, looked at ${agoText(lookedAt, at)}${reason === null ? '' : `: ${reason}`}`,
    ]),
    ...peers.map(({ url, state, heardAt, reason }): [string, string] => [
      'Peer',
      `${url} ${state}, heard ${agoText(heardAt, at)}${reason === null ? '' : `: ${reason}`}`,
    ]),
  ];
}

function trafficText({ todayBytes, todayAllowance, monthBytes, monthCap }: StatusReport['traffic']): string {
  const of = (cap: number | null): string => (cap === null ? '' : ` of ${sizeText(cap)}`);
  return `today ${sizeText(todayBytes)}${of(todayAllowance)}, this month ${sizeText(monthBytes)}${of(monthCap)}`;
}
