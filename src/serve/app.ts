import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Clock } from '../domain/clock.js';
import { HTML } from '../site/document.js';
import type { Site } from '../site/site.js';
import type { Store } from '../store/store.js';
import { createBaseUrl } from './base-url.js';
import { chooseCoding } from './content-coding.js';
import { createMediaResponse } from './media-response.js';
import type { HotPage, PageCache } from './page-cache.js';
import { createRedirects } from './redirects.js';
import { createSearch } from './search.js';
import type { SignedResponse } from './signed-response.js';

export interface AppConfig {
  urls: readonly string[];
  edge: 'direct' | 'proxied';
  tls: boolean;
  basePath: string;
  common: Readonly<Record<string, string>>;
  cacheControl: string;
}

export interface AppDeps {
  store: Store;
  site: Site;
  pages: PageCache;
  signed: SignedResponse;
  clock: Clock;
  /** Hears of every answer by its class only: never an address, a path, a query or an agent. */
  onAnswer: (status: number, bytes: number) => void;
}

/** The public side. Every request passes here, top to bottom; there is no other order. */
export function createApp(config: AppConfig, deps: AppDeps) {
  const { store, site, pages, onAnswer } = deps;
  const app = new Hono<{ Bindings: HttpBindings }>();
  const baseUrl = createBaseUrl(config);
  const media = createMediaResponse(store, config.common, config.cacheControl);
  const redirect = createRedirects(store, config.basePath);
  const search = createSearch(deps);
  const missing = new Map<number, HotPage>();

  /** 404 speaks in relative links, so there is one for each depth of folders. */
  function notFound(path: string): HotPage {
    const depth = Math.min(path.split('/').length - 2, 8);
    const page = missing.get(depth) ?? pages.ready(site.notFound(depth), 404, HTML);
    missing.set(depth, page);
    return page;
  }

  function answer(page: HotPage, incoming: HttpBindings['incoming']): Response {
    const variant = page.variants[chooseCoding(incoming.headers['accept-encoding'] as string | undefined)];
    if (
      incoming.method !== 'POST' &&
      page.status === 200 &&
      matches(incoming.headers, page.etag, variant.bare)
    ) {
      onAnswer(304, 0);
      return new Response(null, { status: 304, headers: variant.bare });
    }
    onAnswer(page.status, variant.body.length);
    return new Response(incoming.method === 'HEAD' ? null : variant.body, {
      status: page.status,
      headers: variant.headers,
    });
  }

  app.on(['GET', 'HEAD'], '*', (c) => {
    const { incoming } = c.env;
    const path = pathOf(incoming.url ?? '/', config.basePath);
    if (path === null) return answer(notFound('/'), incoming);
    const picture = media(path, incoming) ?? deps.signed(path, incoming);
    if (picture !== null) {
      onAnswer(picture.status, Number(picture.headers.get('Content-Length') ?? 0));
      return picture;
    }
    const base = baseUrl(incoming.headers.host, String(incoming.headers['x-forwarded-proto'] ?? ''));
    if (base === null) return plain(400, 'The Host header is not a host name.\n', config.common);
    const page = pages.get(path, base);
    if (page !== null) return answer(page, incoming);
    const target = redirect(path, incoming.url ?? '/');
    if (target !== null) {
      onAnswer(301, 0);
      return new Response(null, {
        status: 301,
        headers: {
          ...config.common,
          Location: target,
          'Content-Length': '0',
          'Cache-Control': config.cacheControl,
        },
      });
    }
    return answer(notFound(path), incoming);
  });

  app.post('*', async (c) => {
    const { incoming } = c.env;
    const path = pathOf(incoming.url ?? '/', config.basePath);
    const reply = path === null ? null : await search(path, incoming);
    return reply === null ? notAllowed() : answer(pages.ready(reply.html, reply.status, HTML), incoming);
  });

  app.all('*', () => notAllowed());

  const notAllowed = (): Response =>
    plain(405, 'Only GET and HEAD are answered here.\n', { ...config.common, Allow: 'GET, HEAD' });

  app.onError(() => plain(500, 'Something broke here. Try again in a minute.\n', config.common));

  function plain(status: number, text: string, headers: Readonly<Record<string, string>>): Response {
    onAnswer(status, text.length);
    return new Response(text, {
      status,
      headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    });
  }

  return app;
}

/** The path within the tree, without the query that trackers append; null outside the base path. */
function pathOf(url: string, basePath: string): string | null {
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  if (!path.startsWith(basePath)) return null;
  return basePath === '/' ? path : path.slice(basePath.length - 1);
}

/** RFC 9110 section 13.2.2: If-None-Match decides where it is sent, else If-Modified-Since. */
function matches(
  headers: HttpBindings['incoming']['headers'],
  etag: string,
  bare: Readonly<Record<string, string>>,
): boolean {
  const wanted = headers['if-none-match'];
  if (wanted !== undefined) return wanted === '*' || wanted.includes(`"${etag}`);
  const since = headers['if-modified-since'];
  return since !== undefined && Date.parse(since) >= Date.parse(bare['Last-Modified'] ?? '');
}
