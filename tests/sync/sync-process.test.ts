import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createSyncProcess, type SyncReport } from '../../src/sync/sync-process.js';
import { silentLog } from '../support/test-node.js';

const entry = fileURLToPath(new URL('../fixtures/sync-process/worker.mjs', import.meta.url));

/** A sync process that answers every job alike, and what the log hears of it. */
function answering(answer: SyncReport) {
  const events: string[] = [];
  const note =
    (level: string) =>
    (event: string): void =>
      void events.push(`${level} ${event}`);
  const log = { ...silentLog, info: note('info'), warn: note('warn'), error: note('error') };
  const sync = createSyncProcess({
    entry,
    init: { answer },
    log,
    onProgress: () => {},
    onRebuilt: () => {},
  });
  return { sync, events };
}

it('a pass that finds another process writing is put off, which is no trouble', async () => {
  const { sync, events } = answering({ kind: 'put-off', reason: 'another process is syncing' });
  expect(await sync.pass(null, false)).toBeNull();
  expect(events).toEqual(['info sync-put-off']);
  await expect(sync.decide([{ id: 1, verdict: 'accept' }])).rejects.toThrow('another process is syncing');
});

it('a pass without room is a pause, told once', async () => {
  const { sync, events } = answering({ kind: 'paused', reason: 'the disk is full' });
  expect(await sync.pass(null, false)).toBeNull();
  expect(await sync.pass(null, false)).toBeNull();
  expect(events).toEqual(['warn sync-paused']);
});

it('a pass that breaks is an error with its reason', async () => {
  const { sync, events } = answering({ kind: 'broke', reason: 'ended early' });
  expect(await sync.pass(null, false)).toBeNull();
  expect(events).toEqual(['error sync-process-broke']);
});
