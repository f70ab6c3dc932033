import type { FileOutcome } from '../domain/file-fetcher.js';
import { EndlessData, MissingFile, PortalPage, UnreachablePeer } from '../sign/verify/refusals.js';
import type { PeerSource } from './peer-source.js';

/** A piece that leaves room for the handshake on the lowest line reported: 12,288 bytes a connection (net4people/bbs 490). */
const PIECE_BYTES = 8_192;

export interface PeerReading {
  /** The file, or null where it is not there; `not-modified` only where a tag was sent. */
  bytes: Buffer | null | 'not-modified';
  etag: string | null;
}

export interface PeerReaderOptions {
  /** Connections to this peer are known to freeze. */
  throttled: boolean;
  /** It was found out just now. */
  onThrottled?: () => void;
  signal?: AbortSignal;
}

export type PeerReader = ReturnType<typeof createPeerReader>;

/**
 * Reads whole files of a peer. A connection that dies in the middle is taken for a freezing line: the file is asked for again in
 * pieces (RFC 9110 section 14), and so is every later one. Throws `EndlessData`, `PortalPage`, `UnreachablePeer`.
 */
export function createPeerReader(source: PeerSource, options: PeerReaderOptions) {
  let { throttled } = options;
  let requests = 0;
  let wireBytes = 0;
  const signal = options.signal === undefined ? {} : { signal: options.signal };

  async function ask(path: string, request: Parameters<PeerSource['get']>[1]): Promise<FileOutcome> {
    requests += 1;
    const outcome = await source.get(path, { ...request, ...signal });
    if ('wireBytes' in outcome) wireBytes += outcome.wireBytes;
    return outcome;
  }

  function refuse(path: string, outcome: FileOutcome, maxBytes: number): never {
    if (outcome.kind === 'too-large') throw new EndlessData(path, maxBytes);
    if (outcome.kind === 'web-page') throw new PortalPage(path);
    throw new UnreachablePeer(path, 'detail' in outcome ? outcome.detail : outcome.kind);
  }

  /** From `offset` to the end, piece by piece. A file that changes meanwhile is begun again once. */
  async function inPieces(
    path: string,
    maxBytes: number,
    etag: string | null,
    offset: number,
    retry = true,
  ): Promise<PeerReading> {
    const pieces: Buffer[] = [];
    let tag: string | null = null;
    for (let first = offset, total: number | null = null; total === null || first < total; ) {
      const range = { first, last: first + PIECE_BYTES - 1 };
      const outcome = await ask(path, {
        maxBytes: Math.max(PIECE_BYTES, maxBytes),
        range,
        etag: pieces.length === 0 ? etag : null,
      });
      if (outcome.kind === 'not-modified') return { bytes: 'not-modified', etag };
      if (outcome.kind === 'missing') return { bytes: null, etag: null };
      // A server without ranges sends all; small files come through whole.
      if (outcome.kind === 'file') return { bytes: outcome.bytes.subarray(offset), etag: outcome.etag };
      if (outcome.kind !== 'piece') return refuse(path, outcome, maxBytes);
      if (pieces.length > 0 && outcome.etag !== tag) {
        if (retry) return inPieces(path, maxBytes, null, offset, false);
        throw new UnreachablePeer(path, 'changes while it is read');
      }
      tag = outcome.etag;
      total =
        outcome.totalBytes ?? (outcome.bytes.length < PIECE_BYTES ? first + outcome.bytes.length : null);
      if (outcome.bytes.length === 0 && (total === null || first < total))
        throw new UnreachablePeer(path, 'sends an empty piece');
      pieces.push(outcome.bytes);
      first += outcome.bytes.length;
      if (first - offset > maxBytes || (total ?? 0) - offset > maxBytes)
        throw new EndlessData(path, maxBytes);
    }
    return { bytes: Buffer.concat(pieces), etag: tag };
  }

  async function read(path: string, maxBytes: number, etag: string | null = null): Promise<PeerReading> {
    if (throttled) return checked(path, await inPieces(path, maxBytes, etag, 0));
    const outcome = await ask(path, { maxBytes, etag });
    if (outcome.kind === 'cut') {
      throttled = true;
      options.onThrottled?.();
      return checked(path, await inPieces(path, maxBytes, etag, 0));
    }
    if (outcome.kind === 'not-modified') return { bytes: 'not-modified', etag };
    if (outcome.kind === 'missing') return { bytes: null, etag: null };
    if (outcome.kind !== 'file') return refuse(path, outcome, maxBytes);
    return checked(path, { bytes: outcome.bytes, etag: outcome.etag });
  }

  return {
    read,
    /** The end of a file from `offset` on: what is before it is known. Only worth it where pieces are read anyway. */
    readFrom: async (path: string, offset: number, maxBytes: number): Promise<Buffer | null> => {
      const { bytes } = await inPieces(path, maxBytes, null, offset);
      return bytes === 'not-modified' ? null : bytes;
    },
    /** As the verifier wants it. */
    file: async (path: string, maxBytes: number): Promise<Buffer | null> => {
      const { bytes } = await read(path, maxBytes);
      return bytes === 'not-modified' ? null : bytes;
    },
    mustRead: async (path: string, maxBytes: number): Promise<Buffer> => {
      const { bytes } = await read(path, maxBytes);
      if (bytes === null || bytes === 'not-modified') throw new MissingFile(path);
      return bytes;
    },
    isThrottled: () => throttled,
    /** What reading cost so far. */
    cost: () => ({ requests, wireBytes }),
  };
}

/** No file of the tree is a web page. One that comes instead is whoever stands on the line, and nothing the peer signed or said. */
function checked(path: string, reading: PeerReading): PeerReading {
  const { bytes } = reading;
  if (Buffer.isBuffer(bytes)) {
    const start = bytes.toString('latin1', 0, 256).trimStart().toLowerCase();
    if (start.startsWith('<!doctype html') || start.startsWith('<html')) throw new PortalPage(path);
  }
  return reading;
}
