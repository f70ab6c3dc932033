import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileFetcher, FileOutcome, FileRequest } from '../domain/file-fetcher.js';
import { indexTar, isPlainPath } from './tar.js';

/** One copy of a signed tree, wherever it lies: files by their paths in the tree. */
export interface PeerSource {
  get(path: string, request: Omit<FileRequest, 'url'>): Promise<FileOutcome>;
}

/** The source behind an address of a trust string. */
export function sourceOf(address: string, fetcher: FileFetcher): PeerSource {
  if (!address.startsWith('file:')) return httpSource(address, fetcher);
  const path = fileURLToPath(address);
  return address.endsWith('.tar') ? tarSource(path) : folderSource(path);
}

/** Where a tree stands on a node whose address names no folder. */
const ON_A_NODE = 'signed/';

/** A tree at `base`, or below it where readers' pages stand at `base` itself: whichever first gives a file is kept to. */
function httpSource(base: string, fetcher: FileFetcher): PeerSource {
  let folder: string | null = new URL(base).pathname.includes(`/${ON_A_NODE}`) ? '' : null;
  const ask = (path: string, request: Omit<FileRequest, 'url'>): Promise<FileOutcome> =>
    fetcher.fetch({ ...request, url: new URL(path, base).href });
  return {
    get: async (path, request) => {
      if (folder !== null) return ask(folder + path, request);
      const direct = await ask(path, request);
      if (direct.kind !== 'missing' && direct.kind !== 'web-page') {
        if (direct.kind !== 'unreachable') folder = '';
        return direct;
      }
      const below = await ask(ON_A_NODE + path, request);
      if (below.kind === 'missing' || below.kind === 'web-page') return direct;
      if (below.kind !== 'unreachable') folder = ON_A_NODE;
      return below;
    },
  };
}

export const folderSource = (folder: string): PeerSource => ({
  get: async (path, { maxBytes }) => {
    if (!isPlainPath(path)) return { kind: 'missing', status: 404 };
    if (!existsSync(folder)) return { kind: 'unreachable', detail: `${folder} is not there` };
    return readPiece(join(folder, path), 0, null, maxBytes);
  },
});

export function tarSource(file: string): PeerSource {
  let index: ReturnType<typeof indexTar> | null = null;
  return {
    get: async (path, { maxBytes }) => {
      try {
        index ??= indexTar(file);
      } catch (error) {
        return { kind: 'unreachable', detail: error instanceof Error ? error.message : String(error) };
      }
      const found = index.get(path) ?? index.get(`signed/${path}`);
      if (found === undefined) return { kind: 'missing', status: 404 };
      return readPiece(file, found.offset, found.bytes, maxBytes);
    },
  };
}

function readPiece(file: string, offset: number, length: number | null, maxBytes: number): FileOutcome {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return { kind: 'missing', status: 404 };
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) return { kind: 'missing', status: 404 };
    const bytes = length ?? stat.size;
    if (bytes > maxBytes) return { kind: 'too-large' };
    if (length === null) return wholeFile(readFileSync(handle));
    const piece = Buffer.alloc(bytes);
    const read = readSync(handle, piece, 0, bytes, offset);
    return read === bytes
      ? wholeFile(piece)
      : { kind: 'cut', receivedBytes: read, detail: `${file} ends before its files do` };
  } finally {
    closeSync(handle);
  }
}

const wholeFile = (bytes: Buffer): FileOutcome => ({ kind: 'file', bytes, etag: null, wireBytes: 0 });
