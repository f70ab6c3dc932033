import { TamizdatError } from '../domain/errors.js';
import type { TreeFiles } from '../files/tree-files.js';
import { parseArticleBlob } from '../sign/article-blob.js';
import { fromBase64url } from '../sign/base64url.js';
import { type LogEntry, parseEntry } from '../sign/entry.js';
import { haveOf, parseHave } from '../sign/have.js';
import { parseHead } from '../sign/head.js';
import { RECENT_PATH } from '../sign/recent.js';
import { blobPath } from '../sign/repository.js';
import { bundlePath, packPath, parseBundle, TILE_WIDTH, tilePath, tileWidth } from '../sign/tiles.js';
import { hashedPath } from '../sign/verify/target-path.js';
import { parseMetadata } from '../sign/verify/tuf-metadata.js';

export interface ExportSummary {
  files: number;
  bytes: number;
  /** First entry that is in it, and the size of the log. */
  lowest: number;
  size: number;
}

/**
 * Copies a signed tree, or its entries since `sinceAt` (milliseconds), file by file to `add`: a folder or a tar that any node can
 * follow or import. Throws `no-signed-tree` where there is none.
 */
export function exportTree(
  folder: TreeFiles,
  sinceAt: number,
  add: (path: string, bytes: Uint8Array) => void,
): ExportSummary {
  const headBytes = folder.read('head.json');
  const head = headBytes === null ? null : parseHead(headBytes);
  if (headBytes === null || head === null)
    throw new TamizdatError('no-signed-tree', 'this node has no signed tree yet', {
      hint: 'Let it sync once: tamizdat sync --once',
    });
  let [files, bytes] = [0, 0];
  const put = (path: string, content: Uint8Array | null): void => {
    if (content === null) return;
    add(path, content);
    files += 1;
    bytes += content.length;
  };
  const copy = (path: string): void => put(path, folder.read(path));
  const size = head.tail.start + head.tail.entries.length;
  const pages = pagesSince(folder, size, sinceAt);
  const lowest = pages.length === 0 ? 0 : (pages[0] ?? 0) * TILE_WIDTH;

  for (let version = 1; version <= head.root.version; version += 1) copy(`tuf/${version}.root.json`);
  copyMetadata(head, folder, put);
  for (let level = 1; tileWidth(level, 0, size) > 0; level += 1)
    for (let tile = 0; tileWidth(level, tile, size) > 0; tile += 1)
      copy(tilePath(level, tile, tileWidth(level, tile, size)));
  for (const page of pages) copyPage(page, size, folder, copy);
  copy(RECENT_PATH);
  put('log/checkpoint', Buffer.from(head.checkpoint, 'utf8'));
  put('tuf/timestamp.json', Buffer.from(head.timestamp, 'utf8'));
  put('have.json', haveOf(lowest, size, parseHave(folder.read('have.json'))?.texts ?? lowest));
  put('head.json', headBytes);
  return { files, bytes, lowest, size };
}

/** Pages of the log from the first that holds an entry of that time on; all of them where every entry is younger. */
function pagesSince(folder: TreeFiles, size: number, sinceAt: number): number[] {
  const pages: number[] = [];
  for (let page = Math.floor((size - 1) / TILE_WIDTH); page >= 0; page -= 1) {
    const entries = entriesOf(page, size, folder);
    if (entries === null) break;
    pages.unshift(page);
    if (entries.some(({ t }) => t * 1_000 < sinceAt)) break;
  }
  return pages;
}

function entriesOf(page: number, size: number, folder: TreeFiles): LogEntry[] | null {
  const bytes = folder.read(bundlePath(page, tileWidth(0, page, size)));
  const entries = bytes === null ? null : parseBundle(bytes);
  return (
    entries?.flatMap((entry) => {
      const parsed = parseEntry(entry);
      return parsed.kind === 'entry' ? [parsed.entry] : [];
    }) ?? null
  );
}

/** Every targets role that the snapshot names, and what each of them signs. */
function copyMetadata(
  head: NonNullable<ReturnType<typeof parseHead>>,
  folder: TreeFiles,
  put: (path: string, bytes: Uint8Array | null) => void,
): void {
  const snapshotBytes = Buffer.from(head.snapshot, 'utf8');
  const snapshot = parseMetadata('snapshot', snapshotBytes).signed;
  put(`tuf/${snapshot.version}.snapshot.json`, snapshotBytes);
  for (const [file, { version }] of Object.entries(snapshot.meta)) {
    const path = `tuf/${version}.${file}`;
    const bytes = folder.read(path);
    if (bytes === null) continue;
    put(path, bytes);
    for (const [name, { hashes }] of Object.entries(parseMetadata('targets', bytes, file).signed.targets)) {
      const target = hashedPath(name, hashes.sha256 ?? '');
      put(target, folder.read(target));
    }
  }
}

function copyPage(page: number, size: number, folder: TreeFiles, copy: (path: string) => void): void {
  const width = tileWidth(0, page, size);
  const blobs = new Set<string>();
  for (const { c } of entriesOf(page, size, folder) ?? []) {
    const hash = fromBase64url(c);
    if (hash === null) continue;
    const path = blobPath(hash);
    blobs.add(path);
    const bytes = folder.read(path);
    const article = bytes === null ? null : parseArticleBlob(bytes);
    for (const { r } of article?.media ?? [])
      for (const { sha256 } of r) blobs.add(blobPath(Buffer.from(sha256, 'hex')));
  }
  for (const path of blobs) copy(path);
  copy(tilePath(0, page, width));
  copy(bundlePath(page, width));
  copy(packPath(page));
}
