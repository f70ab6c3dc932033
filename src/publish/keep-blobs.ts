import { createHash } from 'node:crypto';
import type { TreeFiles } from '../files/tree-files.js';
import { shownPictures } from '../sanitize/read-gallery.js';
import { blobPath } from '../sign/repository.js';
import type { StoredArticle } from '../store/article-row.js';
import type { StoredPicture } from '../store/media-table.js';
import type { Store } from '../store/store.js';

interface BlobDeps {
  store: Store;
  files: TreeFiles;
}

export const hashOf = (blob: Uint8Array): Buffer => createHash('sha256').update(blob).digest();

/** Writes a blob where it is not on the disk yet, or no longer. */
export function keepBlob(blob: Buffer, { files }: Pick<BlobDeps, 'files'>): void {
  const path = blobPath(hashOf(blob));
  if (!files.has(path)) files.write(path, blob);
}

/** By the picture's address, for those that an article shows. */
export const laddersOf = (article: StoredArticle, { media }: Store): Map<string, StoredPicture[]> =>
  new Map(shownPictures(article).map(({ src }) => [src, media.ofPicture(article.id, src)]));

/** The same for the pictures that an article shows. */
export function keepPictures(article: StoredArticle, { store, files }: BlobDeps): void {
  for (const { sha256, bytes } of [...laddersOf(article, store).values()].flat()) {
    const path = blobPath(sha256);
    // Remembered first: what is on disk must be known, so that it can be taken away.
    store.desk.pictureWritten(sha256);
    if (!files.has(path)) files.write(path, bytes);
  }
}
