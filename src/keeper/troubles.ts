import type { Config } from '../config/config.js';
import { plainHttpReason } from './exposure.js';
import type { StatusReport } from './status.js';
import type { Trouble } from './trouble.js';
import { agoText, sizeText, spanText, timeText } from './units.js';

const EXPIRY_FAIL_MS = 86_400_000;
const CAP_SHARE = 0.9;
/** Passes start every ten minutes by default; a first one over a large archive may take an hour. */
const PASS_LATE_MS = 3 * 3_600_000;
const BACKUP_LATE_MS = 7 * 86_400_000;

type Facts = Omit<StatusReport, 'troubles'>;

/** What is wrong with a node, worst first. Pure: the same facts give the same list. */
export function troublesOf(facts: Facts, config: Config): Trouble[] {
  const found = [
    ...paused(facts),
    ...verification(facts),
    ...mirrorsThatFail(facts),
    ...disk(facts),
    ...silent(facts, config),
    ...expiry(facts),
    ...late(facts),
    ...exposed(config),
    ...cap(facts),
    ...backedUp(facts),
    ...rebuiltDatabase(facts),
  ];
  return found.sort((a, b) => Number(b.level === 'fail') - Number(a.level === 'fail'));
}

const paused = ({ syncPaused }: Facts): Trouble[] =>
  syncPaused === null
    ? []
    : [
        {
          kind: 'sync-paused',
          key: 'sync-paused',
          level: 'fail',
          what: `Nothing is synced: ${syncPaused}. Readers get what is there.`,
          todo: 'Make room on the disk, or lower pictures.maxBytes. It goes on by itself.',
        },
      ];

/** One look may fail by chance. */
const mirrorsThatFail = ({ mirrors, at }: Facts): Trouble[] =>
  mirrors
    .filter(({ failures }) => failures >= 2)
    .map(({ url, verdict, reason, at: lookedAt }) => ({
      kind: 'mirror-unverified',
      key: `mirror-unverified:${url}`,
      level: verdict === 'lies' ? 'fail' : 'warn',
      what: `${url} is in the public list and no longer verifies (${verdict}, ${agoText(lookedAt, at)}${reason === null ? '' : `: ${reason}`}).`,
      todo: 'Open it from another network. If it is gone: `tamizdat mirrors unpublish`, and name another with `mirrors publish`.',
    }));

const verification = ({ verified, at }: Facts): Trouble[] =>
  verified === null || verified.ok
    ? []
    : [
        {
          kind: 'unverified',
          key: 'unverified',
          level: 'fail',
          what: `What this mirror holds did not verify ${agoText(verified.at, at)}: ${verified.reason ?? 'no reason given'}`,
          todo: 'Run `tamizdat verify` and see which peer it came from. What was verified before is still served.',
        },
      ];

function disk({ disk: { freeBytes, room } }: Facts): Trouble[] {
  // A full one stops syncing, and that is told instead.
  if (room !== 'low') return [];
  return [
    {
      kind: 'disk-low',
      key: 'disk-low',
      level: 'warn',
      what: `The disk runs low: ${sizeText(freeBytes)} free. No backups are made; soon nothing is synced.`,
      todo: 'Free some, or lower pictures.maxBytes or pictures.maxAge in the configuration.',
    },
  ];
}

/**
 * One for a publisher that is not heard, whatever the number of its sources; else one for each source that fails for long. A
 * publisher that was never heard at all is told of at once: its keeper has just begun and looks at this.
 */
function silent({ publishers, at }: Facts, config: Config): Trouble[] {
  return publishers.flatMap((publisher): Trouble[] => {
    const look = `tamizdat publishers check ${publisher.id}`;
    if (publisher.silence !== 'none') {
      const [first] = publisher.sources.filter(({ reason }) => reason !== null);
      return [
        {
          kind: 'publisher-silent',
          key: `publisher-silent:${publisher.id}`,
          level: publisher.silence === 'silent' ? 'fail' : 'warn',
          what: `${publisher.id} was last heard ${agoText(publisher.heardAt, at)}${first?.reason ? `: ${first.reason}` : ''}.`,
          todo: `See it as the node does: ${look}`,
        },
      ];
    }
    const [tried] = publisher.sources.filter(({ state }) => TROUBLED.has(state));
    if (publisher.heardAt === null && tried !== undefined) {
      return [
        {
          kind: 'never-heard',
          key: `never-heard:${publisher.id}`,
          level: 'warn',
          what: `${publisher.id} has not answered yet: ${tried.reason ?? 'no reason given'}.`,
          todo: `Is this machine online? See it as the node does: ${look}`,
        },
      ];
    }
    return publisher.sources
      .filter(
        ({ state, sinceAt, role }) =>
          role === 'main' && TROUBLED.has(state) && at - sinceAt >= config.staleness.quietAfterMs,
      )
      .map((source) => ({
        kind: 'source-stale' as const,
        key: `source-stale:${publisher.id}:${source.url}`,
        level: 'warn' as const,
        what: `${source.url} (${publisher.id}) is ${source.state} for ${spanText(at - source.sinceAt)}: ${source.reason ?? 'no reason given'}.`,
        todo: `See it as the node does: ${look}`,
      }));
  });
}
const TROUBLED: ReadonlySet<string> = new Set(['stale', 'suspect', 'blocked', 'broken']);

