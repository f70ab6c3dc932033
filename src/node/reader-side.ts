import { join } from 'node:path';
import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import { createApp } from '../serve/app.js';
import { createPageCache } from '../serve/page-cache.js';
import { createPlaces, type Places } from '../serve/places.js';
import { commonHeaders, htmlHeaders } from '../serve/response-headers.js';
import type { Searcher } from '../serve/search-thread.js';
import { createSignedResponse } from '../serve/signed-response.js';
import type { Site } from '../site/site.js';
import type { Store } from '../store/store.js';
import { createDoorway, createTraffic, type Traffic } from './doorway.js';
import { createSearching } from './searching.js';
import { openTree } from './tree.js';

const noLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** What outlives a database that is put in place of another: where the mirror stands, and what serving has cost. */
interface Standing {
  places: Places;
  traffic: Traffic;
}

interface ReaderSideOptions {
  log?: Log;
  standing?: Standing;
  /** Who searches; a thread of its own where it is left out. */
  searcherOf?: (tree: { store: Store; site: Site }) => Searcher;
}

/** All that answers readers, over a database that exists. It only reads; `traffic.keep` writes what serving cost to a file of its own. */
export function createReaderSide(
  config: Config,
  clock: Clock,
  onAnswer: (status: number, bytes: number) => void,
  { log = noLog, standing, searcherOf = () => createSearching(config, log) }: ReaderSideOptions = {},
) {
  const { store, site } = openTree(config, true);
  const searcher = searcherOf({ store, site });
  const common = commonHeaders({ ...config.http, noindex: config.site.noindex });
  const { cacheControl } = config.http;
  const places =
    standing?.places ??
    createPlaces(config.home, config.site.basePath, (reason) =>
      log.error('secret-paths-unreadable', { reason }),
    );
  const traffic = standing?.traffic ?? createTraffic(config, { store, clock, log });
  const { thrift } = traffic;
  const answered = (status: number, bytes: number): void => {
    traffic.addAnswer(status);
    onAnswer(status, bytes);
  };
  const pages = createPageCache({ cacheControl, common, headersOf: htmlHeaders }, { store, site, clock });
  const signed = createSignedResponse(
    { folder: join(config.home, 'signed'), common, cacheControl },
    store.meta,
  );
  const app = createApp(
    {
      urls: config.site.urls,
      edge: config.http.edge,
      tls: config.tls !== null,
      common,
      cacheControl,
      bodyBytes: config.line.bodyBytes,
    },
    {
      store,
      site,
      pages,
      signed,
      searcher,
      clock,
      places,
      thrift: () => ({ now: thrift.now(), resumesAt: thrift.resumesAt() }),
      thriftNow: thrift.now,
      onAnswer: answered,
    },
  );
  const door = createDoorway(config, {
    clock,
    places,
    ready: pages.ready,
    traffic,
    onAnswer: (status) => answered(status, 0),
  });
  const close = async (): Promise<void> => {
    await searcher.close();
    store.close();
  };
  return { store, pages, places, traffic, app, door, close };
}

type ReaderSide = ReturnType<typeof createReaderSide>;

/** The same, under one address for as long as the node runs: `reopen` puts a database that was rebuilt in place of the old one. */
export function createLastingReaderSide(
  config: Config,
  clock: Clock,
  onAnswer: (status: number, bytes: number) => void,
  log: Log = noLog,
) {
  let current: ReaderSide = createReaderSide(config, clock, onAnswer, { log });
  const { places, traffic, door } = current;
  return {
    app: {
      readyAnswer: (...exchange: Parameters<ReaderSide['app']['readyAnswer']>) =>
        current.app.readyAnswer(...exchange),
      fetch: (...request: Parameters<ReaderSide['app']['fetch']>) => current.app.fetch(...request),
    },
    door,
    places,
    traffic,
    store: (): ReaderSide['store'] => current.store,
    close: (): Promise<void> => current.close(),
    refresh: (): void => {
      current.pages.refresh();
      places.refresh();
    },
    reopen: (): void => {
      const old = current;
      current = createReaderSide(config, clock, onAnswer, { log, standing: { places, traffic } });
      void old.close();
    },
  };
}
