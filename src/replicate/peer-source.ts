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

const httpSource = (base: string, fetcher: FileFetcher): PeerSource => ({
  get: (path, request) => fetcher.fetch({ ...request, url: new URL(path, base).href }),
});

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
