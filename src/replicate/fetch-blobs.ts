import { createHash } from 'node:crypto';
import { faultPoint } from '../domain/fault-point.js';
import type { TreeFiles } from '../files/tree-files.js';
import { blobPath } from '../sign/repository.js';
import { packPath, TILE_WIDTH } from '../sign/tiles.js';
import { SubstitutedFile } from '../sign/verify/refusals.js';
import type { ReplicaEntry } from '../store/replica-entry-table.js';
import type { OpenPeer, Peers } from './peers.js';
import { unpack } from './unpack.js';

/** docs/formats.md, "Pulling", 5: whoever is further behind takes packs. */
export const PACKS_BEYOND = 64;
/** Of one page: fewer than this are asked for one by one. */
const PACK_LEAST = 8;
const BLOBS_AT_ONCE = 4;
/** A pack whose page still grows may hold blobs of entries that are not known here. */
const UNKNOWN_MOST_BYTES = 8_388_608;

export interface WantedBlob {
  hash: Buffer;
  bytes: number;
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** How to read packs, where this pass is far enough behind for them. */
export interface Packs {
  /** The first line whose text any peer still holds, as they say; asked for once, and only where a pack lacks something. */
  textsFrom: () => Promise<number>;
}

/** Blobs of one page of the log, each checked against its entry and written to disk. What nobody has is left out. */
export async function fetchPage(
  page: readonly ReplicaEntry[],
  needed: readonly ReplicaEntry[],
  peers: Peers,
  folder: TreeFiles,
  packs: Packs | null,
): Promise<void> {
  const missing = (entries: readonly ReplicaEntry[]): ReplicaEntry[] =>
    entries.filter(({ hash }) => hash !== null && !folder.has(blobPath(hash)));
  let left = missing(needed);
  // What nobody had before may have fallen out everywhere since.
  if (packs !== null && left.some(({ tries }) => tries > 0)) left = await stillHeld(left, packs);
  const [first] = page;
  if (packs !== null && left.length >= PACK_LEAST && first !== undefined) {
    const number = Math.floor(first.position / TILE_WIDTH);
    const pack = await peers.fromAnyone(number, (peer) => readPack(peer, number, page));
    for (const { hash } of left) {
      const bytes = hash === null ? undefined : pack?.get(hash.toString('hex'));
      if (hash !== null && bytes !== undefined) keep(bytes, hash, folder);
    }
    left = missing(left);
    if (left.length > 0) left = await stillHeld(left, packs);
  }
  const wanted = left.flatMap(({ hash, blobBytes }) => (hash === null ? [] : [{ hash, bytes: blobBytes }]));
  await fetchBlobs(wanted, peers, folder);
}

async function stillHeld(entries: readonly ReplicaEntry[], packs: Packs): Promise<ReplicaEntry[]> {
  const from = await packs.textsFrom();
  return entries.filter(({ position, kind }) => position >= from || (kind !== 'p' && kind !== 'u'));
}

/** Each from another peer, as far as there are any. */
export async function fetchBlobs(
  wanted: readonly WantedBlob[],
  peers: Peers,
  folder: TreeFiles,
): Promise<void> {
  const queue = wanted.map((blob, turn) => ({ blob, turn }));
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { blob, turn } = next;
      if (folder.has(blobPath(blob.hash))) continue;
      const bytes = await peers.fromAnyone(turn, (peer) => readBlob(peer, blob));
      if (bytes !== null) keep(bytes, blob.hash, folder);
    }
  };
  await Promise.all(Array.from({ length: Math.min(BLOBS_AT_ONCE, queue.length) }, work));
}

function keep(bytes: Buffer, hash: Buffer, folder: TreeFiles): void {
  folder.write(blobPath(hash), bytes);
  faultPoint('pull:blob-written');
}

async function readBlob({ reader }: OpenPeer, { hash, bytes: due }: WantedBlob): Promise<Buffer> {
  const path = blobPath(hash);
  const bytes = await reader.mustRead(path, due);
  if (bytes.length !== due)
    throw new SubstitutedFile(path, `has ${bytes.length} bytes where ${due} are signed`);
  if (!sha256(bytes).equals(hash)) throw new SubstitutedFile(path, 'is not the file that its hash names');
  return bytes;
}

/** A pack is transport: each line counts only as the blob of an entry of its page. */
async function readPack(
  { reader }: OpenPeer,
  number: number,
  page: readonly ReplicaEntry[],
): Promise<Map<string, Buffer>> {
  const path = packPath(number);
  const grows = page.length < TILE_WIDTH;
  const known = page.reduce((sum, entry) => sum + entry.blobBytes + 1, 0) + 65_536;
  const most = known + (grows ? UNKNOWN_MOST_BYTES : 0);
  const packed = await reader.mustRead(path, most);
  const lines = linesOf(path, unpack(path, packed, most));
  const due = new Set(page.flatMap(({ hash }) => hash?.toString('hex') ?? []));
  const found = new Map<string, Buffer>();
  for (const line of lines) {
    const hex = sha256(line).toString('hex');
    if (due.has(hex)) found.set(hex, line);
    else if (!grows) throw new SubstitutedFile(path, 'holds a line that no entry of its page names');
  }
  return found;
}

function linesOf(path: string, text: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf(0x0a, from);
    if (end < 0) throw new SubstitutedFile(path, 'ends within a line');
    lines.push(text.subarray(from, end));
    from = end + 1;
  }
  return lines;
}
