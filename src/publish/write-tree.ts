import { faultPoint } from '../domain/fault-point.js';
import type { TreeFiles } from '../files/tree-files.js';
import { toBase64url } from '../sign/base64url.js';
import { haveOf } from '../sign/have.js';
import { writeHead } from '../sign/head.js';
import { leafHash } from '../sign/merkle.js';
import { RECENT_PATH, recentOf } from '../sign/recent.js';
import { blobPath } from '../sign/repository.js';
import { bundlePath, packPath, TILE_WIDTH, tilePath, tileWidth, writeBundle } from '../sign/tiles.js';
import type { DeskState } from '../store/desk-table.js';
import type { SignedFile } from '../store/signed-file-table.js';
import type { Store } from '../store/store.js';
import { appendToPack, EMPTY_PACK } from './packs.js';

/** Old snapshots and their like stay for clients that are in the middle of an update. */
const KEEP_SUPERSEDED_MS = 7 * 86_400_000;

export interface WriteDeps {
  store: Store;
  files: TreeFiles;
}

/**
 * Writes into files what is signed and not yet there, so that whoever reads at any moment meets a whole older tree or the new one;
 * then takes away what must go. Doing it again, after a kill at any point, ends in the same files. Answers whether there was anything
 * to write. Throws what the disk says.
 */
export function writeTree({ store, files }: WriteDeps, at: number): boolean {
  files.sweep();
  const state = store.desk.get();
  if (state === null) return false;
  const going = store.log.going();
  const from = state.writtenSize;
  writeTiles(from, state.size, { store, files });
  if (from < state.size || !files.has(RECENT_PATH))
    files.write(RECENT_PATH, recentOf(state, store.log.between));
  faultPoint('sign:tiles-written');
  writePacks(from, state.size, { store, files });
  faultPoint('sign:packs-written');
  const unwritten = store.signedFiles.unwritten();
  for (const [name, belongs] of SIGNED_ORDER) {
    for (const file of unwritten.filter(belongs)) files.write(file.path, file.bytes);
    faultPoint(`sign:${name}-written`);
  }
  const written = unwritten.length > 0 || !files.has('head.json');
  if (written) files.write('head.json', headOf(state, store));
  faultPoint('sign:head-written');
  store.transaction(() => {
    const now = store.desk.get();
    if (now !== null) store.desk.put({ ...now, writtenSize: state.size });
    for (const file of unwritten) store.signedFiles.setWritten(file.path);
  });
  faultPoint('sign:written-noted');
  if (going.length > 0) removeBlobs(going, { store, files });
  if (going.length > 0 || written || !files.has('have.json'))
    files.write('have.json', haveOf(0, state.size, store.log.firstKept()));
  removePictures({ store, files });
  removePartialTiles(from, state.size, files);
  removeSuperseded({ store, files }, at);
  faultPoint('sign:swept');
  return unwritten.length > 0 || from < state.size;
}

const inFolder =
  (folder: string) =>
  ({ path }: SignedFile): boolean =>
    path.startsWith(folder) && path !== 'tuf/timestamp.json';

/** The write order of docs/formats.md, "The signed tree": nothing names what is not there yet. */
const SIGNED_ORDER: readonly (readonly [string, (file: SignedFile) => boolean])[] = [
  ['targets', inFolder('targets/')],
  ['metadata', inFolder('tuf/')],
  ['checkpoint', ({ path }) => path === 'log/checkpoint'],
  ['timestamp', ({ path }) => path === 'tuf/timestamp.json'],
];

function writeTiles(from: number, size: number, { store, files }: WriteDeps): void {
  if (from === size) return;
  for (let tile = Math.floor(from / TILE_WIDTH); tile * TILE_WIDTH < size; tile += 1) {
    const width = tileWidth(0, tile, size);
    const rows = store.log.between(tile * TILE_WIDTH, tile * TILE_WIDTH + width);
    files.write(bundlePath(tile, width), writeBundle(rows.map(({ bytes }) => bytes)));
    files.write(tilePath(0, tile, width), Buffer.concat(rows.map(({ bytes }) => leafHash(bytes))));
  }
  for (let level = 1; tileWidth(level, 0, size) > 0; level += 1) {
    const each = TILE_WIDTH ** (level + 1);
    for (let tile = Math.floor(from / each); tileWidth(level, tile, size) > 0; tile += 1) {
      const width = tileWidth(level, tile, size);
      if (width === tileWidth(level, tile, from)) continue;
      const first = tile * TILE_WIDTH;
      files.write(
        tilePath(level, tile, width),
        Buffer.concat(store.log.nodes(8 * level, first, first + width)),
      );
    }
  }
}

