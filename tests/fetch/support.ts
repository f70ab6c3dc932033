import { connect } from 'node:net';
import type { FetchOutcome } from '../../src/domain/fetch-outcome.js';
import type { Fetcher, FetchRequest } from '../../src/domain/fetcher.js';
import type { Log } from '../../src/domain/log.js';
import type { FetchOptions } from '../../src/fetch/fetch-options.js';
import { createFetcher, type FetcherDeps } from '../../src/fetch/fetcher.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';

export const USER_AGENT = 'Tamizdat/0.1 (+https://tamizdat.test/; keeper@tamizdat.test)';

const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface TestFetcher extends Fetcher {
  clock: ManualClock;
  /** A fetch that is allowed to every host used in these tests. */
  get(url: string, request?: Partial<FetchRequest>): Promise<FetchOutcome>;
}

/** A fetcher on a clock of its own, without jitter. */
export function testFetcher(
  options: Partial<FetchOptions> = {},
  deps: Partial<FetcherDeps> = {},
): TestFetcher {
  const clock = createManualClock();
  const fetcher = createFetcher(
    { userAgent: USER_AGENT, timeoutMs: 5_000, ...options },
    { clock, log: silentLog, random: () => 0, ...deps },
  );
  return {
    ...fetcher,
    clock,
    get: (url, request) =>
      fetcher.fetch({
        url,
        expect: 'feed',
        hosts: ['127.0.0.1', 'feed.test', '*.feed.test', 'other.test'],
        ...request,
      }),
  };
}

/** A public address that stands for the test's own server: what is refused is refused, what is dialed stays on loopback. */
export const PUBLIC = '93.184.215.14';

/** Names resolved by `answers`, and `PUBLIC` led to loopback; every other address is dialed as it is. */
export function pretendInternet(answers: (host: string) => readonly string[]) {
  const asked: string[] = [];
  const dialed: string[] = [];
  const deps: Partial<FetcherDeps> = {
    resolve: async (host) => {
      asked.push(host);
      return answers(host);
    },
    connect: (addresses, port) => {
      dialed.push(...addresses);
      const [first = ''] = addresses;
      return connect(port, first === PUBLIC ? '127.0.0.1' : first);
    },
  };
  return { deps, asked, dialed };
}
