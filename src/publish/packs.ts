import { crc32, deflateRawSync } from 'node:zlib';

/** RFC 1952: gzip, deflate, no name, no time, made by an unknown system. */
const HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** RFC 1951: a last block with nothing in it. */
const END = Buffer.from([3, 0]);
const TRAILER_BYTES = END.length + 8;

/** A pack of nothing; what is appended to. */
export const EMPTY_PACK = finish(HEAD, 0, 0);

/**
 * One gzip stream to which lines can be appended without reading what stands in it: each line is compressed for itself and ends at
 * a byte's edge (RFC 1951 with a sync flush), and the checksum goes on from the one in the trailer. Null where `pack` is no pack.
 */
export function appendToPack(pack: Buffer, lines: readonly Buffer[]): Buffer | null {
  if (pack.length < EMPTY_PACK.length || !pack.subarray(0, HEAD.length).equals(HEAD)) return null;
  const end = pack.length - TRAILER_BYTES;
  let crc = pack.readUInt32LE(end + END.length);
  let size = pack.readUInt32LE(end + END.length + 4);
  const parts = [pack.subarray(0, end)];
  for (const line of lines) {
    const raw = Buffer.concat([line, Buffer.from('\n')]);
    crc = crc32(raw, crc);
    size = (size + raw.length) % 2 ** 32;
    parts.push(deflateRawSync(raw, { level: 9, finishFlush: SYNC_FLUSH }));
  }
  return finish(Buffer.concat(parts), crc, size);
}

/** zlib.constants.Z_SYNC_FLUSH. */
const SYNC_FLUSH = 2;

function finish(body: Buffer, crc: number, size: number): Buffer {
  const sums = Buffer.alloc(8);
  sums.writeUInt32LE(crc, 0);
  sums.writeUInt32LE(size, 4);
  return Buffer.concat([body, END, sums]);
}
