import type { IncomingMessage } from 'node:http';
import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import { DAY_MS, utcDay } from '../domain/traffic.js';
import { chooseCoding } from '../serve/content-coding.js';
import { createDoor } from '../serve/door.js';
import type { PageCache } from '../serve/page-cache.js';
import type { Places } from '../serve/places.js';
import { createRequestRate } from '../serve/request-rate.js';
import { createRestingPages } from '../serve/resting-pages.js';
import { createThrift } from '../serve/thrift.js';
import { createTrafficCounter } from '../serve/traffic-counter.js';
import { recentTraffic } from '../store/recent-traffic.js';
import type { Store } from '../store/store.js';
import { trafficFile, writeTrafficFile } from '../store/traffic-file.js';

/** What a proxy's TLS handshake adds to each answer on the wire (measured with an ECDSA chain, 2026-11: 2,755 to 3,312 B). */
const PROXIED_BYTES = 3_312;
const FLUSH_MS = 10_000;

export type Traffic = ReturnType<typeof createTraffic>;

/** What serving costs, and how thrifty that makes the node. */
export function createTraffic(config: Config, deps: { store: Store; clock: Clock; log: Log }) {
  const { store, clock, log } = deps;
  const file = trafficFile(config.home);
  const counter = createTrafficCounter({
    clock,
    known: recentTraffic(store, config.home, utcDay(clock.now() - 62 * DAY_MS)),
    keep: (days) => writeTrafficFile(file, days),
    onTrouble: (reason) => log.warn('traffic-not-kept', { reason }),
  });
  const thrift = createThrift(config.limits.bytesPerMonth, { clock, counter });
  return {
    thrift,
    addBytes: counter.addBytes,
    addAnswer: (status: number): void => {
      counter.addAnswer(status);
      if (config.http.edge === 'proxied') counter.addBytes(PROXIED_BYTES);
    },
    /** Keeps the counters every ten seconds, and once more at the end. */
    keep: (): (() => void) => {
      const flushing = setInterval(counter.flush, FLUSH_MS);
      flushing.unref();
      return () => {
        clearInterval(flushing);
        counter.flush();
      };
    },
  };
}

/** The door in front of readers, put together. */
export function createDoorway(
  config: Config,
  deps: {
    clock: Clock;
    places: Places;
    /** Packs a page that is not in the tree. */
    ready: PageCache['ready'];
    traffic: Traffic;
    onAnswer: (status: number) => void;
  },
) {
  const { clock, places, ready, traffic } = deps;
  const rate = createRequestRate(config.limits.requestsPerSecond, () => performance.now());
  const resting = createRestingPages(ready);

  return createDoor({
    places,
    thrift: traffic.thrift,
    takeRequest: rate.take,
    resting: (incoming: IncomingMessage) => {
      const page = resting('everything', traffic.thrift.resumesAt());
      return page.variants[chooseCoding(incoming.headers['accept-encoding'] as string | undefined)];
    },
    now: clock.now,
    mostConnections: config.limits.connections,
    onBytes: traffic.addBytes,
    onAnswer: deps.onAnswer,
  });
}
