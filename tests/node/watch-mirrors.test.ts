import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileFetcher } from '../../src/domain/file-fetcher.js';
import { statusOf } from '../../src/node/keeper-view.js';
import { watchMirrors } from '../../src/node/watch-mirrors.js';
import { watchedMirrors } from '../../src/node/watched-mirrors.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode, testPublisher } from '../support/test-node.js';

const HOUR_MS = 3_600_000;
const URL_OF_MIRROR = 'https://second.example/';

describe('the public addresses of a desk', () => {
  const clock = createManualClock(Date.UTC(2026, 10, 23, 12));
  let node: Awaited<ReturnType<typeof createTestNode>>;
  let asked = 0;
  let isUp = true;

  /** The second mirror is this node itself under another name, as long as it is up. */
  const fetcher: FileFetcher = {
    fetch: async ({ url }) => {
      asked += 1;
      if (!isUp) return { kind: 'unreachable', detail: 'connection refused' };
      const answer = await fetch(node.origin + new URL(url).pathname);
      if (!answer.ok) return { kind: 'missing', status: answer.status };
      const bytes = Buffer.from(await answer.arrayBuffer());
      return { kind: 'file', bytes, etag: null, wireBytes: bytes.length };
    },
  };
  const look = () => watchMirrors(node.config, { store: node.engine.store, clock, fetcher });
  const troubles = () =>
    statusOf(node.config, node.engine.store, clock).troubles.filter(
      ({ kind }) => kind === 'mirror-unverified',
    );

  beforeAll(async () => {
    node = await createTestNode({
      desk: true,
      publishers: [testPublisher({ id: 'daily-lamp', sources: [] })],
      clock,
    });
    await node.pass();
    node.engine.sync.addresses.publish(URL_OF_MIRROR);
  });

  afterAll(async () => {
    await node.close();
  });

  it('are verified, and not again for six hours', async () => {
    await look();
    expect(watchedMirrors(node.engine.store)).toEqual([
      { url: URL_OF_MIRROR, verdict: 'fresh', reason: null, at: clock.now(), failures: 0 },
    ]);
    const before = asked;
    clock.advance(5 * HOUR_MS);
    await look();
    expect(asked).toBe(before);
  });

  it('are a trouble to be told of once one has failed twice, and no longer when it is back', async () => {
    isUp = false;
    clock.advance(2 * HOUR_MS);
    await look();
    expect(troubles()).toEqual([]);
    clock.advance(6 * HOUR_MS);
    await look();
    expect(troubles()).toEqual([
      expect.objectContaining({ key: `mirror-unverified:${URL_OF_MIRROR}`, level: 'warn' }),
    ]);
    isUp = true;
    await node.pass();
    clock.advance(6 * HOUR_MS);
    await node.pass();
    await look();
    expect(troubles()).toEqual([]);
  });

  it('are forgotten with the list', async () => {
    node.engine.sync.addresses.unpublish(URL_OF_MIRROR);
    await look();
    expect(watchedMirrors(node.engine.store)).toEqual([]);
  });
});
