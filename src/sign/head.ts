import { z } from 'zod';
import { readJson } from './read-json.js';

/** docs/formats.md, "The signed tree": a head is no larger. */
export const HEAD_MAX_BYTES = 64 * 1_024;
/** Newest entries that ride along, so that whoever is little behind needs nothing else. */
export const TAIL_MOST = 8;

const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const head = z.object({
  v: z.literal(1),
  root: z.object({ version: z.int().min(1) }),
  timestamp: z.string(),
  snapshot: z.string(),
  edition: z.string(),
  checkpoint: z.string(),
  tail: z.object({
    start: z.int().min(0),
    frontier: z.array(hash).max(53),
    entries: z.array(z.string()).max(TAIL_MOST),
  }),
});

/** The unsigned container: each string is the exact bytes of a signed file or of a log entry. */
export type Head = z.infer<typeof head>;

/** `tail.frontier` is that of the first `tail.start` entries, the largest subtree first, base64url. */
export const writeHead = (value: Head): Buffer => Buffer.from(JSON.stringify(value), 'utf8');

/** Null for what has not the shape of a head. */
export const parseHead = (bytes: Uint8Array): Head | null =>
  bytes.length > HEAD_MAX_BYTES ? null : readJson(bytes, head);
