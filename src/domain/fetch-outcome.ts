/** Every way a fetch can end, as a value. Times in milliseconds since the epoch. */
export type FetchOutcome =
  | Fetched
  | { kind: 'not-modified'; freshForMs: number | null }
  | { kind: 'rate-limited'; status: number; retryAt: number; scope: 'url' | 'host' }
  | { kind: 'blocked'; reason: BlockReason; status: number | null; detail: string }
  | { kind: 'gone'; status: 404 | 410 }
  /** A permanent redirect to a host this publisher does not list: waits for the keeper's word. */
  | { kind: 'moved'; to: string; status: number }
  | { kind: 'failed'; reason: FailReason; detail: string; retryable: boolean };

export interface Fetched {
  kind: 'fetched';
  /** After redirects. */
  url: string;
  status: number;
  contentType: string | null;
  etag: string | null;
  lastModified: string | null;
  body: Uint8Array;
  fetchedAt: number;
  /** What the server's clock said (RFC 9110 section 6.6.1); null where it did not say. */
  servedAt: number | null;
  /** From Cache-Control, clamped; null where it does not say. */
  freshForMs: number | null;
}

export type BlockReason =
  | 'challenge-page'
  | 'html-instead'
  | 'empty-body'
  | 'tiny-body'
  | 'reset'
  | 'status-451'
  | 'status-403'
  | 'status-401';

export type FailReason =
  | 'address-refused'
  | 'host-refused'
  | 'robots'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'timeout'
  | 'too-large'
  | 'too-many-redirects'
  | 'bad-redirect'
  | 'bad-encoding'
  | 'cut-off'
  | 'server-error'
  | 'bad-status'
  | 'aborted'
  | 'proxy';
