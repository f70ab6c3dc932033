import { gzipSync } from 'node:zlib';
import { faultPoint } from '../domain/fault-point.js';
import type { TreeFiles } from '../files/tree-files.js';
import { haveOf } from '../sign/have.js';
import { leafHash } from '../sign/merkle.js';
import { RECENT_PATH, recentOf } from '../sign/recent.js';
import { blobPath } from '../sign/repository.js';
import { bundlePath, packPath, TILE_WIDTH, tilePath, tileWidth, writeBundle } from '../sign/tiles.js';
import type { Replica, ReplicaFile } from '../store/replica-table.js';
import type { Store } from '../store/store.js';

/** Old snapshots and their like stay for clients that are in the middle of an update. */
const KEEP_SUPERSEDED_MS = 7 * 86_400_000;

/**
 * Writes the followed tree into files, byte for byte as the desk signed it and in the write order of the format, so that whoever follows
 * this node meets a whole older tree or the new one. Done again after a kill at any point, it ends in the same files.
 */
export function writeReplica(store: Store, replica: Replica, folder: TreeFiles, at: number): void {
  folder.sweep();
  if (replica.timestampVersion === 0) return;
  const isLost = !folder.has('head.json');
  const from = isLost ? replica.lowest : Math.max(replica.lowest, replica.writtenSize);
  if (from < replica.size) writeTiles(store, replica, folder, from);
  faultPoint('pull:tiles-written');
  const packs = writePacks(store, replica, folder, from);
  faultPoint('pull:packs-written');
  if (
    isLost ||
    packs ||
    replica.written !== replica.timestampVersion ||
    replica.writtenSize !== replica.size
  ) {
    folder.write(
      RECENT_PATH,
      recentOf(replica, (first, end) => store.replicaEntries.between(replica.id, first, end)),
    );
    const files = store.replicas.files(replica.id);
    for (const belongs of WRITE_ORDER) {
      for (const file of files.filter(belongs)) {
        if (isMutable(file) || !folder.has(file.path)) folder.write(file.path, file.bytes);
      }
      faultPoint('pull:tree-half-written');
    }
    folder.write(
      'have.json',
      haveOf(replica.lowest, replica.size, store.replicaEntries.firstKept(replica.id)),
    );
    store.replicas.setWritten(replica.id, replica.timestampVersion, replica.size);
  }
  faultPoint('pull:tree-written');
  sweepSuperseded(store, replica, folder, at);
}

const isMutable = ({ name }: ReplicaFile): boolean => ['head', 'timestamp', 'checkpoint'].includes(name);

const WRITE_ORDER: readonly ((file: ReplicaFile) => boolean)[] = [
  ({ path }) => path.startsWith('targets/'),
  ({ path, name }) => path.startsWith('tuf/') && name !== 'timestamp',
  ({ name }) => name === 'checkpoint',
  ({ name }) => name === 'timestamp',
  ({ name }) => name === 'head',
];

/** Tiles and bundles are a function of the entries, so they are made and not fetched. */
function writeTiles(store: Store, replica: Replica, folder: TreeFiles, from: number): void {
  const { id, size, lowest } = replica;
  for (let page = Math.floor(from / TILE_WIDTH); page * TILE_WIDTH < size; page += 1) {
    const width = tileWidth(0, page, size);
    const rows = store.replicaEntries.between(id, page * TILE_WIDTH, page * TILE_WIDTH + width);
    // A log that was joined in the middle of a page has no whole tile of it.
    if (rows.length < width) continue;
    folder.write(bundlePath(page, width), writeBundle(rows.map(({ bytes }) => bytes)));
    folder.write(tilePath(0, page, width), Buffer.concat(rows.map(({ bytes }) => leafHash(bytes))));
    if (width === TILE_WIDTH) {
      folder.remove(`${bundlePath(page)}.p`);
      folder.remove(`${tilePath(0, page)}.p`);
    }
  }
  for (let level = 1; tileWidth(level, 0, size) > 0; level += 1) {
    const each = TILE_WIDTH ** (level + 1);
    for (let tile = Math.floor(Math.max(from, lowest) / each); tileWidth(level, tile, size) > 0; tile += 1) {
      const width = tileWidth(level, tile, size);
      const first = tile * TILE_WIDTH;
      const hashes = store.replicaEntries.nodes(id, 8 * level, first, first + width);
      if (hashes.length < width) continue;
      folder.write(tilePath(level, tile, width), Buffer.concat(hashes));
      if (width === TILE_WIDTH) folder.remove(`${tilePath(level, tile)}.p`);
    }
  }
}

/** Packs of pages that grew, and of pages whose pack went because it held what was expunged. Answers whether any was made. */
function writePacks(store: Store, replica: Replica, folder: TreeFiles, from: number): boolean {
  let made = false;
  for (let page = Math.floor(replica.lowest / TILE_WIDTH); page * TILE_WIDTH < replica.size; page += 1) {
    const grew = (page + 1) * TILE_WIDTH > from && from < replica.size;
    if (!grew && folder.has(packPath(page))) continue;
    const rows = store.replicaEntries.between(replica.id, page * TILE_WIDTH, (page + 1) * TILE_WIDTH);
    const lines = rows.flatMap(({ hash, state }) => {
      const blob = hash !== null && state === 'kept' ? folder.read(blobPath(hash)) : null;
      return blob === null ? [] : [blob, Buffer.from('\n')];
    });
    folder.write(packPath(page), gzipSync(Buffer.concat(lines), { level: 6 }));
    made = true;
  }
  return made;
}

function sweepSuperseded(store: Store, replica: Replica, folder: TreeFiles, at: number): void {
  for (const path of store.replicas.supersededBefore(replica.id, at - KEEP_SUPERSEDED_MS)) {
    folder.remove(path);
    store.replicas.dropFile(replica.id, path);
  }
}
