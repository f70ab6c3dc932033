import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { restoreBackup } from '../../src/safety/restore-backup.js';
import { writeBackup } from '../../src/safety/write-backup.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, HOUR_MS, story } from '../sync/stand-in.js';

describe('a node that signs', () => {
  it('goes on with its log where it was, and with its numbers, after an older backup is restored', async () => {
    const clock = createManualClock();
    const home = mkdtempSync(join(tmpdir(), 'tamizdat-desk-'));
    const site = await createStandIn([story(1)]);
    const open = () =>
      createTestNode({
        publishers: [site.publisher()],
        clock,
        env: { ...site.env, TAMIZDAT_DESK_ENABLED: 'true' },
        home,
      });
    const logOf = (node: Awaited<ReturnType<typeof open>>) =>
      node.engine.store.log.between(0, 999).map(({ bytes }) => bytes.toString());
    const versionOf = (node: Awaited<ReturnType<typeof open>>) =>
      node.engine.store.signedFiles.current('timestamp')?.version ?? 0;

    let node = await open();
    await node.pass();
    const target = join(home, 'older.tar.gz');
    await writeBackup({ home, target, withKeys: false, program: '0.1.0', clock });
    site.publish(story(2));
    site.publish(story(1, { title: 'Lighthouse report 1, corrected' }));
    clock.advance(HOUR_MS);
    await node.pass();
    const [log, version, last] = [logOf(node), versionOf(node), node.engine.store.changes.lastSeq()];
    expect(log.length).toBeGreaterThan(2);
    await node.close();

    await restoreBackup({ home, file: target, withKeys: false, clock });
    node = await open();
    expect(node.engine.store.lists.count({})).toBe(1);
    clock.advance(HOUR_MS);
    site.publish(story(3));
    await node.pass();
    const after = logOf(node);
    expect(after.slice(0, log.length)).toEqual(log);
    expect(after.length).toBeGreaterThan(log.length);
    expect(versionOf(node)).toBeGreaterThan(version);
    const changes = node.engine.store.changes.between(0, 999).map(({ seq }) => seq);
    expect(Math.min(...changes.filter((seq) => seq > 2))).toBeGreaterThan(last);
    expect((await node.get('/stand-in/a2/')).status).toBe(200);
    await node.close();
    await site.close();
    rmSync(home, { recursive: true, force: true });
  });
});
