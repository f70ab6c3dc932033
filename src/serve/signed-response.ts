import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib';
import { chooseCoding } from './content-coding.js';
import { type ByteRange, parseRange } from './range.js';
import { parseSignedPath, type SignedPath } from './signed-paths.js';

/** Null where the path is not in the signed tree. */
export type SignedResponse = (path: string, incoming: IncomingMessage) => Response | null;

export interface SignedConfig {
  /** Holds one folder for each repository. */
  folder: string;
  common: Readonly<Record<string, string>>;
  cacheControl: string;
}

/** Files above this are answered in parts where a reader asks for parts (RFC 9110 section 14): a throttled line takes no more at once. */
const RANGE_ABOVE_BYTES = 8_192;
/** What is larger is read as it is sent. */
const WHOLE_MOST_BYTES = 1_048_576;
const COMPRESS_MOST_BYTES = 65_536;
const JSON_BEGINS = '{'.charCodeAt(0);

/** Hands out the signed tree's files under `/signed/`: the node's own repository, and each by its name. */
export function createSignedResponse(
  config: SignedConfig,
  meta: { get(name: string): string | null },
): SignedResponse {
  const compressed = createSmallCache();

  function open(asked: SignedPath): { file: string; handle: number } | null {
    const repository = asked.repository ?? meta.get('signed:primary');
    if (repository === null) return null;
    const file = join(config.folder, repository, asked.name);
    try {
      return { file, handle: openSync(file, 'r') };
    } catch {
      return null;
    }
  }

  function cacheControl({ kind }: SignedPath): string {
    if (config.cacheControl === 'no-store') return 'no-store';
    return kind === 'immutable' ? 'public, max-age=31536000, immutable' : 'max-age=30';
  }

  return (path, incoming) => {
    const asked = parseSignedPath(path);
    const opened = asked === null ? null : open(asked);
    if (asked === null || opened === null) return null;
    const { file, handle } = opened;
    const stat = fstatSync(handle);
    if (stat.size > WHOLE_MOST_BYTES) return answer(asked, incoming, stat, null, handle);
    try {
      return answer(asked, incoming, stat, file, handle);
    } finally {
      closeSync(handle);
    }
  };

  /** `file`: where the whole of it may be read now; null for a large one, whose handle this answer closes. */
  function answer(
    asked: SignedPath,
    incoming: IncomingMessage,
    { size, mtimeMs, mtime }: { size: number; mtimeMs: number; mtime: Date },
    file: string | null,
    handle: number,
  ): Response {
    // Several copies of one head have the same validator, whichever node answers.
    const whole = asked.kind === 'mutable' && file !== null ? readFileSync(handle) : null;
    const tag =
      whole === null
        ? `${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}`
        : createHash('sha256').update(whole).digest('base64url').slice(0, 16);
    const headers: Record<string, string> = {
      ...config.common,
      ETag: `"${tag}"`,
      'Cache-Control': cacheControl(asked),
      'Last-Modified': mtime.toUTCString(),
    };
    const without = (status: number, more: Record<string, string> = {}): Response => {
      if (file === null) closeSync(handle);
      return new Response(null, { status, headers: { ...headers, ...more } });
    };
    if (incoming.headers['if-none-match']?.includes(`"${tag}`)) return without(304);
    headers['Content-Type'] = asked.type;
    headers['Content-Security-Policy'] = "default-src 'none';sandbox";
    if (size > RANGE_ABOVE_BYTES) headers['Accept-Ranges'] = 'bytes';
    const range =
      size > RANGE_ABOVE_BYTES && isStill(incoming, tag) ? parseRange(incoming.headers.range, size) : null;
    if (range === 'unsatisfiable')
      return without(416, { 'Content-Range': `bytes */${size}`, 'Content-Length': '0' });
    const part = range ?? { from: 0, to: size - 1 };
    const length = part.to - part.from + 1;
    const status = range === null ? 200 : 206;
    if (range !== null) headers['Content-Range'] = `bytes ${part.from}-${part.to}/${size}`;
    headers['Content-Length'] = String(length);
    if (incoming.method === 'HEAD') return without(status);
    if (file === null) {
      const stream = createReadStream('', { fd: handle, start: part.from, end: part.to });
      return new Response(Readable.toWeb(stream) as ReadableStream, { status, headers });
    }
    const body = whole ?? readPart(handle, part);
    const shrinks = asked.shrinks || body[0] === JSON_BEGINS;
    if (range !== null || !shrinks || size > COMPRESS_MOST_BYTES)
      return new Response(new Uint8Array(body), { status, headers });
    const coding = chooseCoding(incoming.headers['accept-encoding'] as string | undefined);
    headers.Vary = 'Accept-Encoding';
    if (coding === 'identity') return new Response(new Uint8Array(body), { status, headers });
    const small = compressed(`${file} ${tag} ${coding}`, () => compress(body, coding));
    headers['Content-Encoding'] = coding;
    headers['Content-Length'] = String(small.length);
    return new Response(new Uint8Array(small), { status, headers });
  }
}

/** RFC 9110 section 13.1.5: a part of another version than the one in hand is no use. */
function isStill(incoming: IncomingMessage, tag: string): boolean {
  const wanted = incoming.headers['if-range'];
  return wanted === undefined || wanted === `"${tag}"`;
}

function readPart(handle: number, { from, to }: ByteRange): Buffer {
  const part = Buffer.alloc(to - from + 1);
  return part.subarray(0, readSync(handle, part, 0, part.length, from));
}

const compress = (body: Uint8Array, coding: 'br' | 'gzip'): Buffer =>
  coding === 'gzip'
    ? gzipSync(body, { level: 9 })
    : brotliCompressSync(body, { params: { [zlib.BROTLI_PARAM_QUALITY]: 9 } });

/** The last few answers: all that follow a desk ask for the same head at the same time. */
function createSmallCache(most = 64) {
  const kept = new Map<string, Uint8Array>();
  return (key: string, make: () => Uint8Array): Uint8Array => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    kept.set(key, made);
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return made;
  };
}
