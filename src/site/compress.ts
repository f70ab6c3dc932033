import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** gzip 9 for the few that cannot do better. Deterministic: node writes no time into the header. */
export const gzip = (bytes: Uint8Array): Buffer => gzipSync(bytes, { level: 9 });

/**
 * Brotli 11 for what must fit the line; 9 where nothing depends on the last percent (full feeds), since 11 costs 9-33 ms a page
 * (measured on 30 KB) and many times that on 300 KB.
 */
export function brotli(bytes: Uint8Array, kind: 'smallest' | 'quick'): Buffer {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: kind === 'smallest' ? 11 : 9,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}
