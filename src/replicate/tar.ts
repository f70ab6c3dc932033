import { closeSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { TamizdatError } from '../domain/errors.js';

/** POSIX.1-1988 ustar: blocks of 512 bytes, a header before each file, two empty blocks at the end. */
const BLOCK = 512;
/** A stick of a year holds some hundred thousand files; more is no tree of ours. */
const MOST_FILES = 5_000_000;

export interface TarFile {
  offset: number;
  bytes: number;
}

/** Paths of a signed tree: plain names, never absolute, never upwards. */
const PLAIN_PATH = /^(?:[A-Za-z0-9._-]+\/)*[A-Za-z0-9._-]+$/;

export const isPlainPath = (path: string): boolean =>
  PLAIN_PATH.test(path) && !path.split('/').includes('..');

/**
 * Where each file of a tar lies. Nothing is unpacked, so no name in it can lead anywhere; what is no plain file of a plain name is
 * passed over. Throws `tar-broken`.
 */
export function indexTar(file: string): Map<string, TarFile> {
  const found = new Map<string, TarFile>();
  const handle = openSync(file, 'r');
  try {
    const end = statSync(file).size;
    const header = Buffer.alloc(BLOCK);
    let at = 0;
    while (at + BLOCK <= end) {
      readSync(handle, header, 0, BLOCK, at);
      if (header.every((byte) => byte === 0)) break;
      const bytes = Number.parseInt(header.toString('latin1', 124, 136).replace(/[\0 ]+$/, ''), 8);
      if (!Number.isSafeInteger(bytes) || bytes < 0 || checksum(header) !== statedChecksum(header))
        throw new TamizdatError('tar-broken', `${file} is no tar, or a broken one`, {
          hint: 'Copy it again; `tar tf FILE` shows what is in it.',
        });
      const path = pathIn(header);
      const type = header[156];
      if ((type === 0x30 || type === 0) && isPlainPath(path)) found.set(path, { offset: at + BLOCK, bytes });
      if (found.size > MOST_FILES)
        throw new TamizdatError('tar-broken', `${file} holds more files than a tree has`);
      at += BLOCK + Math.ceil(bytes / BLOCK) * BLOCK;
    }
    if (at > end)
      throw new TamizdatError('tar-broken', `${file} ends too early: it was not copied whole`, {
        hint: 'Copy it again.',
      });
    return found;
  } finally {
    closeSync(handle);
  }
}

function pathIn(header: Buffer): string {
  const text = (from: number, to: number): string => header.toString('utf8', from, to).replace(/\0.*$/s, '');
  const prefix = header.toString('latin1', 257, 262) === 'ustar' ? text(345, 500) : '';
  return `${prefix === '' ? '' : `${prefix}/`}${text(0, 100)}`.replace(/^\.\//, '');
}

/** The sum of the header's bytes, its own field counted as spaces. */
const checksum = (header: Buffer): number =>
  header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);

const statedChecksum = (header: Buffer): number =>
  Number.parseInt(header.toString('latin1', 148, 156).replace(/[\0 ]+$/, ''), 8);

/** Writes a tar file by file, readable by any tar. Paths of up to 100 bytes, which all of a signed tree's are. */
export function createTar(file: string) {
  const handle = openSync(file, 'w', 0o644);
  const add = (path: string, bytes: Uint8Array): void => {
    writeFileSync(handle, headerOf(path, bytes.length));
    writeFileSync(handle, bytes);
    writeFileSync(handle, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  };
  return {
    add,
    close: (): void => {
      writeFileSync(handle, Buffer.alloc(2 * BLOCK));
      closeSync(handle);
    },
  };
}

function headerOf(path: string, bytes: number): Buffer {
  if (Buffer.byteLength(path) > 100) throw new TamizdatError('tar-path', `${path} is too long for a tar`);
  const header = Buffer.alloc(BLOCK);
  header.write(path, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('0', 156);
  header.write('ustar\0', 257);
  header.write('00', 263);
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
