import { gunzipSync } from 'node:zlib';
import { BULK_QUALITY, brotli, gzip } from '../site/compress.js';
import type { StoredPage } from '../store/page-table.js';
import type { Coding } from './content-coding.js';
import type { Wire } from './wire.js';

/** One document as it goes out: bytes and head of each coding are made once, when the first reader asks for it. */
export interface HotPage {
  status: number;
  etag: string;
  variants: Readonly<Record<Coding, HotVariant>>;
}

export interface HotVariant {
  body: Uint8Array<ArrayBuffer>;
  headers: Record<string, string>;
  /** For 304: the same without what speaks of the body. */
  bare: Record<string, string>;
  /** What ready-answers.ts sends, made when it is first asked for. */
  whole?: Wire;
  notModified?: Wire;
}

/** What a hot page is made of. */
export interface PageSource {
  status: number;
  type: string;
  etag: string;
  modifiedAt: number;
  gzip: () => Buffer;
  br: () => Buffer;
}

/** A page of the store, which was packed when it was rendered. */
export const packedBefore = (stored: StoredPage): PageSource => ({
  ...stored,
  gzip: () => stored.gzip,
  br: () => stored.br,
});

/** Bytes that are packed when it is asked for: what is made for one reader needs one coding. */
export const packed = (bytes: Buffer): Pick<PageSource, 'gzip' | 'br'> => ({
  gzip: () => gzip(bytes),
  br: () => brotli(bytes, BULK_QUALITY),
});

export interface HotPagesConfig {
  /** Headers of every answer. */
  common: Readonly<Record<string, string>>;
  headersOf: (type: string) => Record<string, string>;
}

/** Makes pages ready to send; `cacheControl` is what a browser is told about keeping one that is there. */
export function createHotPages({ common, headersOf }: HotPagesConfig) {
  return (source: PageSource, cacheControl: string): HotPage => {
    const { status, type, etag } = source;
    const bare: Record<string, string> = {
      'Cache-Control': status === 200 ? cacheControl : 'no-store',
      'Last-Modified': new Date(source.modifiedAt).toUTCString(),
      Vary: 'Accept-Encoding',
      ...common,
    };
    const variant = (body: Buffer, coding: Coding): HotVariant => {
      const tagged = { ...bare, ETag: `"${etag}${coding === 'identity' ? '' : `-${coding}`}"` };
      const coded = coding === 'identity' ? {} : { 'Content-Encoding': coding };
      return {
        body: bytesOf(body),
        bare: tagged,
        headers: {
          'Content-Type': type,
          'Content-Length': String(body.length),
          ...coded,
          ...tagged,
          ...headersOf(type),
        },
      };
    };
    const br = once(() => variant(source.br(), 'br'));
    const gzipped = once(() => variant(source.gzip(), 'gzip'));
    return {
      status,
      etag,
      variants: {
        get br() {
          return br();
        },
        get gzip() {
          return gzipped();
        },
        // Three times the bytes of both others together, and hardly anybody asks for it: unpacked each time.
        get identity() {
          return variant(gunzipSync(source.gzip()), 'identity');
        },
      },
    };
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The same memory where it holds nothing else; a copy where it is a slice of more, which would be kept with it. */
const bytesOf = (body: Buffer): Uint8Array<ArrayBuffer> =>
  body.buffer instanceof ArrayBuffer && body.buffer.byteLength === body.length
    ? new Uint8Array(body.buffer)
    : new Uint8Array(body);
