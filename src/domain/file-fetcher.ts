/** One file of a tree that proves itself: nothing about its address is trusted, so nothing but its bytes matters. */
export interface FileRequest {
  url: string;
  /** More than this is never held, whatever the server announces; after decompression as well. */
  maxBytes: number;
  etag?: string | null;
  /** Only these bytes, both ends counted, as RFC 9110 section 14.1.2 has them. */
  range?: { first: number; last: number };
  signal?: AbortSignal;
}

export type FileOutcome =
  | { kind: 'file'; bytes: Buffer; etag: string | null; wireBytes: number }
  /** A piece, and how long the whole is where the server said. */
  | { kind: 'piece'; bytes: Buffer; totalBytes: number | null; etag: string | null; wireBytes: number }
  | { kind: 'not-modified' }
  | { kind: 'missing'; status: number }
  /** Longer than asked for: announced, sent, or unpacked. */
  | { kind: 'too-large' }
  /** Bytes came, and then no more or too few of them: a freezing line, a slow one, an end before the end. */
  | { kind: 'cut'; receivedBytes: number; detail: string }
  /** An answer, but not this file: a redirect, a refusal, a status of its own. */
  | { kind: 'refused'; detail: string }
  /** A page for people where a file is due: a login page of a network, a block page. */
  | { kind: 'web-page' }
  | { kind: 'unreachable'; detail: string };

export interface FileFetcher {
  /** Never rejects for what a server or the network does. */
  fetch(request: FileRequest): Promise<FileOutcome>;
}
