import nodemailer from 'nodemailer';
import { isLoopbackHost } from './exposure.js';

export interface MailSettings {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  smtp: string;
  from: string;
  to: readonly string[];
}

export interface Mail {
  subject: string;
  text: string;
}

/** Longest that a mail server may take over each step. */
const PATIENCE_MS = 20_000;

/**
 * Sends plain text by SMTP. A password goes over TLS or not at all, except to this machine. `send` and `verify` reject with the
 * server's or the network's reason.
 */
export function createMailer({ smtp, from, to }: MailSettings) {
  const { hostname, username } = new URL(smtp);
  const transport = nodemailer.createTransport({
    url: smtp,
    requireTLS: username !== '' && !isLoopbackHost(hostname) && smtp.startsWith('smtp:'),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ subject, text }: Mail): Promise<void> => {
      // Some servers hold mail back that no person or list asked for; RFC 3834 section 5 says what it is.
      await transport.sendMail({
        from,
        to: [...to],
        subject,
        text,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    },
    verify: async (): Promise<void> => {
      await transport.verify();
    },
    close: (): void => transport.close(),
  };
}

export type Mailer = ReturnType<typeof createMailer>;
