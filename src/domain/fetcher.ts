import type { FetchOutcome } from './fetch-outcome.js';

export interface FetchRequest {
  url: string;
  /** What is due: decides which bodies count as a block page, the byte cap, and whether robots.txt is asked. */
  expect: 'feed' | 'page' | 'picture' | 'json';
  /** Hosts allowed for this request, redirects included: exact names or `*.example.org`. */
  hosts: readonly string[];
  etag?: string | null;
  lastModified?: string | null;
  signal?: AbortSignal;
}

/** The one door to the network. */
export interface Fetcher {
  fetch(request: FetchRequest): Promise<FetchOutcome>;
  close(): Promise<void>;
}
