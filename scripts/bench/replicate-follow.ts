import { gzipSync } from 'node:zlib';
import { createCurtain } from '../../tests/support/curtain.js';
import { addLines } from '../../tests/support/log-lines.js';
import { type MirrorServer, startMirror } from '../../tests/support/mirror-server.js';
import { createTestDesk, type TestDesk } from '../../tests/support/test-desk.js';
import { createTestFollower, type TestFollower } from '../../tests/support/test-follower.js';

/** Articles of a busy publisher in a day and in thirty, as the budgets of docs/performance.md have it. */
const DAY = 144;
const MONTH = 4_320;
/** The lowest freeze reported (net4people/bbs issue 490). */
const FREEZE_BYTES = 12_288;

const WORDS =
  'harbor keeper lantern ledger tide rope anchor signal captain ferry winter storm island letter'.split(' ');

/** 600 words that gzip does not swallow whole. */
function prose(seed: number): string {
  let state = seed * 7_919 + 17;
  const word = (): string => {
    state = (state * 48_271) % 2_147_483_647;
    return `${WORDS[state % WORDS.length]}${state % 41 === 0 ? state : ''}`;
  };
  return Array.from({ length: 10 }, () => `<p>${Array.from({ length: 60 }, word).join(' ')}.</p>`).join('');
}

let serial = 0;
/** Articles added, and what their blobs take compressed one by one. */
function add(desk: TestDesk, count: number): number {
  let bytes = 0;
  for (let one = 0; one < count; one += 1) {
    serial += 1;
    const blob = desk.articleBlob(`n${serial}`, { content_html: prose(serial) });
    desk.advance(1);
    desk.add('p', blob);
    bytes += gzipSync(JSON.stringify(blob)).length;
  }
  desk.publish();
  return bytes;
}

const isIndex = (path: string): boolean =>
  !/^(?:blob|targets|log\/pack)\//.test(path) && path !== 'have.json';

async function cost(
  mirror: MirrorServer,
  follower: TestFollower,
): Promise<{ requests: number; index: number; bytes: number }> {
  const [from, before] = [mirror.asked.length, mirror.sentBytes()];
  const summary = await follower.pass();
  if (summary.reason !== null) throw new Error(summary.reason);
  const asked = mirror.asked.slice(from);
  return { requests: asked.length, index: asked.filter(isIndex).length, bytes: mirror.sentBytes() - before };
}

/** Bytes of bodies that the index took: what is asked for besides texts, tiles' packs and small signed files. */
async function indexBytes(
  mirror: MirrorServer,
  follower: TestFollower,
): Promise<{ requests: number; bytes: number }> {
  const sent: Record<string, number> = {};
  mirror.onSent((path, bytes) => {
    sent[path] = (sent[path] ?? 0) + bytes;
  });
  const { index } = await cost(mirror, follower);
  mirror.onSent(null);
  const bytes = Object.entries(sent).reduce((sum, [path, size]) => sum + (isIndex(path) ? size : 0), 0);
  return { requests: index, bytes };
}

/** The budgets of a follower (docs/performance.md), bodies only: a response's headers are some 150-300 bytes more. */
export async function run(articles: number): Promise<void> {
  const desk = createTestDesk(Math.floor(Date.UTC(2026, 10, 1) / 1_000));
  desk.publishTargets();
  desk.card('test-news');
  addLines(desk, articles - 1);
  desk.publish();
  const mirror = await startMirror(desk.tree);
  const follower = createTestFollower(desk, [mirror]);
  const say = (what: string, bytes: number | string, requests: number): void =>
    console.log(
      `${what.padEnd(58)} ${String(bytes).padStart(12)} B ${String(requests).padStart(5)} requests`,
    );
  try {
    const startedAt = process.cpuUsage();
    const joined = await cost(mirror, follower);
    const cpu = process.cpuUsage(startedAt);
    say(`joining a log of ${articles} lines, no texts`, joined.bytes, joined.requests);
    console.log(`  ${((cpu.user + cpu.system) / 1e6).toFixed(1)} s of CPU, the mirror's in it`);
    const nothing = await cost(mirror, follower);
    say('nothing new', nothing.bytes, nothing.requests);
    add(desk, 1);
    const one = await indexBytes(mirror, follower);
    say('one new article, index', one.bytes, one.requests);
    for (const place of [0, 32, 111, 112, 128, 224]) {
      add(desk, (256 + place - (desk.entries.length % 256)) % 256 || 256);
      await follower.pass();
      add(desk, DAY);
      const day = await indexBytes(mirror, follower);
      say(`a day behind (${DAY}), index, from line ${place} of a page on`, day.bytes, day.requests);
    }
    const curtain = await createCurtain({
      target: { host: '127.0.0.1', port: mirror.port },
      freezeBytes: FREEZE_BYTES,
      packets: null,
      burst: null,
    });
    const [{ address } = { address: '' }] = follower.peers();
    const replica = follower.replica().id;
    follower.store.replicaPeers.drop(replica, address);
    follower.store.replicaPeers.add(replica, `http://127.0.0.1:${curtain.port}/`, 'trust');
    follower.allowMore(`127.0.0.1:${curtain.port}`);
    const [peer] = follower.peers();
    if (peer !== undefined) follower.store.replicaPeers.put({ ...peer, throttled: true });
    add(desk, DAY);
    const frozen = await indexBytes(mirror, follower);
    const most = Math.max(...curtain.connections().map(({ fromServerBytes }) => fromServerBytes));
    say(`a day behind through a line that freezes at ${FREEZE_BYTES}`, frozen.bytes, frozen.requests);
    const froze = curtain.connections().filter(({ frozenBy }) => frozenBy !== null).length;
    console.log(`  largest connection ${most} B, ${froze} of ${curtain.connections().length} froze`);
    await curtain.close();
    follower.store.replicaPeers.drop(replica, `http://127.0.0.1:${curtain.port}/`);
    follower.store.replicaPeers.add(replica, mirror.url, 'trust');
    const compressed = add(desk, MONTH) + 32 * MONTH;
    const month = await cost(mirror, follower);
    say(`30 days behind (${MONTH}), texts and all`, month.bytes, month.requests);
    console.log(
      `  ${(month.bytes / compressed).toFixed(2)} x the blobs compressed one by one, and 32 B each`,
    );
  } finally {
    await follower.close();
    await mirror.close();
  }
}