function expiry({ keys, certificate, at }: Facts): Trouble[] {
  const dated = [
    ...keys.map(({ role, expiresAt, near, where }) => ({
      name: `What the ${role} key signed`,
      key: role,
      expiresAt,
      near,
      todo:
        where === 'online'
          ? 'The node signs it again by itself while it runs: is it running, and is its clock right?'
          : 'Its key is kept elsewhere: `tamizdat keys` says how to sign it again with that key.',
    })),
    ...(certificate === null
      ? []
      : [
          {
            name: `The certificate in ${certificate.file}`,
            key: 'certificate',
            expiresAt: certificate.expiresAt,
            near: certificate.near,
            todo: 'Renew it and put the files in place: the node takes them without a restart.',
          },
        ]),
  ];
  return dated
    .filter(({ near }) => near)
    .map(({ name, key, expiresAt, todo }) => ({
      kind: 'key-expires' as const,
      key: `key-expires:${key}`,
      level: expiresAt - at < EXPIRY_FAIL_MS ? ('fail' as const) : ('warn' as const),
      what: `${name} ${expiresAt <= at ? 'has run out' : 'runs out'} ${agoText(expiresAt, at)} (${timeText(expiresAt)}).`,
      todo,
    }));
}

function late({ lastPassAt, at }: Facts): Trouble[] {
  if (lastPassAt === null || at - lastPassAt < PASS_LATE_MS) return [];
  return [
    {
      kind: 'passes-stopped',
      key: 'passes-stopped',
      level: 'warn',
      what: `No pass has ended since ${timeText(lastPassAt)}, ${agoText(lastPassAt, at)}.`,
      todo: 'Is the node running? `tamizdat serve` starts it; its log says why a pass breaks.',
    },
  ];
}

function exposed(config: Config): Trouble[] {
  const reason = plainHttpReason(config);
  if (reason === null) return [];
  return [
    {
      kind: 'plain-http',
      key: 'plain-http',
      level: 'warn',
      what: `Providers see what is read, and can change it: ${reason}.`,
      todo: 'Give the node a certificate (tls.cert, tls.key), or put an edge in front (docs/operating.md, Letting readers in) and set http.edge: proxied.',
    },
  ];
}

function cap({ traffic }: Facts): Trouble[] {
  const { todayBytes, todayAllowance } = traffic;
  if (todayAllowance === null || todayBytes < todayAllowance * CAP_SHARE) return [];
  return [
    {
      kind: 'cap-near',
      key: 'cap-near',
      level: 'warn',
      what: `Today's traffic is ${sizeText(todayBytes)} of ${sizeText(todayAllowance)}: pictures and full feeds rest first, then pages.`,
      todo: 'It resumes at midnight UTC. Raise the monthly cap if the bill allows.',
    },
  ];
}

function backedUp({ backup, firstStartAt, at }: Facts): Trouble[] {
  const since = backup.at ?? firstStartAt;
  if (since === null || at - since < BACKUP_LATE_MS) return [];
  const why = backup.trouble === null ? '' : ` The last try failed: ${backup.trouble}`;
  return [
    {
      kind: 'no-backup',
      key: 'no-backup',
      level: 'warn',
      what: `${backup.at === null ? 'There has never been a backup.' : `The last backup is ${spanText(at - backup.at)} old.`}${why}`,
      todo: backup.daily
        ? 'tamizdat backup FILE, to another disk.'
        : 'Set backup.daily: true, or run `tamizdat backup FILE` now and then.',
    },
  ];
}

const rebuiltDatabase = ({ rebuilt, home, at }: Facts): Trouble[] =>
  rebuilt === null
    ? []
    : [
        {
          kind: 'database-rebuilt',
          key: 'database-rebuilt',
          level: 'warn',
          what: `The database was damaged (${rebuilt.reason}) and was rebuilt ${agoText(rebuilt.at, at)} from ${rebuilt.from ?? 'nothing: publishers and peers bring it back'}.`,
          todo: `Look at the disk (dmesg, smartctl). Then delete ${home}/${rebuilt.aside}*, and this goes.`,
        },
      ];