/** Appends the new entries' blobs to their page's pack; a page whose pack is not as it was left is packed anew. */
function writePacks(from: number, size: number, deps: WriteDeps): void {
  if (from === size) return;
  for (let page = Math.floor(from / TILE_WIDTH); page * TILE_WIDTH < size; page += 1)
    writePack(page, size, deps);
}

function writePack(page: number, size: number, { store, files }: WriteDeps): void {
  const end = Math.min(size, (page + 1) * TILE_WIDTH);
  const first = page * TILE_WIDTH;
  const path = packPath(page);
  const known = store.log.pack(page);
  const there = known === null ? null : files.read(path);
  const isWhole = known !== null && there?.length === known.bytes && first + known.entries <= end;
  const base = isWhole ? there : EMPTY_PACK;
  const start = isWhole ? first + known.entries : first;
  if (isWhole && start === end) return;
  const lines = store.log.between(start, end).flatMap(({ hash, blob }) => {
    const bytes = blob === 'kept' ? files.read(blobPath(hash)) : null;
    return bytes === null ? [] : [bytes];
  });
  const pack = appendToPack(base, lines) ?? appendToPack(EMPTY_PACK, lines) ?? EMPTY_PACK;
  files.write(path, pack);
  store.log.putPack(page, end - first, pack.length);
}

function headOf(state: DeskState, store: Store): Buffer {
  const text = (name: string): string => store.signedFiles.current(name)?.bytes.toString('utf8') ?? '';
  return writeHead({
    v: 1,
    root: { version: store.signedFiles.current('root')?.version ?? 1 },
    timestamp: text('timestamp'),
    snapshot: text('snapshot'),
    edition: text('edition'),
    checkpoint: text('checkpoint'),
    tail: {
      start: state.tailStart,
      frontier: state.tailFrontier.map(toBase64url),
      entries: store.log.between(state.tailStart, state.size).map(({ bytes }) => bytes.toString('utf8')),
    },
  });
}

/** Expunged: files first, then their places in packs, then the note that they are gone. */
function removeBlobs(going: ReturnType<Store['log']['going']>, { store, files }: WriteDeps): void {
  for (const { hash } of going) if (!store.log.isKept(hash)) files.remove(blobPath(hash));
  faultPoint('sign:blobs-removed');
  for (const page of new Set(going.map(({ position }) => Math.floor(position / TILE_WIDTH)))) {
    // As if none had been written: the new one holds what is left.
    store.log.putPack(page, 0, -1);
    writePack(page, store.desk.get()?.size ?? 0, { store, files });
  }
  faultPoint('sign:packs-rewritten');
  store.transaction(() => {
    for (const { position } of going) store.log.setGone(position);
  });
}

function removePictures({ store, files }: WriteDeps): void {
  for (const sha256 of store.desk.evictedPictures()) {
    files.remove(blobPath(sha256));
    store.desk.pictureRemoved(sha256);
  }
}

/** C2SP tlog-tiles: partial tiles may go once the whole one is there. */
function removePartialTiles(from: number, size: number, files: TreeFiles): void {
  for (let level = 0; tileWidth(level, 0, size) > 0; level += 1) {
    const each = TILE_WIDTH ** (level + 1);
    for (let tile = Math.floor(from / each); (tile + 1) * each <= size; tile += 1) {
      files.remove(`${tilePath(level, tile)}.p`);
      if (level === 0) files.remove(`${bundlePath(tile)}.p`);
    }
  }
}

function removeSuperseded({ store, files }: WriteDeps, at: number): void {
  for (const path of store.signedFiles.supersededBefore(at - KEEP_SUPERSEDED_MS)) {
    files.remove(path);
    store.signedFiles.drop(path);
  }
}
