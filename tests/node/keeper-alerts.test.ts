import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { StatusReport } from '../../src/keeper/status.js';
import type { Trouble } from '../../src/keeper/trouble.js';
import { startAlerts } from '../../src/node/keeper-alerts.js';
import { createManualClock } from '../support/manual-clock.js';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.js';
import { silentLog, testConfig } from '../support/test-node.js';

const MINUTE_MS = 60_000;
const lowDisk: Trouble = {
  kind: 'disk-low',
  key: 'disk-low',
  level: 'warn',
  what: 'The disk runs low: 12 MB free.',
  todo: 'Free some.',
};

let home: string;
let sink: SmtpSink;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'tamizdat-alerts-'));
  sink = await startSmtpSink();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await sink.close();
  rmSync(home, { recursive: true, force: true });
});

it('a running node looks once a minute, and mails a trouble once though it lasts a day', async () => {
  const clock = createManualClock();
  let troubles: Trouble[] = [];
  let looked = 0;
  const status = () => {
    looked += 1;
    return { name: 'The mirror', troubles } as unknown as StatusReport;
  };
  const env = { TAMIZDAT_ALERTS_SMTP: sink.url, TAMIZDAT_ALERTS_TO: 'keeper@example.org' };
  const stop = startAlerts(testConfig(home, env), { status, clock, log: silentLog });
  /** So many minutes, each look over before the next. */
  const pass = async (minutes: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute += 1) {
      const before = looked;
      clock.advance(MINUTE_MS);
      vi.advanceTimersByTime(MINUTE_MS);
      await vi.waitFor(() => expect(looked).toBe(before + 1), { interval: 1, timeout: 30_000 });
    }
  };
  await pass(3);
  expect(sink.mails).toEqual([]);
  troubles = [lowDisk];
  await pass(1);
  await vi.waitFor(() => expect(sink.mails).toHaveLength(1), { timeout: 30_000 });
  expect(sink.mails[0]).toContain('Subject: The mirror: The disk runs low');
  expect(sink.mails[0]).toContain('Free some.');
  await pass(30);
  clock.advance(23 * 60 * MINUTE_MS);
  await pass(2);
  expect(sink.mails).toHaveLength(1);
  troubles = [];
  await pass(1);
  await vi.waitFor(() => expect(sink.mails).toHaveLength(2), { timeout: 30_000 });
  expect(sink.mails[1]).toContain('over');
  stop();
  vi.advanceTimersByTime(10 * MINUTE_MS);
  expect(looked).toBe(37);
});
