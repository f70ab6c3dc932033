import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { automaticBackups } from '../../src/safety/daily-backup.js';
import { checkBackup } from '../../src/safety/restore-backup.js';
import { problemsOfDatabase } from '../../src/store/database-file.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { mountSmallDisk } from '../support/tmpfs.js';
import { describeLong } from '../support/tools.js';
import { createStandIn, DAY_MS, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

const START = Date.UTC(2026, 0, 1);
const DAYS = 365;
/** Every other day by default; TAMIZDAT_TEST_PASSES_A_DAY=4, one every six hours, takes some minutes. */
const PASSES_A_DAY = Number(process.env.TAMIZDAT_TEST_PASSES_A_DAY ?? 0.5);
/** Kept: four months. */
const KEPT_DAYS = 120;
const clock = createManualClock(START);
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;
let disk: ReturnType<typeof mountSmallDisk>;
let home: string;
let published = 0;
const usedBytes: number[] = [];
const documents: number[] = [];

/** An article every two weeks, each third of them corrected a day later; the feed names the last twelve. */
function publishFor(day: number): void {
  if (day % 14 === 0) {
    published += 1;
    site.publish(
      story(published, {
        paragraphs: [`Light ${published} burns in the year.`],
        publishedAt: clock.now() - HOUR_MS,
      }),
    );
  } else if (day % 42 === 1) {
    const last = site.stories.at(-1);
    if (last !== undefined) site.publish({ ...last, title: `${last.title}, corrected` });
  }
  if (site.stories.length > 12) site.stories.shift();
}

beforeAll(async () => {
  site = await createStandIn();
  // In memory where that can be had: each pass waits a dozen times for the disk.
  disk = mountSmallDisk(256);
  home = disk?.path ?? mkdtempSync(join(tmpdir(), 'tamizdat-year-'));
  node = await createTestNode({
    desk: true,
    publishers: [site.publisher()],
    clock,
    home,
    env: {
      ...site.env,
      TAMIZDAT_RETENTION_MAX_AGE: `${KEPT_DAYS}d`,
      TAMIZDAT_PICTURES_MODE: 'text-only',
      TAMIZDAT_BACKUP_KEEP: '3',
    },
  });
  for (let day = 0; day < DAYS; day += 1) {
    publishFor(day);
    const passes = PASSES_A_DAY >= 1 ? PASSES_A_DAY : 1;
    for (let pass = 0; pass < passes; pass += 1) {
      clock.advance(DAY_MS / passes);
      if (PASSES_A_DAY < 1 && day % Math.round(1 / PASSES_A_DAY) !== 0) continue;
      await node.pass();
      await node.engine.keepSafe();
    }
    usedBytes.push(node.engine.store.retention.usedBytes());
    documents.push(node.engine.store.pages.allPaths().length);
  }
}, 600_000);
afterAll(async () => {
  await node.close();
  await site.close();
  if (disk === null) rmSync(home, { recursive: true, force: true });
  else disk.unmount();
});

describeLong('a year of passes, backups, corrections and pruning', () => {
  const all = () => node.engine.store.lists.fromOldest({}, 'taken', 0, 9_999);

  it('keeps what is four months old, and every article once', () => {
    const kept = all().filter(({ pruned }) => !pruned);
    const young = all().filter(({ publishedAt }) => publishedAt >= clock.now() - KEPT_DAYS * DAY_MS);
    expect(kept.map(({ stableId }) => stableId)).toEqual(young.map(({ stableId }) => stableId));
    expect(kept.length).toBeGreaterThan(6);
    expect(all()).toHaveLength(published);
    const told = node.engine.store.changes.between(0, 99_999).filter(({ kind }) => kind === 'publish');
    expect(told.map(({ stableId }) => stableId)).toEqual(all().map(({ stableId }) => stableId));
    expect(node.engine.store.dirty.count()).toBe(0);
  });

  it('stops growing when the oldest begin to go', () => {
    const [third = 0, last = 0] = [usedBytes[150], usedBytes.at(-1)];
    expect(last).toBeLessThan(third * 1.5);
    const [documentsThird = 0, documentsLast = 0] = [documents[150], documents.at(-1)];
    expect(documentsLast).toBeLessThan(documentsThird * 1.25);
    expect(node.engine.store.passes.newest('stand-in', 99_999).length).toBeLessThanOrEqual(1_009);
  });

  it('has a backup of the last pass, and no more of them than it should', async () => {
    const backups = automaticBackups(node.config.backup.dir);
    expect(backups).toHaveLength(3);
    expect(clock.now() - (backups[0]?.at ?? 0)).toBeLessThanOrEqual(2 * DAY_MS);
    const manifest = await checkBackup({ home: node.home, file: backups[0]?.file ?? '' });
    expect(manifest.articles).toBeGreaterThan(6);
  });

  it('has kept its signatures alive', () => {
    const { signedFiles, desk } = node.engine.store;
    for (const name of ['timestamp', 'snapshot', 'edition'] as const) {
      const text = signedFiles.current(name)?.bytes.toString() ?? '{}';
      const { signed } = JSON.parse(text) as { signed: { expires: string; version: number } };
      expect(Date.parse(signed.expires), name).toBeGreaterThan(clock.now());
    }
    expect(desk.get()?.size).toBeGreaterThan(published);
  });

  it('ends with a whole database, and answers', async () => {
    expect(problemsOfDatabase(join(node.home, 'tamizdat.sqlite'), 'full')).toEqual([]);
    expect((await node.get(`/stand-in/a${published}/`)).status).toBe(200);
    expect((await node.get('/stand-in/a1/')).status).toBe(404);
  });
});
