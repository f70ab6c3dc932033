import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib';
import { chooseCoding } from './content-coding.js';
import { parseRange } from './range.js';

/** Null where the path is not in the signed tree. */
export type SignedResponse = (path: string, incoming: IncomingMessage) => Response | null;

export interface SignedConfig {
  /** Holds one folder for each repository. */
  folder: string;
  common: Readonly<Record<string, string>>;
  cacheControl: string;
}

/** The first sixteen base32 characters of a hash name a repository. */
const REPOSITORY = /^[a-z2-7]{16}$/;
const MUTABLE = /^(?:head\.json|have\.json|tuf\/timestamp\.json|log\/checkpoint)$/;
/** Written anew when a line is added or taken away, so never kept for long. */
const REWRITTEN = /^log\/pack\/\d{6,9}\.ndjson\.gz$/;
const IMMUTABLE =
  /^(?:tuf\/\d{1,15}\.[a-z]{1,20}\.json|targets\/(?:log\/)?[0-9a-f]{64}\.[a-z]{1,20}(?:\.json)?|log\/tile\/(?:\d{1,2}|entries)\/(?:x\d{3}\/){0,4}\d{3}(?:\.p\/\d{1,3})?|blob\/[0-9a-f]{2}\/[0-9a-f]{64})$/;
/** Files above this are answered in parts where a reader asks for parts (RFC 9110 section 14): a throttled line takes no more at once. */
const RANGE_ABOVE_BYTES = 8_192;
/** What is larger is read as it is sent, and never compressed on the way. */
const WHOLE_MOST_BYTES = 1_048_576;
const COMPRESS_MOST_BYTES = 65_536;

const TYPES: readonly (readonly [RegExp, string])[] = [
  [/\.json$/, 'application/json'],
  [/^log\/checkpoint$|\.checkpoint$/, 'text/plain; charset=utf-8'],
  [/\.gz$/, 'application/gzip'],
];
const typeOf = (path: string): string =>
  TYPES.find(([pattern]) => pattern.test(path))?.[1] ?? 'application/octet-stream';

/**
 * Hands out the signed tree's files (docs/formats.md) under `/signed/`: the node's own repository, and each by its name. Only names
 * of the format are looked for, so no path leads out of the folder.
 */
export function createSignedResponse(
  config: SignedConfig,
  meta: { get(name: string): string | null },
): SignedResponse {
  const compressed = createSmallCache();

  function fileOf(path: string): { file: string; name: string } | null {
    const [, first = '', rest = ''] = /^\/signed\/(?:([a-z2-7]{16})\/)?(.*)$/.exec(path) ?? [];
    const known = MUTABLE.test(rest) || REWRITTEN.test(rest) || IMMUTABLE.test(rest);
    if (!known) return null;
    const repository = first === '' ? meta.get('signed:primary') : first;
    if (repository === null || !REPOSITORY.test(repository)) return null;
    return { file: join(config.folder, repository, rest), name: rest };
  }

  return (path, incoming) => {
    if (!path.startsWith('/signed/')) return null;
    const found = fileOf(path);
    if (found === null) return null;
    let handle: number;
    try {
      handle = openSync(found.file, 'r');
    } catch {
      return null;
    }
    let streamed = false;
    try {
      const { size, mtimeMs, mtime } = fstatSync(handle);
      const mutable = MUTABLE.test(found.name);
      const whole = mutable ? readFileSync(handle) : null;
      const tag =
        whole === null
          ? `${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}`
          : createHash('sha256').update(whole).digest('base64url').slice(0, 16);
      const caching =
        mutable || REWRITTEN.test(found.name) ? 'max-age=30' : 'public, max-age=31536000, immutable';
      const headers: Record<string, string> = {
        ...config.common,
        ETag: `"${tag}"`,
        'Cache-Control': config.cacheControl === 'no-store' ? 'no-store' : caching,
        'Last-Modified': mtime.toUTCString(),
      };
      if (incoming.headers['if-none-match']?.includes(`"${tag}`))
        return new Response(null, { status: 304, headers });
      headers['Content-Type'] = typeOf(found.name);
      headers['Content-Security-Policy'] = "default-src 'none';sandbox";
      const bare = incoming.method === 'HEAD';
      const range =
        size <= RANGE_ABOVE_BYTES || !isStill(incoming, tag)
          ? null
          : parseRange(incoming.headers.range, size);
      if (size > RANGE_ABOVE_BYTES) headers['Accept-Ranges'] = 'bytes';
      if (range === 'unsatisfiable')
        return new Response(null, {
          status: 416,
          headers: { ...headers, 'Content-Range': `bytes */${size}`, 'Content-Length': '0' },
        });
      const from = range?.from ?? 0;
      const length = range === null ? size : range.to - range.from + 1;
      const status = range === null ? 200 : 206;
      if (range !== null) headers['Content-Range'] = `bytes ${range.from}-${range.to}/${size}`;
      if (length > WHOLE_MOST_BYTES && !bare) {
        streamed = true;
        const stream = createReadStream('', { fd: handle, start: from, end: from + length - 1 });
        headers['Content-Length'] = String(length);
        return new Response(Readable.toWeb(stream) as ReadableStream, { status, headers });
      }
      let body: Uint8Array = whole ?? readPart(handle, from, length);
      const isText =
        !found.name.endsWith('.gz') && (body[0] === 0x7b || found.name.startsWith('log/') || mutable);
      if (status === 200 && isText && size <= COMPRESS_MOST_BYTES && !/^log\/tile\/\d/.test(found.name)) {
        headers.Vary = 'Accept-Encoding';
        const coding = chooseCoding(incoming.headers['accept-encoding'] as string | undefined);
        if (coding !== 'identity') {
          body = compressed(`${found.file} ${tag} ${coding}`, () => compress(body, coding));
          headers['Content-Encoding'] = coding;
        }
      }
      headers['Content-Length'] = String(
        bare && status === 200 && headers['Content-Encoding'] === undefined ? size : body.length,
      );
      return new Response(bare ? null : new Uint8Array(body), { status, headers });
    } finally {
      if (!streamed) closeSync(handle);
    }
  };
}

/** RFC 9110 section 13.1.5: a part of another version than the one in hand is no use. */
function isStill(incoming: IncomingMessage, tag: string): boolean {
  const wanted = incoming.headers['if-range'];
  return wanted === undefined || wanted === `"${tag}"`;
}

function readPart(handle: number, from: number, length: number): Buffer {
  const part = Buffer.alloc(length);
  return part.subarray(0, readSync(handle, part, 0, length, from));
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
