import { TamizdatError } from '../domain/errors.js';

/** One block of a tar file (POSIX.1-1988, ustar): heads take one, contents are filled up to whole ones. */
export const BLOCK = 512;
const SIZE = { at: 124, length: 12 };
const CHECKSUM = { at: 148, length: 8 };
const PREFIX = { at: 345, length: 155 };
const NAME_BYTES = 100;
/** What eleven octal digits hold; larger ones are written in base 256, as GNU tar does. */
const MOST_OCTAL = 8 ** 11;

export interface TarEntry {
  name: string;
  bytes: number;
}

/** Bytes that fill `bytes` of contents up to whole blocks. */
export const padding = (bytes: number): number => (BLOCK - (bytes % BLOCK)) % BLOCK;

/** Two empty blocks end a tar file. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

/** The head of a regular file that its owner alone may read. Throws RangeError for a name longer than ustar takes. */
export function tarHead({ name, bytes }: TarEntry, atMs: number): Buffer {
  const head = Buffer.alloc(BLOCK);
  const [prefix, rest] = splitName(name);
  head.write(rest, 0, 'utf8');
  head.write(prefix, PREFIX.at, 'utf8');
  head.write('0000600\0', 100);
  head.write('0000000\0', 108);
  head.write('0000000\0', 116);
  if (bytes < MOST_OCTAL) head.write(`${bytes.toString(8).padStart(11, '0')}\0`, SIZE.at);
  else {
    head[SIZE.at] = 0x80;
    head.writeBigUInt64BE(BigInt(bytes), SIZE.at + 4);
  }
  head.write(
    `${Math.floor(atMs / 1_000)
      .toString(8)
      .padStart(11, '0')}\0`,
    136,
  );
  head.write('0', 156);
  head.write('ustar\u000000', 257, 'latin1');
  head.write(`${checksum(head).toString(8).padStart(6, '0')}\0 `, CHECKSUM.at);
  return head;
}

function splitName(name: string): [string, string] {
  if (Buffer.byteLength(name) <= NAME_BYTES) return ['', name];
  for (let cut = name.indexOf('/'); cut !== -1; cut = name.indexOf('/', cut + 1)) {
    const [prefix, rest] = [name.slice(0, cut), name.slice(cut + 1)];
    if (Buffer.byteLength(prefix) <= PREFIX.length && Buffer.byteLength(rest) <= NAME_BYTES)
      return [prefix, rest];
  }
  throw new RangeError(`${name} is too long a name for a tar file`);
}

/** Sum of the head's bytes, its own field taken as spaces. */
function checksum(head: Buffer): number {
  let sum = 0;
  for (const [index, byte] of head.entries())
    sum += index >= CHECKSUM.at && index < CHECKSUM.at + CHECKSUM.length ? 0x20 : byte;
  return sum;
}

/** What a head names; null for the empty block at the end. Throws `backup-damaged` for anything that is no head of a regular file. */
export function readTarHead(head: Buffer): TarEntry | null {
  if (head.every((byte) => byte === 0)) return null;
  const stated = Number.parseInt(text(head, CHECKSUM.at, CHECKSUM.length).trim(), 8);
  const kind = head[156];
  if (stated !== checksum(head) || (kind !== 0x30 && kind !== 0))
    throw new TamizdatError('backup-damaged', 'the file is not a backup of ours, or was altered');
  const bytes =
    head[SIZE.at] === 0x80
      ? Number(head.readBigUInt64BE(SIZE.at + 4))
      : Number.parseInt(text(head, SIZE.at, SIZE.length).trim(), 8);
  const prefix = text(head, PREFIX.at, PREFIX.length);
  const name = text(head, 0, NAME_BYTES);
  return { name: prefix === '' ? name : `${prefix}/${name}`, bytes };
}

function text(head: Buffer, at: number, length: number): string {
  const field = head.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? length : end).toString('utf8');
}
