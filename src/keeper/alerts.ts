import { z } from 'zod';
import type { Mail } from './mail.js';
import type { Trouble, TroubleKind } from './trouble.js';
import { spanText, timeText } from './units.js';

/** Troubles that are worth a mail; the others stand in `status` and on the keeper's page. */
const MAILED: ReadonlySet<TroubleKind> = new Set([
  'sync-paused',
  'database-rebuilt',
  'unverified',
  'mirror-unverified',
  'disk-low',
  'publisher-silent',
  'source-stale',
  'key-expires',
]);

/** A trouble that comes and goes is told of once a day at most. */
const REPEAT_MS = 24 * 3_600_000;

const known = z.object({
  key: z.string(),
  what: z.string(),
  sinceAt: z.number(),
  /** When it was last told by mail; null: not yet, since a mail failed or it came back within a day. */
  toldAt: z.number().nullable(),
  /** When it ended; null while it lasts. */
  endedAt: z.number().nullable(),
  /** Whether its end was told. */
  endTold: z.boolean(),
});

export const alertStateSchema = z.object({ troubles: z.array(known) });

/** What was told when, by the trouble's key. */
export type AlertState = z.infer<typeof alertStateSchema>;
type Known = AlertState['troubles'][number];

export const NO_ALERTS: AlertState = { troubles: [] };

/** A mail that is due, and the trouble to settle once it is sent. */
export interface DueMail {
  key: string;
  kind: 'begun' | 'over';
  mail: Mail;
}

/** Takes in what is wrong now: what is new begins, what is gone ends, and what ended untold long ago is forgotten. */
export function updateAlerts(state: AlertState, troubles: readonly Trouble[], now: number): AlertState {
  const current = troubles.filter(({ kind }) => MAILED.has(kind));
  const still = state.troubles.map((one): Known => {
    const trouble = current.find(({ key }) => key === one.key);
    if (trouble === undefined)
      return one.endedAt === null ? { ...one, endedAt: now, endTold: one.toldAt === null } : one;
    if (one.endedAt === null) return { ...one, what: trouble.what };
    const repeat = one.toldAt === null || now - one.toldAt >= REPEAT_MS;
    // Back within a day: it was told of, so its end is not told as long as it is here, and nothing is repeated.
    return {
      ...one,
      what: trouble.what,
      sinceAt: now,
      endedAt: null,
      endTold: false,
      toldAt: repeat ? null : one.toldAt,
    };
  });
  const begun = current
    .filter(({ key }) => !state.troubles.some((one) => one.key === key))
    .map(
      ({ key, what }): Known => ({ key, what, sinceAt: now, toldAt: null, endedAt: null, endTold: false }),
    );
  return {
    troubles: [...still, ...begun].filter(
      ({ endedAt, endTold, toldAt }) =>
        endedAt === null || !endTold || (toldAt !== null && now - toldAt < REPEAT_MS),
    ),
  };
}

/** The mails that are due: one for each trouble that began, one for each that is over. `name` is the mirror's. */
export function dueMails(
  state: AlertState,
  troubles: readonly Trouble[],
  name: string,
  now: number,
): DueMail[] {
  return state.troubles.flatMap((one): DueMail[] => {
    if (one.endedAt === null && one.toldAt === null) {
      const todo = troubles.find(({ key }) => key === one.key)?.todo ?? '';
      return [{ key: one.key, kind: 'begun', mail: begunMail(one, todo, name) }];
    }
    if (one.endedAt !== null && !one.endTold)
      return [{ key: one.key, kind: 'over', mail: overMail(one, name, now) }];
    return [];
  });
}

/** The state once a mail has gone out. */
export const settleMail = (state: AlertState, { key, kind }: DueMail, now: number): AlertState => ({
  troubles: state.troubles.map((one) =>
    one.key !== key ? one : kind === 'begun' ? { ...one, toldAt: now } : { ...one, endTold: true },
  ),
});

const begunMail = ({ what, sinceAt }: Known, todo: string, name: string): Mail => ({
  subject: `${name}: ${headOf(what)}`,
  text: `${what}\n\n${todo}\n\nSeen ${timeText(sinceAt)}. \`tamizdat status\` and \`tamizdat doctor\` say more.\nThis is told once, and again when it is over.\n`,
});

const overMail = ({ what, sinceAt, endedAt }: Known, name: string, now: number): Mail => ({
  subject: `${name}: over: ${headOf(what)}`,
  text: `This is over, after ${spanText((endedAt ?? now) - sinceAt)}:\n\n${what}\n`,
});

/** The first sentence, short enough for a subject, without anything that could start another header. */
function headOf(what: string): string {
  const [first = what] = what.replace(/\s+/g, ' ').split(/(?<=\D)[.:;] /);
  return first.length > 100 ? `${first.slice(0, 99)}…` : first;
}
