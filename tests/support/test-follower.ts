import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FileFetcher } from '../../src/domain/file-fetcher.js';
import { createFileFetcher, FILE_FETCH_DEFAULTS } from '../../src/fetch/file-fetcher.js';
import { createEngine } from '../../src/node/engine.js';
import { writeTrustString } from '../../src/sign/trust-string.js';
import type { Replica } from '../../src/store/replica-table.js';
import { createManualClock } from './manual-clock.js';
import type { MirrorServer } from './mirror-server.js';
import type { TestDesk } from './test-desk.js';
import { QUICK_FOLDER, QUICK_PAGES, silentLog, testConfig } from './test-node.js';

export interface FollowerOptions {
  home?: string;
  env?: Record<string, string>;
  /** Less patience than a node has, so that a test of a frozen line is short. */
  silenceMs?: number;
}

/** A node in this process that follows a test desk through these mirrors, on the desk's clock. */
export function createTestFollower(
  desk: TestDesk,
  mirrors: readonly Pick<MirrorServer, 'url' | 'pair'>[],
  options: FollowerOptions = {},
) {
  const home = options.home ?? mkdtempSync(join(QUICK_FOLDER, 'tamizdat-follower-'));
  const clock = createManualClock(desk.state.clock * 1_000);
  const trust = writeTrustString(
    desk.pin(),
    mirrors.map(({ url }) => url),
  );
  const allow = mirrors.map(({ pair }) => pair);
  const config = testConfig(home, {
    TAMIZDAT_JOIN: trust,
    TAMIZDAT_FETCH_ALLOW: allow.join(','),
    ...QUICK_PAGES,
    ...options.env,
  });
  const fetcherFor = (pairs: readonly string[]) =>
    createFileFetcher({
      userAgent: 'test',
      allow: pairs,
      route: null,
      ...FILE_FETCH_DEFAULTS,
      silenceMs: options.silenceMs ?? FILE_FETCH_DEFAULTS.silenceMs,
    });
  let inner = fetcherFor(allow);
  const fileFetcher: FileFetcher = { fetch: (request) => inner.fetch(request) };
  const engine = createEngine(config, [], silentLog, { clock, fileFetcher });
  engine.prepare();
  const { store } = engine;
  const replica = (): Replica => {
    const [first] = store.replicas.all();
    if (first === undefined) throw new Error('nothing is followed');
    return first;
  };
  return {
    home,
    clock,
    config,
    engine,
    store,
    trust,
    replica,
    /** Lets the node fetch from one more address of this machine. */
    allowMore: (pair: string): void => {
      inner = fetcherFor([...allow, pair]);
    },
    pass: async () => {
      clock.advance(desk.state.clock * 1_000 - clock.now());
      const [summary] = await engine.follower.pass();
      if (summary === undefined) throw new Error('nothing is followed');
      return summary;
    },
    peers: () => store.replicaPeers.of(replica().id),
    evidence: () => store.replicaPeers.evidence(replica().id),
    article: (id: string) => store.articles.find('test-news', { stableId: id, guid: null, url: null }),
    close: async () => {
      await engine.close();
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

export type TestFollower = ReturnType<typeof createTestFollower>;
