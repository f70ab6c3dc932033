import { frontierAt, leafHash, type NodeReader, nodeHash, rootOf } from '../sign/merkle.js';
import { nodesFromTiles, TILE_WIDTH, tilePath, tileWidth } from '../sign/tiles.js';
import { FalseEntries, MissingFile } from '../sign/verify/refusals.js';
import type { VerifiedHead } from '../sign/verify/verify-head.js';
import type { PeerReader } from './peer-reader.js';

const HASH_BYTES = 32;

/** Tiles that were checked against a signed root: what each page of the log must hash to. */
export interface LogTiles {
  nodes: NodeReader;
  /** Whether these are the entries of that page. Only for the page `from` lies in, the last one, and whole ones. */
  isPage(page: number, entries: readonly Buffer[]): boolean;
}

/**
 * Reads of one peer all tiles above the entries, and the lowest ones of the pages in which `from` and the end lie. Throws
 * `FalseEntries` where they do not lead to the signed root.
 */
export async function readTiles(reader: PeerReader, head: VerifiedHead, from: number): Promise<LogTiles> {
  const { size, root } = head.checkpoint;
  const tiles = new Map<string, Buffer>();
  const need = async (level: number, tile: number): Promise<void> => {
    const width = tileWidth(level, tile, size);
    const key = `${level}/${tile}`;
    if (width === 0 || tiles.has(key)) return;
    const path = tilePath(level, tile, width);
    const bytes =
      (await reader.file(path, width * HASH_BYTES)) ??
      (await reader.file(tilePath(level, tile), TILE_WIDTH * HASH_BYTES));
    if (bytes === null) throw new MissingFile(path);
    if (bytes.length < width * HASH_BYTES) throw new FalseEntries(path, 'is too short');
    tiles.set(key, bytes.subarray(0, width * HASH_BYTES));
  };
  for (let level = 1; tileWidth(level, 0, size) > 0; level += 1) {
    for (let tile = 0; tileWidth(level, tile, size) > 0; tile += 1) await need(level, tile);
  }
  const [first, last] = [Math.floor(from / TILE_WIDTH), Math.floor(size / TILE_WIDTH)];
  await need(0, first);
  await need(0, last);
  const nodes = nodesFromTiles(size, (level, tile) => {
    const bytes = tiles.get(`${level}/${tile}`);
    if (bytes === undefined) throw new MissingFile(tilePath(level, tile));
    return bytes;
  });
  if (!rootOf(frontierAt(size, nodes)).equals(root))
    throw new FalseEntries('log/tile', 'the tiles do not lead to the signed root');
  const isWhole = (page: number): boolean => (page + 1) * TILE_WIDTH <= size;
  const pageHash = (page: number): Buffer => nodes(8, page);
  const lowest = tiles.get(`0/${first}`);
  if (lowest !== undefined && isWhole(first) && !fold(split(lowest)).equals(pageHash(first)))
    throw new FalseEntries(tilePath(0, first), 'is not the tile that the level above names');

  return {
    nodes,
    isPage: (page, entries) => {
      const hashes = entries.map(leafHash);
      if (isWhole(page)) return hashes.length === TILE_WIDTH && fold(hashes).equals(pageHash(page));
      const tile = tiles.get(`0/${page}`);
      return tile !== undefined && Buffer.concat(hashes).equals(tile);
    },
  };
}

const split = (tile: Buffer): Buffer[] =>
  Array.from({ length: tile.length / HASH_BYTES }, (_, at) =>
    tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );

/** The root of a whole page. */
function fold(hashes: readonly Buffer[]): Buffer {
  let row = [...hashes];
  while (row.length > 1) {
    const below = row;
    row = Array.from({ length: Math.floor(below.length / 2) }, (_, at) =>
      nodeHash(below[2 * at] as Buffer, below[2 * at + 1] as Buffer),
    );
  }
  return row[0] ?? Buffer.alloc(HASH_BYTES);
}
