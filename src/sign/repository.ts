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

/** The 16 bytes that a publisher's card has in the log. `publisher` names no publisher, so no article can have them. */
export const cardKeyOf = (publisherId: string): Buffer => articleKey('publisher', publisherId);

/** The same as an entry writes it. */
export const cardIdOf = (publisherId: string): string => toBase64url(cardKeyOf(publisherId));

/** Path of a blob by its SHA-256. */
export function blobPath(sha256: Uint8Array): string {
  const hex = Buffer.from(sha256).toString('hex');
  return `blob/${hex.slice(0, 2)}/${hex}`;
}
