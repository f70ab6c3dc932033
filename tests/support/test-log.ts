import { gzipSync } from 'node:zlib';
import { leafHash, nodeHash } from '../../src/sign/merkle.js';
import { RECENT_MOST, RECENT_PATH, writeRecent } from '../../src/sign/recent.js';
import { bundlePath, packPath, TILE_WIDTH, tilePath, writeBundle } from '../../src/sign/tiles.js';
import type { Tree } from './test-desk.js';

/** Tiles, bundles, packs and the newest lines of a log of these entries, with the blobs that are still there by position. */
export function writeLog(tree: Tree, entries: readonly Buffer[], blobs: ReadonlyMap<number, Buffer>): void {
  const leaves = entries.map(leafHash);
  let row = leaves;
  for (let level = 0; row.length > 0; level += 1) {
    for (let tile = 0; tile * TILE_WIDTH < row.length; tile += 1) {
      const hashes = row.slice(tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH);
      tree.set(tilePath(level, tile, hashes.length), Buffer.concat(hashes));
    }
    row = Array.from({ length: Math.floor(row.length / TILE_WIDTH) }, (_, tile) =>
      foldHashes(row.slice(tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH)),
    );
  }
  for (let page = 0; page * TILE_WIDTH < entries.length; page += 1) {
    const bundle = entries.slice(page * TILE_WIDTH, (page + 1) * TILE_WIDTH);
    tree.set(bundlePath(page, bundle.length), writeBundle(bundle));
    const lines = bundle.flatMap((_, at) => blobs.get(page * TILE_WIDTH + at) ?? []);
    tree.set(packPath(page), gzipSync(lines.map((line) => `${line.toString('utf8')}\n`).join('')));
  }
  const start = Math.max(0, entries.length - RECENT_MOST);
  tree.set(RECENT_PATH, writeRecent(start, entries.slice(start)));
}

const foldHashes = (hashes: readonly Buffer[]): Buffer => {
  let row = [...hashes];
  while (row.length > 1) {
    const below = row;
    row = Array.from({ length: below.length / 2 }, (_, at) =>
      nodeHash(below[2 * at] as Buffer, below[2 * at + 1] as Buffer),
    );
  }
  return row[0] as Buffer;
};
