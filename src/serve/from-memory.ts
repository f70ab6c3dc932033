import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BaseUrl, OnionLocation } from './base-url.js';
import { isCurrent } from './conditional.js';
import { chooseCoding } from './content-coding.js';
import { handOver, mayHandOver } from './hand-over.js';
import type { HotPage, HotVariant } from './hot-page.js';
import type { PageCache } from './page-cache.js';
import type { Places } from './places.js';
import type { Thrift } from './thrift.js';
import { createWire } from './wire.js';

export interface FromMemoryConfig {
  edge: 'direct' | 'proxied';
}

export interface FromMemoryDeps {
  pages: Pick<PageCache, 'inMemory'>;
  places: Pick<Places, 'locate'>;
  baseUrl: BaseUrl;
  onionLocation: OnionLocation;
  thrift: () => { now: Thrift };
  onAnswer: (status: number, bytes: number) => void;
}

/**
 * Answers a plain GET of a page that memory holds, with bytes that were ready before it was asked for; false where it did not, and
 * everything else is to. Nine requests of ten end here, so this is the one place where speed comes before generality: the
 * answer itself is what app.ts would give, header for header.
 */
export function createFromMemory({ edge }: FromMemoryConfig, deps: FromMemoryDeps) {
  const { pages, places, baseUrl, onionLocation, thrift, onAnswer } = deps;
  const close = edge === 'direct';
  const connection: Record<string, string> = close ? {} : { Connection: 'keep-alive' };

  const wholeOf = (page: HotPage, variant: HotVariant): Buffer => {
    variant.whole ??= createWire(page.status, { ...variant.headers, ...connection }, variant.body);
    return variant.whole();
  };

  const notModifiedOf = (variant: HotVariant): Buffer => {
    variant.notModified ??= createWire(304, { ...variant.bare, ...connection }, null);
    return variant.notModified();
  };

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET' || !mayHandOver(request, response)) return false;
    // HTTP/1.0, or a client that wants to be rid of the connection.
    if (!close && !response.shouldKeepAlive) return false;
    const { headers, url = '' } = request;
    const place = places.locate(url);
    // A thrifty node looks closer at what it sends.
    if (place === null || thrift().now !== 'none') return false;
    const base = baseUrl(headers.host, headers['x-forwarded-proto'] as string | undefined, place.base);
    const page = base === null ? null : pages.inMemory(place.path, base);
    if (page === null) return false;
    // Depends on the folder that the reader came through, so it is in no bytes made before.
    if (onionLocation(headers.host, place.base, place.path) !== null) return false;
    const variant = page.variants[chooseCoding(headers['accept-encoding'] as string | undefined)];
    const current = isCurrent(page, variant, headers);
    onAnswer(current ? 304 : page.status, current ? 0 : variant.body.length);
    handOver(request, response, current ? notModifiedOf(variant) : wholeOf(page, variant), close);
    return true;
  };
}
