import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, gunzipSync } from 'node:zlib';
import type { Answer } from './ask.js';
import { type FetchFailure, failed, failureOf } from './fetch-failure.js';

/** More codings than this on one body is an attack, not a habit. */
const MAX_CODINGS = 2;

export interface BodyLimits {
  maxBytes: number;
  maxDecompressedBytes: number;
  /** `fail`: a longer body is an outcome. `cut`: its beginning is enough. */
  whenOver: 'fail' | 'cut';
}

/**
 * Reads and decodes an answer's body, never holding more than the limits, and stopping at the first byte past them. Throws
 * `FetchFailure`: `too-large`, `bad-encoding`, `cut-off`, or what the network did.
 */
export async function readBody(answer: Answer, limits: BodyLimits): Promise<Buffer> {
  const declared = Number(answer.header('content-length') ?? 0);
  if (limits.whenOver === 'fail' && declared > limits.maxBytes) {
    throw failed(
      'too-large',
      `${answer.url.host} announces ${declared} bytes; at most ${limits.maxBytes} are read`,
    );
  }
  const wire = answer.body.iterator();
  const first = await nextChunk(wire, answer);
  if (first === null) return Buffer.alloc(0);

  const decoders = decodersFor(answer, first);
  const source = Readable.from(withinLimit(first, wire, answer, limits), { objectMode: false });
  const decoded = decoders.length === 0 ? source : chain([source, ...decoders]);
  const body = await collect(decoded, answer, limits);
  if (answer.overran()) {
    throw failed('cut-off', `${answer.url.host} sends more than the length it announces`);
  }
  return body;
}

/**
 * The text in a body that is itself a gzip file, as `sitemap.xml.gz` is, whatever its headers say; any other body as it is. Bounded
 * and failing like `readBody`.
 */
export function unpackFile(body: Buffer, host: string, maxBytes: number): Buffer {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
  try {
    return gunzipSync(body, { maxOutputLength: maxBytes });
  } catch (error) {
    throw decodingFailure(error, host, maxBytes);
  }
}

async function nextChunk(wire: NodeJS.AsyncIterator<Buffer>, answer: Answer): Promise<Buffer | null> {
  try {
    const next = await wire.next();
    return next.done === true ? null : next.value;
  } catch (error) {
    throw failureOf(error, answer.url.host);
  }
}

async function* withinLimit(
  first: Buffer,
  wire: NodeJS.AsyncIterator<Buffer>,
  answer: Answer,
  limits: BodyLimits,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for (let chunk: Buffer | null = first; chunk !== null; chunk = await nextChunk(wire, answer)) {
    bytes += chunk.length;
    if (bytes > limits.maxBytes) {
      if (limits.whenOver === 'cut') return;
      throw failed(
        'too-large',
        `${answer.url.host} sends more than the ${limits.maxBytes} bytes that are read`,
      );
    }
    yield chunk;
  }
}

/** Decoders in the order they have to be undone. */
function decodersFor(answer: Answer, first: Buffer): Transform[] {
  const codings = (answer.header('content-encoding') ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
    .reverse();
  if (codings.length > MAX_CODINGS) {
    throw failed('bad-encoding', `${answer.url.host} encodes its body ${codings.length} times`);
  }
  return codings.flatMap((coding, index) => {
    switch (coding) {
      case 'gzip':
      case 'x-gzip':
        // Some servers say gzip of a body they did not compress: without gzip's magic bytes it is taken as it is.
        return index === 0 && (first[0] !== 0x1f || (first.length > 1 && first[1] !== 0x8b))
          ? []
          : [createGunzip()];
      case 'br':
        return [createBrotliDecompress()];
      case 'deflate':
        // RFC 9110 section 8.4.1.2: some send raw deflate without the zlib wrapper, whose first nibble is 8.
        return index === 0 && ((first[0] ?? 0) & 0x0f) !== 8 ? [createInflateRaw()] : [createInflate()];
      default:
        throw failed(
          'bad-encoding',
          `${answer.url.host} encodes its body as ${coding}, which was not asked for`,
        );
    }
  });
}

/** The last stream of a pipeline whose errors arrive where that stream is read. */
function chain(streams: (Readable | Transform)[]): Readable {
  const last = streams.at(-1) ?? Readable.from([]);
  pipeline(streams, () => {});
  return last;
}

async function collect(decoded: Readable, answer: Answer, limits: BodyLimits): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of decoded) {
      bytes += chunk.length;
      if (bytes > limits.maxDecompressedBytes) {
        if (limits.whenOver === 'cut') break;
        throw unpacksTooFar(answer.url.host, limits.maxDecompressedBytes);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    // The beginning was what was wanted, and it is here.
    if (limits.whenOver === 'cut') return Buffer.concat(chunks);
    throw decodingFailure(error, answer.url.host, limits.maxDecompressedBytes);
  }
  return Buffer.concat(chunks);
}

const unpacksTooFar = (host: string, maxBytes: number): FetchFailure =>
  failed('too-large', `${host} sends a body that unpacks to more than ${maxBytes} bytes`);

function decodingFailure(error: unknown, host: string, maxBytes: number): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_BUFFER_TOO_LARGE') return unpacksTooFar(host, maxBytes);
  if (code === 'Z_BUF_ERROR') return failed('cut-off', `${host} cuts its compressed body off`);
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR') || code.startsWith('ERR_BROTLI')) {
    return failed('bad-encoding', `${host} sends a body that does not unpack (${code})`);
  }
  return failureOf(error, host);
}
