import { z } from 'zod';
import { jcs } from './jcs.js';
import { readJson } from './read-json.js';

/** `p` publish, `u` correction, `r` retract, `x` expunge, `d` data: a publisher's card. */
export const ENTRY_KINDS = ['p', 'u', 'r', 'x', 'd'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** One line of the log. Holds no human text, so that it may stay for ever. */
export interface LogEntry {
  /** Article id, or a publisher's: 16 bytes in base64url, 22 characters. */
  a: string;
  /** SHA-256 of the blob, base64url. */
  c: string;
  /** Bytes of the blob. */
  n: number;
  o: EntryKind;
  /** Unix seconds. */
  t: number;
}

/** Longest entry: a bundle's length field is a uint16, and ours are about 140 bytes. */
export const ENTRY_MAX_BYTES = 1_024;
/** docs/formats.md, "Blobs": none is larger. */
export const BLOB_MAX_BYTES = 512 * 1_024;

const entry = z.object({
  a: z.string().regex(/^[A-Za-z0-9_-]{21}[AQgw]$/),
  c: z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/),
  n: z.int().min(0),
  o: z.enum(ENTRY_KINDS),
  t: z.int().min(0),
});
const anyKind = z.object({ o: z.string().max(16) });

export const writeEntry = ({ a, c, n, o, t }: LogEntry): Buffer => jcs({ a, c, n, o, t });

/** The 16 bytes of an entry's `a`. */
export const articleKeyOf = (a: string): Buffer => Buffer.from(a, 'base64url');

export type EntryResult =
  | { kind: 'entry'; entry: LogEntry }
  /** A kind of a later version: kept in the log, and otherwise passed over. */
  | { kind: 'unknown'; o: string }
  | { kind: 'malformed' };

/** What a log entry's raw bytes say. */
export function parseEntry(bytes: Uint8Array): EntryResult {
  if (bytes.length > ENTRY_MAX_BYTES) return { kind: 'malformed' };
  const any = readJson(bytes, anyKind);
  if (any === null) return { kind: 'malformed' };
  if (!ENTRY_KINDS.some((kind) => kind === any.o)) return { kind: 'unknown', o: any.o };
  const known = readJson(bytes, entry);
  return known === null ? { kind: 'malformed' } : { kind: 'entry', entry: known };
}
