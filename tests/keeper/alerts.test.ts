import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAlerter } from '../../src/keeper/alerter.js';
import { createMailer, type Mail } from '../../src/keeper/mail.js';
import type { StatusReport } from '../../src/keeper/status.js';
import type { Trouble } from '../../src/keeper/trouble.js';
import { cli } from '../support/cli.js';
import { createManualClock } from '../support/manual-clock.js';
import { startSmtpSink } from '../support/smtp-sink.js';
import { silentLog } from '../support/test-node.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const silent: Trouble = {
  kind: 'publisher-silent',
  key: 'publisher-silent:the-quay',
  level: 'warn',
  what: 'the-quay was last heard 7 h ago: dns: no such name.',
  todo: 'See it as the node does: tamizdat publishers check the-quay',
};
const lowDisk: Trouble = {
  kind: 'disk-low',
  key: 'disk-low',
  level: 'warn',
  what: 'The disk runs low: 12 MB free, and 500 MB should be.',
  todo: 'Free some.',
};
const open: Trouble = { ...silent, kind: 'plain-http', key: 'plain-http' };

const reportOf = (...troubles: Trouble[]) => ({ name: 'The mirror', troubles }) as unknown as StatusReport;

describe('mails to the keeper', () => {
  let home: string;
  const clock = createManualClock(Date.parse('2026-11-26T09:00:00Z'));
  let sent: Mail[];
  const mailer = {
    send: async (mail: Mail): Promise<void> => {
      sent.push(mail);
    },
  };
  const alerter = (given: { send: (mail: Mail) => Promise<void> } = mailer) =>
    createAlerter({ home, clock, log: silentLog, mailer: given });
  const subjects = () => sent.map(({ subject }) => subject);

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'tamizdat-alerts-'));
    sent = [];
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('are one when trouble begins and one when it is over', async () => {
    const one = alerter();
    for (let minute = 0; minute < 5; minute += 1) {
      await one.look(reportOf(silent));
      clock.advance(MINUTE);
    }
    await one.look(reportOf());
    await one.look(reportOf());
    expect(subjects()).toEqual([
      'The mirror: the-quay was last heard 7 h ago',
      'The mirror: over: the-quay was last heard 7 h ago',
    ]);
    expect(sent[0]?.text).toContain('tamizdat publishers check the-quay');
    expect(sent[1]?.text).toContain('over, after 5 min');
  });

  it('are one for each trouble, and none for what only stands in the status', async () => {
    await alerter().look(reportOf(silent, lowDisk, open));
    expect(sent).toHaveLength(2);
  });

  it('are not repeated by a restart', async () => {
    await alerter().look(reportOf(silent));
    clock.advance(MINUTE);
    await alerter().look(reportOf(silent));
    expect(sent).toHaveLength(1);
    await alerter().look(reportOf());
    expect(sent).toHaveLength(2);
  });

  it('of a trouble that comes and goes are told once a day', async () => {
    const one = alerter();
    for (let round = 0; round < 6; round += 1) {
      await one.look(reportOf(silent));
      clock.advance(10 * MINUTE);
      await one.look(reportOf());
      clock.advance(10 * MINUTE);
    }
    expect(subjects().filter((subject) => !subject.includes('over:'))).toHaveLength(1);
    clock.advance(DAY);
    await one.look(reportOf(silent));
    expect(subjects().filter((subject) => !subject.includes('over:'))).toHaveLength(2);
  });

  it('wait a quarter of an hour when the server does not take them, and are sent then', async () => {
    let tries = 0;
    const one = alerter({
      send: async (mail) => {
        tries += 1;
        if (tries === 1) throw new Error('the server is away');
        sent.push(mail);
      },
    });
    await one.look(reportOf(silent));
    await one.look(reportOf(silent));
    expect(tries).toBe(1);
    clock.advance(15 * MINUTE);
    await one.look(reportOf(silent));
    expect(sent).toHaveLength(1);
  });

  it('never say that something is over which was never told', async () => {
    const one = alerter({ send: () => Promise.reject(new Error('away')) });
    await one.look(reportOf(silent));
    await one.look(reportOf());
    clock.advance(DAY);
    await alerter().look(reportOf());
    expect(sent).toEqual([]);
  });

  it('go on when what was told cannot be kept', async () => {
    const one = alerter();
    rmSync(home, { recursive: true });
    await one.look(reportOf(silent));
    await one.look(reportOf(silent));
    expect(sent).toHaveLength(1);
  });
});

describe('the mailer', () => {
  it('hands a server one plain text for every keeper, marked as automatic', async () => {
    const sink = await startSmtpSink();
    const mailer = createMailer({
      smtp: sink.url,
      from: 'mirror@example.org',
      to: ['a@example.org', 'b@example.org'],
    });
    try {
      await mailer.send({ subject: 'Тихо', text: 'Источник молчит.\n' });
      expect(sink.commands.filter((line) => line.startsWith('RCPT'))).toEqual([
        'RCPT TO:<a@example.org>',
        'RCPT TO:<b@example.org>',
      ]);
      expect(sink.mails[0]).toContain('Auto-Submitted: auto-generated');
      expect(sink.mails[0]).toContain('From: mirror@example.org');
      expect(sink.mails[0]).toMatch(/Content-Transfer-Encoding: (?:base64|quoted-printable)/);
    } finally {
      mailer.close();
      await sink.close();
    }
  });

  it('gives the server’s reason when it refuses', async () => {
    const sink = await startSmtpSink('550 nobody of that name');
    const mailer = createMailer({ smtp: sink.url, from: 'mirror@example.org', to: ['a@example.org'] });
    try {
      await expect(mailer.send({ subject: 'x', text: 'y' })).rejects.toThrow('nobody of that name');
    } finally {
      mailer.close();
      await sink.close();
    }
  });
});

describe('alerts test', () => {
  const run = (env: Record<string, string>) => cli(['alerts', 'test'], { env });

  it('sends one mail to every keeper', async () => {
    const sink = await startSmtpSink();
    const env = { TAMIZDAT_ALERTS_SMTP: sink.url, TAMIZDAT_ALERTS_TO: 'a@example.org,b@example.org' };
    const { code, stdout } = await run(env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Sent to a@example.org, b@example.org.\n' });
    expect(sink.mails).toHaveLength(1);
    expect(sink.mails[0]).toContain('Subject: Tamizdat: a test');
    await sink.close();
  });

  it('ends with 1 and the server’s reason where it is not taken', async () => {
    const sink = await startSmtpSink('550 nobody of that name');
    const { code, stderr } = await run({
      TAMIZDAT_ALERTS_SMTP: sink.url,
      TAMIZDAT_ALERTS_TO: 'a@example.org',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('nobody of that name');
    await sink.close();
  });

  it('ends with 2 and says what to set where no mail is set up, or half of it', async () => {
    expect((await run({})).stderr).toContain('alerts.smtp in <home>/secrets.yaml');
    const { code, stderr } = await run({ TAMIZDAT_ALERTS_TO: 'a@example.org' });
    expect(code).toBe(2);
    expect(stderr).toContain('set together or not at all');
  });
});
