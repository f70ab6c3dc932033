import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { Clock } from '../domain/clock.js';
import type { Resting } from '../render/resting-page.js';
import { HTML } from '../site/document.js';
import type { Site } from '../site/site.js';
import type { Store } from '../store/store.js';
import { createBaseUrl, createOnionLocation } from './base-url.js';
import { isCurrent } from './conditional.js';
import { chooseCoding } from './content-coding.js';
import { answerNothing } from './hidden.js';
import type { HotPage } from './hot-page.js';
import { createMediaResponse } from './media-response.js';
import type { PageCache } from './page-cache.js';
import type { Places } from './places.js';
import { createReadyAnswers } from './ready-answers.js';
import { createRedirects } from './redirects.js';
import { createRestingPages } from './resting-pages.js';
import { createSearch, isSearchPath } from './search.js';
import type { Searcher } from './search-thread.js';
import type { SignedResponse } from './signed-response.js';
import { atLeast, type Thrift } from './thrift.js';

export interface AppConfig {
  urls: readonly string[];
  edge: 'direct' | 'proxied';
  tls: boolean;
  common: Readonly<Record<string, string>>;
  cacheControl: string;
  /** What fits the line; larger pictures rest first. */
  bodyBytes: number;
}

export interface AppDeps {
  store: Store;
  site: Site;
  pages: PageCache;
  signed: SignedResponse;
  searcher: Searcher;
  clock: Clock;
  places: Places;
  /** What rests for the rest of the day, so that the month costs what its keeper said. */
  thrift: () => { now: Thrift; resumesAt: number };
  /** Its first part alone: asked at every answer. */
  thriftNow: () => Thrift;
  /** Hears of every answer by its class only: never an address, a path, a query or an agent. */
  onAnswer: (status: number, bytes: number) => void;
}

/**
 * The public side. Every request passes here, top to bottom; there is no other order: the door (door.ts), then `readyAnswer`, then
 * `fetch`, which are Hono's routes as they stand below.
 */
export function createApp(config: AppConfig, deps: AppDeps) {
  const { store, site, pages, places, thrift, onAnswer } = deps;
  const app = new Hono<{ Bindings: HttpBindings }>();
  const baseUrl = createBaseUrl(config);
  const onionLocation = createOnionLocation(config.urls);
  const media = createMediaResponse(store, {
    common: config.common,
    cacheControlOf: pages.cacheControlOf,
    lightBytes: config.bodyBytes,
  });
  const redirect = createRedirects(store);
  const search = createSearch(deps);
  const readyAnswer = createReadyAnswers(config, {
    pages,
    places,
    baseUrl,
    onionLocation,
    thrift: deps.thriftNow,
    onAnswer,
  });
  const restingPages = createRestingPages(pages.ready);
  const missing = new Map<number, HotPage>();

  /** 404 speaks in relative links, so there is one for each depth of folders. */
  function notFound(path: string): HotPage {
    const depth = Math.min(path.split('/').length - 2, 8);
    const page = missing.get(depth) ?? pages.ready(site.notFound(depth), 404, HTML);
    missing.set(depth, page);
    return page;
  }

  /** A quiet mirror's own page would name it to whoever tries addresses. */
  function nothingHere(
    path: string,
    incoming: HttpBindings['incoming'],
    outgoing: HttpBindings['outgoing'],
  ): Response {
    if (!places.isQuiet()) return answer(notFound(path), incoming);
    onAnswer(404, 0);
    answerNothing(incoming, outgoing, deps.clock.now());
    return RESPONSE_ALREADY_SENT;
  }

  const isKnown = (page: HotPage, incoming: HttpBindings['incoming']): boolean =>
    isCurrent(page, page.variants.identity, incoming.headers);

  /** `onion`: where the same page stands in the Tor network, for a page of the tree asked for by the open net. */
  function answer(page: HotPage, incoming: HttpBindings['incoming'], onion: string | null = null): Response {
    const variant = page.variants[chooseCoding(incoming.headers['accept-encoding'] as string | undefined)];
    if (incoming.method !== 'POST' && isCurrent(page, variant, incoming.headers)) {
      onAnswer(304, 0);
      return new Response(null, { status: 304, headers: variant.bare });
    }
    onAnswer(page.status, variant.body.length);
    return new Response(incoming.method === 'HEAD' ? null : variant.body, {
      status: page.status,
      headers: onion === null ? variant.headers : { ...variant.headers, 'Onion-Location': onion },
    });
  }

  app.on(['GET', 'HEAD'], '*', (c) => {
    const { incoming, outgoing } = c.env;
    const url = incoming.url ?? '/';
    const place = places.locate(url);
    if (place === null) return nothingHere('/', incoming, outgoing);
    const { path, folder } = place;
    const rests = thrift();
    const picture = media(path, incoming, rests.now !== 'none') ?? deps.signed(path, incoming);
    if (picture === 'too-heavy') return resting('pictures', rests.resumesAt, incoming);
    if (picture !== null) {
      onAnswer(picture.status, Number(picture.headers.get('Content-Length') ?? 0));
      return picture;
    }
    if (path.includes('/full/') && atLeast(rests.now, 'no-full'))
      return resting('fullFeeds', rests.resumesAt, incoming);
    const proto = incoming.headers['x-forwarded-proto'] as string | undefined;
    const base = baseUrl(incoming.headers.host, proto, folder);
    if (base === null) return plain(400, 'The Host header is not a host name.\n', config.common);
    const page = pages.get(path, base);
    if (page !== null) {
      if (isSearchPath(path)) deps.searcher.prepare();
      const light = rests.now === 'none' ? null : pages.withoutPictures(path, base);
      const isPage = page.status === 200 && page.variants.br.headers['Content-Type'] === HTML;
      const onion = isPage ? onionLocation(incoming.headers.host, folder, path) : null;
      return answer(light === null || isKnown(page, incoming) ? page : light, incoming, onion);
    }
    const target = redirect(path, url, folder);
    if (target !== null) {
      onAnswer(301, 0);
      return new Response(null, {
        status: 301,
        headers: {
          ...config.common,
          Location: target,
          'Content-Length': '0',
          'Cache-Control': pages.cacheControlOf(path),
        },
      });
    }
    return nothingHere(path, incoming, outgoing);
  });

  app.post('*', async (c) => {
    const { incoming } = c.env;
    const place = places.locate(incoming.url ?? '/');
    const reply = place === null ? null : await search(place.path, incoming);
    return reply === null ? notAllowed() : answer(pages.ready(reply.html, reply.status, HTML), incoming);
  });

  app.all('*', () => notAllowed());

  const notAllowed = (): Response =>
    plain(405, 'Only GET and HEAD are answered here.\n', { ...config.common, Allow: 'GET, HEAD' });

  app.onError(() => plain(500, 'Something broke here. Try again in a minute.\n', config.common));

  function resting(what: Resting, until: number, incoming: HttpBindings['incoming']): Response {
    const response = answer(restingPages(what, until), incoming);
    response.headers.set('Retry-After', String(Math.ceil((until - deps.clock.now()) / 1_000)));
    return response;
  }

  function plain(status: number, text: string, headers: Readonly<Record<string, string>>): Response {
    onAnswer(status, text.length);
    return new Response(text, {
      status,
      headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    });
  }

  return { readyAnswer, fetch: app.fetch };
}
