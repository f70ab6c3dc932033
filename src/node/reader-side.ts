import { join } from 'node:path';
import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import { createApp } from '../serve/app.js';
import { createPageCache } from '../serve/page-cache.js';
import { commonHeaders, htmlHeaders } from '../serve/response-headers.js';
import { createSignedResponse } from '../serve/signed-response.js';
import { openTree } from './tree.js';

/** All that answers readers, over a database that exists. It only reads. */
export function createReaderSide(
  config: Config,
  clock: Clock,
  onAnswer: (status: number, bytes: number) => void,
) {
  const { store, site } = openTree(config, true);
  const common = commonHeaders({ ...config.http, noindex: config.site.noindex });
  const { cacheControl } = config.http;
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
      basePath: config.site.basePath,
      common,
      cacheControl,
    },
    { store, site, pages, signed, clock, onAnswer },
  );
  return { store, pages, app };
}

type ReaderSide = ReturnType<typeof createReaderSide>;

/** The same, under one address for as long as the node runs: `reopen` puts a database that was rebuilt in place of the old one. */
export function createLastingReaderSide(...args: Parameters<typeof createReaderSide>) {
  let current: ReaderSide = createReaderSide(...args);
  return {
    app: { fetch: (...request: Parameters<ReaderSide['app']['fetch']>) => current.app.fetch(...request) },
    store: (): ReaderSide['store'] => current.store,
    refresh: (): void => current.pages.refresh(),
    reopen: (): void => {
      const old = current;
      current = createReaderSide(...args);
      old.store.close();
    },
  };
}
