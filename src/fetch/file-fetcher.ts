import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { FileFetcher, FileOutcome, FileRequest } from '../domain/file-fetcher.js';
import { createAdmission } from './admission.js';
import { type Answer, createAsk } from './ask.js';
import { startDeadline } from './deadline.js';
import { createDial, type DialDeps } from './dial.js';
import { FetchFailure } from './fetch-failure.js';
import type { Route } from './fetch-options.js';

export interface FileFetcherOptions {
  userAgent: string;
  /** `host:port` pairs whose resolved address is not checked. */
  allow: readonly string[];
  route: Route | null;
  /** docs/formats.md, "Pulling", 1: a file may take so long ... */
  timeoutMs: number;
  /** ... and longer only while at least so many bytes come in a second. */
  leastBytesPerSecond: number;
  /** A line that says nothing for so long is frozen. */
  silenceMs: number;
}

export const FILE_FETCH_DEFAULTS = { timeoutMs: 15_000, leastBytesPerSecond: 500, silenceMs: 8_000 };

/**
 * Fetches files whose bytes are checked by whoever asked. The same guard as for publishers: addresses checked and pinned, one
 * request a connection, nothing said but the program's name. No redirect is followed: a mirror is where it says it is.
 */
export function createFileFetcher(options: FileFetcherOptions, deps: DialDeps = {}): FileFetcher {
  const admission = createAdmission(options);
  const ask = createAsk(options, createDial(options, admission, deps));

  async function outcomeOf(request: FileRequest, url: URL): Promise<FileOutcome> {
    if (url.hostname.endsWith('.onion') && options.route === null)
      return {
        kind: 'unreachable',
        detail: 'an onion address needs a route: set follow.route to your Tor proxy',
      };
    const watch = startWatch(options, request.signal);
    let answer: Answer | null = null;
    try {
      admission.admit(url, [url.hostname]);
      const headers: Record<string, string> =
        request.range === undefined
          ? { 'accept-encoding': 'gzip, br' }
          : { 'accept-encoding': 'identity', range: `bytes=${request.range.first}-${request.range.last}` };
      answer = await ask(url, { expect: 'json', etag: request.etag ?? null, headers }, watch.signal);
      return await conclude(answer, request, watch);
    } catch (error) {
      return failureOf(error, watch, url);
    } finally {
      answer?.hangUp();
      watch.stop();
    }
  }

  return {
    fetch: async (request) =>
      URL.canParse(request.url)
        ? outcomeOf(request, new URL(request.url))
        : { kind: 'unreachable', detail: 'no address' },
  };
}

/** RFC 1952 and RFC 7932: header, trailer, and a share of a thousandth of what does not pack. */
const PACKING_BYTES = 1_024;

type Watch = ReturnType<typeof startWatch>;

/** Ends what takes too long: frozen, or slower than the least speed once its time is over. On real time, as it is about sockets. */
function startWatch(options: FileFetcherOptions, signal: AbortSignal | undefined) {
  const deadline = startDeadline(null, [signal]);
  const controller = new AbortController();
  const startedAt = Date.now();
  let heardAt = startedAt;
  let receivedBytes = 0;
  let reason: string | null = null;
  const abort = (why: string): void => {
    reason ??= why;
    controller.abort(new Error(why));
  };
  deadline.signal.addEventListener('abort', () => abort('was called off'), { once: true });
  if (deadline.signal.aborted) abort('was called off');
  const timer = setInterval(() => {
    const now = Date.now();
    const due = ((now - startedAt - options.timeoutMs) / 1_000) * options.leastBytesPerSecond;
    if (receivedBytes < due || (receivedBytes === 0 && now - startedAt > options.timeoutMs))
      abort('is slower than the least speed');
    else if (receivedBytes > 0 && now - heardAt > options.silenceMs) abort('went silent');
  }, 200);
  return {
    signal: controller.signal,
    receive: (bytes: number): void => {
      heardAt = Date.now();
      receivedBytes += bytes;
    },
    receivedBytes: () => receivedBytes,
    reason: () => reason,
    stop: (): void => {
      clearInterval(timer);
      deadline.stop();
    },
  };
}

async function conclude(answer: Answer, request: FileRequest, watch: Watch): Promise<FileOutcome> {
  const { status } = answer;
  if (status === 304) {
    return request.etag
      ? { kind: 'not-modified' }
      : { kind: 'refused', detail: 'answers 304 to a plain request' };
  }
  if (status === 404 || status === 410) return { kind: 'missing', status };
  if (status === 416 && request.range !== undefined) return { kind: 'missing', status };
  if (status !== 200 && status !== 206) {
    const redirect = status >= 300 && status < 400;
    return { kind: 'refused', detail: redirect ? `redirects (${status})` : `answers ${status}` };
  }
  if (/^text\/html\b/i.test(answer.header('content-type') ?? '')) return { kind: 'web-page' };
  const coding = answer.header('content-encoding');
  // What is a few bytes long becomes longer when it is packed.
  const wire = await readWire(answer, request.maxBytes + (coding === null ? 0 : PACKING_BYTES), watch);
  if (wire === null) return { kind: 'too-large' };
  const bytes = decode(wire, coding, request.maxBytes);
  if (bytes === 'too-large') return { kind: 'too-large' };
  if (bytes === null) return { kind: 'refused', detail: 'sends a body that does not unpack' };
  if (status === 200) return { kind: 'file', bytes, etag: answer.header('etag'), wireBytes: wire.length };
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.header('content-range') ?? '') ?? [];
  if (request.range === undefined || first !== String(request.range.first))
    return { kind: 'refused', detail: 'sends another piece than was asked for' };
  const totalBytes = total === '*' ? null : Number(total);
  return { kind: 'piece', bytes, totalBytes, etag: answer.header('etag'), wireBytes: wire.length };
}

/** The body as sent, or null once it is longer than it may be. */
async function readWire(answer: Answer, maxBytes: number, watch: Watch): Promise<Buffer | null> {
  if (Number(answer.header('content-length') ?? 0) > maxBytes) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    watch.receive(chunk.length);
    bytes += chunk.length;
    if (bytes > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(wire: Buffer, encoding: string | null, maxBytes: number): Buffer | 'too-large' | null {
  const coding = (encoding ?? 'identity').trim().toLowerCase();
  if (coding === 'identity' || coding === '') return wire;
  const unpack =
    coding === 'gzip' || coding === 'x-gzip' ? gunzipSync : coding === 'br' ? brotliDecompressSync : null;
  if (unpack === null) return null;
  try {
    return unpack(wire, { maxOutputLength: maxBytes });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    return code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : null;
  }
}

function failureOf(error: unknown, watch: Watch, url: URL): FileOutcome {
  const receivedBytes = watch.receivedBytes();
  const reason = watch.reason();
  if (reason !== null) {
    return receivedBytes > 0
      ? { kind: 'cut', receivedBytes, detail: `${url.host} ${reason} after ${receivedBytes} bytes` }
      : { kind: 'unreachable', detail: `${url.host} ${reason}` };
  }
  if (receivedBytes > 0)
    return { kind: 'cut', receivedBytes, detail: `${url.host} ends after ${receivedBytes} bytes` };
  if (error instanceof FetchFailure) {
    const detail = 'detail' in error.outcome ? error.outcome.detail : error.outcome.kind;
    return { kind: 'unreachable', detail };
  }
  return { kind: 'unreachable', detail: error instanceof Error ? error.message : String(error) };
}
