import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import { createAlerter } from '../keeper/alerter.js';
import type { MailSettings } from '../keeper/mail.js';
import type { StatusReport } from '../keeper/status.js';

/** How often the keeper's view is looked at for something to tell. */
const LOOK_MS = 60_000;

/** The mail settings in force; null where no mail is wanted. */
export function mailSettings({ alerts }: Config): MailSettings | null {
  const [first] = alerts.to;
  if (alerts.smtp === null || first === undefined) return null;
  return { smtp: alerts.smtp, from: alerts.from ?? first, to: alerts.to };
}

/** Looks at the status once a minute and mails what begins and what is over. Answers what stops it. */
export function startAlerts(
  config: Config,
  deps: { status: () => StatusReport; clock: Clock; log: Log },
): () => void {
  const settings = mailSettings(config);
  if (settings === null) return () => {};
  const { clock, log } = deps;
  // Loaded when used: a node without mail starts without the mailer.
  const loading = import('../keeper/mail.js').then(({ createMailer }) => {
    const mailer = createMailer(settings);
    return { mailer, alerter: createAlerter({ home: config.home, clock, log, mailer }) };
  });
  const look = async (): Promise<void> => {
    try {
      await (await loading).alerter.look(deps.status());
    } catch (error) {
      log.warn('alerts-broke', { reason: error instanceof Error ? error.message : String(error) });
    }
  };
  const timer = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(timer);
    void loading.then(({ mailer }) => mailer.close());
  };
}
