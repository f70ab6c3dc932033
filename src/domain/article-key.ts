import { createHash } from 'node:crypto';

/** What the signed log calls an article: the first 16 bytes of SHA-256 of publisher id, newline, stable id (docs/formats.md, "The log"). */
export function articleKey(publisherId: string, stableId: string): Buffer {
  return createHash('sha256').update(`${publisherId}\n${stableId}`, 'utf8').digest().subarray(0, 16);
}

/** What is kept of a guid or an address that an article goes or went by: 16 bytes of SHA-256, enough to know it again. */
export const aliasHash = (name: string): Buffer =>
  createHash('sha256').update(name, 'utf8').digest().subarray(0, 16);

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648 base32 in lower case, without padding. */
export function base32(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(value >> bits) & 31];
    }
  }
  if (bits > 0) text += BASE32[(value << (5 - bits)) & 31];
  return text;
}

const STABLE_ID = /^[a-z0-9]{1,40}$/;

/** Patterns see no longer name than this: what bounds their cost is checked for this length (config/pattern.ts). */
const MAX_MATCHED_LENGTH = 2_048;

/** The stable id by the publisher's patterns over the URL; else 26 base32 characters of a hash of the guid, else of the URL. */
export function stableIdOf(
  patterns: readonly RegExp[],
  entry: { url: string | null; guid: string | null },
): string | null {
  for (const pattern of patterns) {
    for (const value of [entry.url, entry.guid]) {
      const matched = value !== null && value.length <= MAX_MATCHED_LENGTH;
      const id = matched ? pattern.exec(value)?.[1]?.toLowerCase() : undefined;
      if (id !== undefined && STABLE_ID.test(id)) return id;
    }
  }
  const name = entry.guid ?? entry.url;
  if (name === null) return null;
  return base32(createHash('sha256').update(name, 'utf8').digest().subarray(0, 16));
}
