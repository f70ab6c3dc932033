import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fetchSettings } from '../../src/config/fetch-settings.js';
import { createFetcher } from '../../src/fetch/fetcher.js';
import { createEngine } from '../../src/node/engine.js';
import { PUBLIC, pretendInternet } from '../fetch/support.js';
import {
  type Behavior,
  type Canary,
  drip,
  encoded,
  endless,
  gzipBomb,
  type HostileServer,
  redirect,
  reset,
  SMALL_FEED,
  send,
  silence,
  startCanary,
  startHostileServer,
  wrongLength,
} from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { QUICK_FOLDER, silentLog, testConfig, testPublisher } from '../support/test-node.js';
import { describeLong } from '../support/tools.js';

/** Issue "Upstreams as they are", Boundaries: what one hostile upstream may cost. */
const MAX_MS = 15_000;
const MAX_BYTES = 100_000_000;

/** By name: how the upstream behaves, and the word it is recorded with. */
type Upstream = readonly [name: string, behavior: Behavior, reason: string];

/** They are given up only when the time is over. */
const SLOW: readonly Upstream[] = [
  ['slow', drip(50), 'timeout'],
  ['slow-headers', drip(50, 'headers'), 'timeout'],
  ['silent', silence(), 'timeout'],
];

const QUICK: readonly Upstream[] = [
  ['endless', endless(), 'too-large'],
  ['thousandfold', gzipBomb(60), 'too-large'],
  ['huge', send('x'.repeat(1_000), { 'content-length': 400_000_000 }), 'too-large'],
  ['loop', redirect(302, '/loop'), 'too-many-redirects'],
  ['inward', redirect(302, 'http://169.254.169.254/latest/meta-data/'), 'address-refused'],
  // Its name leads to a public address first, and inside at the next look.
  ['turncoat', redirect(302, '/again'), 'address-refused'],
  ['cut-gzip', encoded(SMALL_FEED, 'gzip', 0.6), 'cut-off'],
  ['too-short', wrongLength(5_000, SMALL_FEED), 'cut-off'],
  ['too-long', wrongLength(20, SMALL_FEED), 'cut-off'],
  // The reset may overtake the bytes sent before it.
  ['resetting', reset(SMALL_FEED.slice(0, 60)), 'cut-off|reset'],
  ['refusing', reset(), 'reset'],
];

let server: HostileServer;
let canary: Canary;
let home: string;

beforeEach(async () => {
  server = await startHostileServer();
  canary = await startCanary('127.0.0.2', server.port);
  home = mkdtempSync(join(QUICK_FOLDER, 'tamizdat-hostile-'));
});

afterEach(async () => {
  await server.close();
  await canary.close();
  rmSync(home, { recursive: true, force: true });
});

const feedOf = (name: string) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>${name}</title><item><title>News of ${name}</title><link>http://well-${name}.test/1</link><guid>${name}-1</guid><pubDate>Thu, 26 Nov 2026 08:00:00 GMT</pubDate><description>The bridge was opened at noon, and the ferry made its last trip an hour later.</description></item></channel></rss>`;

/** Each name has a host of its own, with one hostile source and a good one beside it. */
const publisherOf = (name: string) =>
  testPublisher({
    id: `pub-${name}`,
    hosts: [`${name}.test`, `well-${name}.test`],
    sources: [name, `well-${name}`].map((host) => ({
      kind: 'feed',
      url: server.url(`/${host}`, `${host}.test`),
      text: 'full',
      role: 'main',
      section: null,
    })),
  });

/** One pass over all of them at once, with a node's own limits. */
async function passOver(upstreams: readonly Upstream[]) {
  for (const [name, behavior] of upstreams) {
    server.on(`/${name}`, behavior);
    server.on(`/well-${name}`, send(feedOf(name), { 'content-type': 'application/rss+xml' }));
  }
  let looks = 0;
  const internet = pretendInternet((host) => {
    if (host !== 'turncoat.test') return [PUBLIC];
    looks += 1;
    return looks === 1 ? [PUBLIC] : ['127.0.0.2'];
  });
  const config = testConfig(home, { TAMIZDAT_SYNC_CONCURRENCY: '16' });
  expect(config.fetch.timeoutMs).toBe(MAX_MS);
  const clock = createManualClock(Date.UTC(2026, 10, 26, 9));
  const fetcher = createFetcher(
    { ...fetchSettings(config), politenessMs: 0 },
    { clock, log: silentLog, ...internet.deps },
  );
  const publishers = upstreams.map(([name]) => publisherOf(name));
  const engine = createEngine(config, publishers, silentLog, { clock, fetcher });
  engine.prepare();
  const idle = process.memoryUsage();
  let most = 0;
  const sampler = setInterval(() => {
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    most = Math.max(most, arrayBuffers - idle.arrayBuffers + heapUsed - idle.heapUsed);
  }, 5);
  try {
    await engine.sync.pass();
    return {
      mostBytes: most,
      reasons: publishers.map(
        ({ id, sources }) => engine.store.sources.get(id, sources[0]?.url ?? '')?.reason,
      ),
      good: publishers.map(({ id }) => engine.store.lists.count({ publisherId: id })),
    };
  } finally {
    clearInterval(sampler);
    await engine.close();
  }
}

async function expectHeld(upstreams: readonly Upstream[]): Promise<void> {
  const { mostBytes, reasons, good } = await passOver(upstreams);
  for (const [index, [name, , word]] of upstreams.entries()) {
    expect(reasons[index], name).toMatch(new RegExp(`^(?:${word}): .{20,}`));
    expect(good[index], name).toBe(1);
  }
  expect(canary.touches()).toBe(0);
  // All of them at once, this test's own servers included, stay within what one may cost.
  expect(mostBytes).toBeLessThan(MAX_BYTES);
}

it('records why each hostile upstream gave nothing, touches nothing private, and takes every good source beside them', async () => {
  await expectHeld(QUICK);
});

describeLong('hostile upstreams that only time ends', () => {
  it('end after 15 s, all at once, and cost the others nothing', async () => {
    let [waiting, most] = [0, 0];
    const watched = SLOW.map(([name, behavior, reason]): Upstream => {
      const counted: Behavior = (request, response) => {
        waiting += 1;
        most = Math.max(most, waiting);
        request.socket.on('close', () => {
          waiting -= 1;
        });
        behavior(request, response);
      };
      return [name, counted, reason];
    });
    await expectHeld([...watched, ...QUICK]);
    expect(most).toBe(SLOW.length);
  });
});
