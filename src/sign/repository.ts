import { createHash } from 'node:crypto';
import { articleKey, base32 } from '../domain/article-key.js';
import { toBase64url } from './base64url.js';

/** A repository's name: the first 16 base32 characters of SHA-256 of its first root.json. */
export const repositoryOf = (firstRoot: Uint8Array): string =>
  base32(createHash('sha256').update(firstRoot).digest()).slice(0, 16);

/** First line of the repository's checkpoints, and the name under which they are signed. */
export const originOf = (repository: string): string => `tamizdat/${repository}`;

/** An article's id in the log. */
export const entryIdOf = (publisherId: string, stableId: string): string =>
  toBase64url(articleKey(publisherId, stableId));

/** A publisher's id in the log: that of its card. No publisher can be called `publisher` and have this id for an article. */
export const cardIdOf = (publisherId: string): string => entryIdOf('publisher', publisherId);

/** Path of a blob by its SHA-256. */
export function blobPath(sha256: Uint8Array): string {
  const hex = Buffer.from(sha256).toString('hex');
  return `blob/${hex.slice(0, 2)}/${hex}`;
}
