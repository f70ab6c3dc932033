import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import { readAlertState, writeAlertState } from './alert-file.js';
import { type AlertState, dueMails, settleMail, updateAlerts } from './alerts.js';
import type { Mailer } from './mail.js';
import type { StatusReport } from './status.js';

export interface AlerterDeps {
  home: string;
  clock: Clock;
  log: Log;
  mailer: Pick<Mailer, 'send'>;
}

/** How long a failed mail waits for its next try: a mail server that is away must not fill the log. */
const RETRY_MS = 15 * 60_000;

/** Tells the keeper by mail when something begins to be wrong, and when it is over. `look` never rejects, and only one runs at a time. */
export function createAlerter({ home, clock, log, mailer }: AlerterDeps) {
  let state: AlertState = readAlertState(home);
  let underWay: Promise<void> | null = null;
  let resumeAt = 0;

  function keep(next: AlertState): void {
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    try {
      writeAlertState(home, state);
    } catch (error) {
      // Memory still knows; a restart may tell twice.
      log.warn('alerts-not-kept', { reason: reasonOf(error) });
    }
  }

  async function tell(report: StatusReport): Promise<void> {
    keep(updateAlerts(state, report.troubles, clock.now()));
    if (clock.now() < resumeAt) return;
    for (const due of dueMails(state, report.troubles, report.name, clock.now())) {
      try {
        await mailer.send(due.mail);
        keep(settleMail(state, due, clock.now()));
      } catch (error) {
        resumeAt = clock.now() + RETRY_MS;
        log.warn('alert-not-sent', { trouble: due.key, reason: reasonOf(error) });
        return;
      }
    }
  }

  return {
    look: (report: StatusReport): Promise<void> => {
      underWay ??= tell(report).finally(() => {
        underWay = null;
      });
      return underWay;
    },
  };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
