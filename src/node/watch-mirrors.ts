import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import type { FileFetcher } from '../domain/file-fetcher.js';
import type { MirrorStatus } from '../keeper/trust.js';
import { peerAt } from '../replicate/mirror-peers.js';
import type { Store } from '../store/store.js';
import { fileFetcherOf } from './follower.js';
import { trustedLogs } from './trusted-logs.js';
import { keepWatchedMirrors, watchedMirrors } from './watched-mirrors.js';

/** Four looks a day cost a mirror next to nothing and notice a dead one in time to hand out another. */
const EVERY_MS = 6 * 3_600_000;

/** Verifies the public addresses of this desk, each at most every six hours. Never rejects for what a mirror does. */
export async function watchMirrors(
  config: Config,
  { store, clock, fetcher = fileFetcherOf(config) }: { store: Store; clock: Clock; fetcher?: FileFetcher },
): Promise<void> {
  const urls = store.mirrors.publicUrls();
  const before = watchedMirrors(store);
  if (urls.length === 0 && before.length === 0) return;
  const [log] = trustedLogs(config, store);
  if (log === undefined) return;
  const { verifyMirror } = await import('../replicate/verify-mirror.js');
  const watched: MirrorStatus[] = [];
  for (const url of urls) {
    const known = before.find((one) => one.url === url);
    const address = peerAt(url, log.repository);
    if (address === null || (known !== undefined && clock.now() - known.at < EVERY_MS)) {
      if (known !== undefined) watched.push(known);
      continue;
    }
    const from = { pin: Buffer.from(log.rootSha256) };
    const { verdict, reason } = await verifyMirror(address, from, { fetcher, now: clock.now() });
    const holds = verdict === 'fresh' || verdict === 'old';
    watched.push({ url, verdict, reason, at: clock.now(), failures: holds ? 0 : (known?.failures ?? 0) + 1 });
  }
  keepWatchedMirrors(store, watched);
}
