import { gzipSync } from 'node:zlib';
import { ENTRY_MAX_BYTES } from './entry.js';
import { parseBundle, writeBundle } from './tiles.js';

/** Transport only, as packs are: the newest entries in one file, wherever a page of the log ends. */
export const RECENT_PATH = 'log/recent.gz';
/**
 * How many. A busy publisher's day is 144 (docs/performance.md); packed they take some 57 bytes each (measured in November
 * 2026), so that head and these together stay below 14 kB.
 */
export const RECENT_MOST = 160;
/** A file that is longer, packed or unpacked, is not this one. */
export const RECENT_MAX_BYTES = 16 + RECENT_MOST * (ENTRY_MAX_BYTES + 2);

export interface Recent {
  /** Index of the first of them. */
  start: number;
  entries: Buffer[];
}

/** Index of the first entry that the file of a log of `size` entries begins with, where all from `lowest` on are at hand. */
export const recentStart = (size: number, lowest = 0): number => Math.max(lowest, size - RECENT_MOST);

export const writeRecent = (start: number, entries: readonly Uint8Array[]): Buffer =>
  gzipSync(Buffer.concat([Buffer.from(`${start}\n`, 'latin1'), writeBundle(entries)]), { level: 9 });

/** The file of a log of `size` entries of which all from `lowest` on are at hand. */
export function recentOf(
  { size, lowest = 0 }: { size: number; lowest?: number },
  between: (from: number, to: number) => readonly { bytes: Uint8Array }[],
): Buffer {
  const start = recentStart(size, lowest);
  return writeRecent(
    start,
    between(start, size).map(({ bytes }) => bytes),
  );
}

/** Of the unpacked bytes; null for what is no such file. */
export function parseRecent(bytes: Buffer): Recent | null {
  const end = bytes.indexOf(0x0a);
  const start = bytes.toString('latin1', 0, Math.max(0, end));
  if (!/^\d{1,15}$/.test(start)) return null;
  const entries = parseBundle(bytes.subarray(end + 1));
  return entries === null ? null : { start: Number(start), entries };
}
