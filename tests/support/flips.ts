import { gunzipSync } from 'node:zlib';
import { parseBundle } from '../../src/sign/tiles.js';

/** The bytes with one bit turned over. */
export function flip(bytes: Buffer, at: number, bit = 4): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] as number) ^ (1 << bit);
  return changed;
}

/**
 * A place in each part that a file of the tree has, so that a flip in every one of them is a flip in every kind of byte: both ends;
 * in JSON the value of each key; in a bundle length, text and end of its entries; in a tile each hash; in a pack header, body, checksum
 * and length; in a note each line.
 */
export function regionsOf(path: string, bytes: Buffer): number[] {
  const places = new Set([0, Math.floor(bytes.length / 2), bytes.length - 1]);
  const text = bytes.toString('latin1');
  if (bytes[0] === 0x7b) {
    const seen = new Set<string>();
    for (const match of text.matchAll(/\\?"([a-z0-9_.-]+)\\?":\\?"?/gi)) {
      if (seen.has(match[1] ?? '')) continue;
      seen.add(match[1] ?? '');
      places.add(match.index + 1);
      places.add(match.index + match[0].length);
    }
  } else if (path.startsWith('log/tile/entries/')) {
    let at = 0;
    for (const entry of parseBundle(bytes) ?? []) {
      for (const place of [at, at + 1, at + 2, at + 1 + entry.length]) places.add(place);
      at += 2 + entry.length;
    }
  } else if (path.startsWith('log/tile/')) {
    for (let at = 5; at < bytes.length; at += 32) places.add(at);
  } else if (path.endsWith('.gz')) {
    for (const at of [1, 2, 3, 12, bytes.length - 8, bytes.length - 4]) places.add(at);
    if (gunzipSync(bytes).length === 0) places.delete(12);
  } else {
    for (const line of text.matchAll(/^./gm)) places.add(line.index);
  }
  return [...places].sort((a, b) => a - b);
}
