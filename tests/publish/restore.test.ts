import { copyFileSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryIdOf } from '../../src/sign/repository.js';
import { treeFolderOf } from './signed-tree.js';
import { createTestDesk } from './test-desk.js';

let desk: ReturnType<typeof createTestDesk>;
const DATABASE = 'tamizdat.sqlite';

beforeEach(async () => {
  desk = createTestDesk();
  desk.save(1);
  desk.save(2);
  await desk.publish();
});
afterEach(() => {
  desk.close();
  rmSync(desk.home, { recursive: true, force: true });
});

/** Closes the desk, puts the saved database in the place of its own, and opens it again: a backup was restored. */
async function restoreAfter(work: () => Promise<void>): Promise<void> {
  desk.store.checkpoint();
  copyFileSync(join(desk.home, DATABASE), join(desk.home, 'saved'));
  await work();
  const { home } = desk;
  const at = desk.clock.now();
  desk.store.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(home, DATABASE + suffix), { force: true });
  copyFileSync(join(home, 'saved'), join(home, DATABASE));
  desk = createTestDesk({ home });
  desk.clock.advance(at - desk.clock.now() + 60_000);
}

describe('a desk whose database was restored from a backup', () => {
  it('goes on with the log that its files hold, and signs no number twice', async () => {
    await restoreAfter(async () => {
      desk.save(3);
      desk.save(1, { title: 'Corrected' });
      desk.setState(2, 'tombstone');
      await desk.publish();
    });
    const before = desk.tree();
    expect(desk.kinds()).toBe('dpppux');
    desk.save(4);
    await desk.publish();
    const after = desk.tree();
    expect(desk.logged.map(({ event }) => event)).toContain('signed-tree-ahead');
    expect(after.raw.slice(0, before.size)).toEqual(before.raw);
    expect(after.entries.slice(before.size).map(({ a }) => a)).toContain(entryIdOf('lighthouse', '4'));
    expect(after.timestamp.version).toBeGreaterThan(before.timestamp.version);
  });

  it('signs nothing where the newer files are another desk’s', async () => {
    await restoreAfter(async () => {
      desk.save(3);
      await desk.publish();
    });
    const other = createTestDesk();
    for (const id of [7, 8, 9]) {
      other.save(id);
      await other.publish();
    }
    const name = treeFolderOf(desk.home);
    rmSync(name, { recursive: true });
    cpSync(treeFolderOf(other.home), name, { recursive: true });
    other.close();
    const result = await desk.desk.publish();
    expect(result).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('two logs under one name'),
    });
  });
});
