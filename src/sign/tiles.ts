import { type NodeReader, nodeHash } from './merkle.js';

/** C2SP tlog-tiles: a whole tile holds 256 hashes, a whole bundle 256 entries. Also the entries of one pack. */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;
const HASH_BYTES = 32;

/** C2SP tlog-tiles, `<N>`: groups of three digits, all but the last with an `x` before: 1234067 is `x001/x234/067`. */
function tileNumber(index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  return groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** Path of the tile that holds hashes of level 8 * `level` from 256 * `index` on; `width` below 256 names a partial one. */
export const tilePath = (level: number, index: number, width = TILE_WIDTH): string =>
  `log/tile/${level}/${tileNumber(index)}${width === TILE_WIDTH ? '' : `.p/${width}`}`;

/** Path of the bundle of entries from 256 * `index` on. */
export const bundlePath = (index: number, width = TILE_WIDTH): string =>
  `log/tile/entries/${tileNumber(index)}${width === TILE_WIDTH ? '' : `.p/${width}`}`;

/** Path of the pack that holds the blobs of the entries from 256 * `index` on. */
export const packPath = (index: number): string => `log/pack/${String(index).padStart(6, '0')}.ndjson.gz`;

/** How many hashes the tile at `level`, `index` holds in a log of `size` entries; 0 where there is none yet. */
export function tileWidth(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** Entries with a big-endian uint16 of their length before each. */
export function writeBundle(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** The entries of a bundle, or null where the lengths do not add up. */
export function parseBundle(bytes: Uint8Array): Buffer[] | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Buffer[] = [];
  let at = 0;
  while (at < buffer.length) {
    if (at + 2 > buffer.length) return null;
    const end = at + 2 + buffer.readUInt16BE(at);
    if (end > buffer.length) return null;
    entries.push(buffer.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

/** Reads the tile of that level and index in at least `width` hashes; throws where it cannot. */
export type TileReader = (level: number, index: number, width: number) => Uint8Array;

/** Any subtree's hash out of the tiles of a log of `size` entries. Whole subtrees inside a tile are computed from its row. */
export function nodesFromTiles(size: number, readTile: TileReader): NodeReader {
  return (level, index) => {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const width = 2 ** (level - tileLevel * TILE_HEIGHT);
    const first = index * width;
    const tile = Math.floor(first / TILE_WIDTH);
    const row = readTile(tileLevel, tile, tileWidth(tileLevel, tile, size));
    const from = first - tile * TILE_WIDTH;
    let hashes: Buffer[] = Array.from({ length: width }, (_, at) =>
      Buffer.from(row.subarray((from + at) * HASH_BYTES, (from + at + 1) * HASH_BYTES)),
    );
    while (hashes.length > 1) {
      const below = hashes;
      hashes = Array.from({ length: below.length / 2 }, (_, at) =>
        nodeHash(below[2 * at] as Buffer, below[2 * at + 1] as Buffer),
      );
    }
    return hashes[0] as Buffer;
  };
}
