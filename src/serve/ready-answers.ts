import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AskedHeaders, askedHeaders } from './asked-headers.js';
import type { BaseUrl, OnionLocation } from './base-url.js';
import { isCurrent } from './conditional.js';
import { chooseCoding } from './content-coding.js';
import { handOver, mayHandOver } from './hand-over.js';
import type { HotPage, HotVariant } from './hot-page.js';
import type { PageCache } from './page-cache.js';
import type { Places } from './places.js';
import { isSearchPath } from './search.js';
import type { Thrift } from './thrift.js';
import { createWire } from './wire.js';

export interface ReadyAnswersConfig {
  edge: 'direct' | 'proxied';
}

export interface ReadyAnswersDeps {
  pages: Pick<PageCache, 'inMemory' | 'fromRow' | 'generation'>;
  places: Pick<Places, 'locate' | 'generation'>;
  baseUrl: BaseUrl;
  onionLocation: OnionLocation;
  thrift: () => Thrift;
  onAnswer: (status: number, bytes: number) => void;
}

/**
 * Answers a plain GET of a page whose bytes are at hand, in memory or in one row of the store; false where it did not, and
 * everything else is to. Nine requests of ten end here, so this is the one place where speed comes before generality: the
 * answer itself is what app.ts would give, header for header.
 */
export function createReadyAnswers({ edge }: ReadyAnswersConfig, deps: ReadyAnswersDeps) {
  const { pages, places, baseUrl, onionLocation, thrift, onAnswer } = deps;
  const close = edge === 'direct';
  const connection: Record<string, string> = close ? {} : { Connection: 'keep-alive' };

  const wholeOf = (page: HotPage, variant: HotVariant): Buffer | string => {
    variant.whole ??= createWire(page.status, { ...variant.headers, ...connection }, variant.body);
    return variant.whole();
  };

  const notModifiedOf = (variant: HotVariant): Buffer | string => {
    variant.notModified ??= createWire(304, { ...variant.bare, ...connection }, null);
    return variant.notModified();
  };

  /** Addresses that led to a page of late, as they stood in the request line: an answer then costs one look. */
  const found = new Map<string, Found>();
  let pagesSeen = pages.generation();
  let placesSeen = places.generation();

  function find(url: string, { host, 'x-forwarded-proto': proto }: AskedHeaders): HotPage | null {
    if (pagesSeen !== pages.generation() || placesSeen !== places.generation()) {
      found.clear();
      pagesSeen = pages.generation();
      placesSeen = places.generation();
    }
    const known = found.get(url);
    if (known !== undefined && known.host === host && known.proto === proto) return known.page;
    const place = places.locate(url);
    // Who reads the form may ask soon, which app.ts gets ready for.
    if (place === null || isSearchPath(place.path)) return null;
    // The onion address depends on the folder that the reader came through, so it is in no bytes made before.
    if (onionLocation(host, place.folder, place.path) !== null) return null;
    const base = baseUrl(host, proto, place.folder);
    if (base === null) return null;
    const kept = pages.inMemory(place.path, base);
    if (kept === null) return pages.fromRow(place.path);
    if (url.length <= LONGEST_FOUND) {
      if (found.size >= MOST_FOUND) found.clear();
      found.set(url, { host, proto, page: kept });
    }
    return kept;
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET' || !mayHandOver(response)) return false;
    // HTTP/1.0, or a client that wants to be rid of the connection.
    if (!close && !response.shouldKeepAlive) return false;
    // A thrifty node looks closer at what it sends.
    if (thrift() !== 'none') return false;
    const asked = askedHeaders(request.rawHeaders);
    const page = asked === null ? null : find(request.url ?? '', asked);
    if (asked === null || page === null) return false;
    const variant = page.variants[chooseCoding(asked['accept-encoding'])];
    const current = isCurrent(page, variant, asked);
    onAnswer(current ? 304 : page.status, current ? 0 : variant.body.length);
    handOver(request, response, current ? notModifiedOf(variant) : wholeOf(page, variant), close);
    return true;
  };
}

interface Found {
  host: string | undefined;
  proto: string | undefined;
  page: HotPage;
}

/** What follows a question mark is anybody's, so there is no end of addresses, and none to their length: the tree's own are shorter. */
const MOST_FOUND = 4_096;
const LONGEST_FOUND = 256;
