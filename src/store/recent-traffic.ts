import { mergeDays, type TrafficDay } from '../domain/traffic.js';
import type { Store } from './store.js';
import { readTrafficFile, trafficFile } from './traffic-file.js';

/** Days of traffic from `sinceDay` on, oldest first: the long memory, and over it what the serving process wrote last (at most 10 s ago). */
export const recentTraffic = (store: Pick<Store, 'traffic'>, home: string, sinceDay: string): TrafficDay[] =>
  mergeDays(
    store.traffic.since(sinceDay),
    readTrafficFile(trafficFile(home)).filter(({ day }) => day >= sinceDay),
  );
