import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { Client, type Dispatcher } from 'undici';
import type { FetchRequest } from '../domain/fetcher.js';
import type { Dial } from './dial.js';
import { failureOf } from './fetch-failure.js';
import type { Expect, FetchOptions } from './fetch-options.js';
import { proxyAuthorization } from './http-tunnel.js';
import { proxyOf } from './route.js';
import { untilAborted } from './until-aborted.js';

/** One answer of one host, its body not yet read. */
export interface Answer {
  url: URL;
  status: number;
  /** The header's value by lower-case name, the first where it came more than once; null where it did not come. */
  header(name: string): string | null;
  body: Readable;
  /** Ends the connection, read to the end or not. */
  hangUp(): void;
  /** Whether bytes came after the end that the answer itself had declared. */
  overran(): boolean;
}

export type Ask = (
  url: URL,
  request: Pick<FetchRequest, 'expect' | 'etag' | 'lastModified'> & {
    /** Beside the usual ones, or in their place. */
    headers?: Readonly<Record<string, string>>;
  },
  signal: AbortSignal,
) => Promise<Answer>;

const ACCEPT: Readonly<Record<Expect, string>> = {
  feed: 'application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5',
  page: 'text/html, application/xhtml+xml;q=0.9, */*;q=0.5',
  picture: 'image/avif, image/webp, image/*;q=0.9, */*;q=0.1',
  json: 'application/json, */*;q=0.5',
};

/** What a header may carry back (RFC 9110 section 5.5). A validator that is not of this form is left unsent. */
const HEADER_VALUE = /^[\x20-\x7e]+$/;

/**
 * One request on one connection, which is then closed: a kept connection would be the one that freezes on a throttled
 * line, and it could outlive the check of its address. No cookie, no referrer.
 */
export function createAsk(options: Pick<FetchOptions, 'userAgent' | 'route' | 'timeoutMs'>, dial: Dial): Ask {
  const proxy = proxyOf(options.route);

  function headersFor(url: URL, request: Parameters<Ask>[1]): Record<string, string> {
    const headers: Record<string, string> = {
      'user-agent': options.userAgent,
      accept: ACCEPT[request.expect],
      'accept-encoding': 'gzip, br, deflate',
    };
    if (request.etag && HEADER_VALUE.test(request.etag)) headers['if-none-match'] = request.etag;
    if (request.lastModified && HEADER_VALUE.test(request.lastModified)) {
      headers['if-modified-since'] = request.lastModified;
    }
    Object.assign(headers, request.headers);
    const account = proxy === null || !isForwarded(proxy, url) ? null : proxyAuthorization(proxy);
    if (account !== null) headers['proxy-authorization'] = account;
    return headers;
  }

  return async (url, request, signal) => {
    let client: Client | null = null;
    try {
      const socket = await dial(url, signal);
      client = new Client(url.origin, {
        // Not at once: the client does not see a connection that is there before it has finished asking for it.
        connect: (_target, done) => queueMicrotask(() => done(null, socket)),
        headersTimeout: options.timeoutMs,
        bodyTimeout: options.timeoutMs,
      });
      const asked = client.request({
        method: 'GET',
        // A proxy takes plain http by its absolute form (RFC 9112 section 3.2.2); most refuse tunnels to port 80.
        path:
          proxy !== null && isForwarded(proxy, url)
            ? url.href.replace(/#.*$/, '')
            : url.pathname + url.search,
        headers: headersFor(url, request),
        signal,
      });
      const response = await untilAborted(asked, signal);
      return answerOf(url, response, client, socket);
    } catch (error) {
      client?.destroy().catch(() => {});
      if (signal.aborted) throw error;
      throw failureOf(error, url.host);
    }
  };
}

const isForwarded = (proxy: URL, url: URL): boolean => proxy.protocol === 'http:' && url.protocol === 'http:';

function answerOf(url: URL, response: Dispatcher.ResponseData, client: Client, socket: Socket): Answer {
  // A body nobody reads still reports its end as an error.
  response.body.on('error', () => {});
  return {
    url,
    status: response.statusCode,
    header(name) {
      const value = response.headers[name];
      return (Array.isArray(value) ? value[0] : value)?.trim() ?? null;
    },
    body: response.body,
    hangUp: () => void client.destroy().catch(() => {}),
    // What undici calls bytes that belong to no request. It hears of them only where the answer leaves the connection open.
    overran: () => socket.errored?.message === 'bad response',
  };
}
