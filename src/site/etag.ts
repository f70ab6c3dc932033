import { createHash } from 'node:crypto';

/** A strong validator: the first 12 bytes of SHA-256 over the uncompressed bytes, in base64url. */
export const etagOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest().subarray(0, 12).toString('base64url');
