import type { Coding } from './content-coding.js';
import type { Wire } from './wire.js';

/** One document as it goes out: every coding's bytes and head are made once. */
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
