import { faultPoint } from '../domain/fault-point.js';
import { pictureTypeOf } from '../media/picture-type.js';
import { blobPath } from '../sign/repository.js';
import type { WantedPicture } from '../store/replica-entry-table.js';
import { fetchBlobs } from './fetch-blobs.js';
import type { Peers } from './peers.js';
import type { TakeDeps } from './take-entry.js';

/** Passes in which nobody had an article's pictures before they are given up. */
const MOST_TRIES = 5;

/** Pictures after all texts: what an article names, checked by hash and length, and shown once its whole ladder is here. */
export async function takePictures(
  all: TakeDeps,
  peers: Peers,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { deps, replica, folder } = all;
  const { store } = deps;
  let stored = 0;
  for (let after = 0; !signal?.aborted; ) {
    const batch = store.replicaEntries.pictures(replica.id, after);
    if (batch.length === 0) return stored;
    // The last article of a full batch may be cut in two: it comes again, whole, unless it is all there is.
    const lastId = batch.at(-1)?.articleId ?? 0;
    const isCut = batch.length === 64 && batch[0]?.articleId !== lastId;
    const whole = isCut ? batch.filter(({ articleId }) => articleId !== lastId) : batch;
    await fetchBlobs(
      whole.map(({ sha256, bytes }) => ({ hash: sha256, bytes })),
      peers,
      folder,
    );
    for (const articleId of new Set(whole.map((one) => one.articleId))) {
      if (
        storeLadder(
          whole.filter((one) => one.articleId === articleId),
          all,
        )
      )
        stored += 1;
      faultPoint('pull:picture-stored');
    }
    after = whole.at(-1)?.articleId ?? after;
  }
  return stored;
}

const TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  webp: 'image/webp',
  jpeg: 'image/jpeg',
};

function storeLadder(steps: readonly WantedPicture[], { deps, replica, folder }: TakeDeps): boolean {
  const { store, clock, articles } = deps;
  const [first] = steps;
  if (first === undefined) return false;
  const article = store.articles.get(first.articleId);
  const found = steps.map((step) => ({ ...step, bytes: folder.read(blobPath(step.sha256)) }));
  if (article === null || article.lead?.src !== first.src || article.state === 'tombstone') {
    store.replicaEntries.dropPictures(replica.id, first.articleId);
    return false;
  }
  if (found.some(({ bytes }) => bytes === null)) {
    if (first.tries + 1 >= MOST_TRIES) store.replicaEntries.dropPictures(replica.id, first.articleId);
    else store.replicaEntries.picturesTried(replica.id, first.articleId);
    return false;
  }
  const ladder = found.flatMap(({ bytes, ...step }) => (bytes === null ? [] : [{ ...step, bytes }]));
  store.transaction(() => {
    // What a stolen key calls a picture is one only if its first bytes say so too.
    if (ladder.every(({ bytes, type }) => TYPES[pictureTypeOf(bytes)] === type)) {
      store.media.put(article.id, first.src, ladder, clock.now());
      articles.touch(article);
    }
    store.replicaEntries.dropPictures(replica.id, article.id);
  });
  return true;
}
