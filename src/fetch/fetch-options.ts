import type { FetchRequest } from '../domain/fetcher.js';

export type Expect = FetchRequest['expect'];

/** How requests leave: straight from here, or through one proxy that also resolves the names. */
export interface Route {
  /** `http://host:port` or `socks5://host:port`; `user:password@` before the host where the proxy asks for it. */
  proxy: string;
}

/** What a fetcher may be told. Whatever is left out is as in `FETCH_DEFAULTS`. */
export interface FetchOptions {
  /** Sent with every request: names the project and a contact. Its part before `/` is matched in robots.txt. */
  userAgent: string;
  /** `host:port` pairs, as in the URL, whose resolved address is not checked: the demo and tests, nothing else. */
  allow: readonly string[];
  /** A fetch from its first connection to its last byte, redirects and robots.txt included. */
  timeoutMs: number;
  /** Bytes on the wire, by what is due. */
  maxBytes: Readonly<Record<Expect, number>>;
  maxDecompressedBytes: number;
  maxRedirects: number;
  /** Least gap between the starts of two fetches from one host; up to half of it again is added by chance. */
  politenessMs: number;
  /** Fetches under way at once from one host. */
  perHost: number;
  route: Route | null;
  /** Whether robots.txt is asked before a page. */
  robots: boolean;
  /** Bounds for what Cache-Control and Expires may say. */
  freshness: { minMs: number; maxMs: number };
}

const MB = 1_000_000;

/**
 * Where the numbers come from. A hostile upstream may cost at most 15 s and 100 MB. Bytes: the largest real feed seen
 * was 9 MB, a page past 10 MB or a picture past 12 MB is no use on a small mirror; 32 MB decoded, held once in pieces and
 * once whole, stays within that. Redirects: RFC 9309 section 2.3.1.2 asks for five. Freshness: never
 * asked more often than each minute, never left alone longer than a day.
 */
export const FETCH_DEFAULTS: Omit<FetchOptions, 'userAgent'> = {
  allow: [],
  timeoutMs: 15_000,
  maxBytes: { feed: 20 * MB, page: 10 * MB, picture: 12 * MB, json: 10 * MB },
  maxDecompressedBytes: 32 * MB,
  maxRedirects: 5,
  politenessMs: 1_000,
  perHost: 1,
  route: null,
  robots: true,
  freshness: { minMs: 60_000, maxMs: 86_400_000 },
};
