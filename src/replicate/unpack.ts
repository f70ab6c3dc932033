import { gunzipSync } from 'node:zlib';
import { EndlessData, SubstitutedFile } from '../sign/verify/refusals.js';

/** A file that travels packed, unpacked; a server that unpacked it on the way gave it plain. Throws a refusal past `most` bytes. */
export function unpack(path: string, packed: Buffer, most: number): Buffer {
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) return packed;
  try {
    return gunzipSync(packed, { maxOutputLength: most });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new EndlessData(path, most);
    throw new SubstitutedFile(path, 'does not unpack');
  }
}
