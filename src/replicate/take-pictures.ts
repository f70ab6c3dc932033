import { faultPoint } from '../domain/fault-point.js';
import { pictureTypeOf } from '../media/picture-type.js';
import { shownPictures } from '../sanitize/read-gallery.js';
import { blobPath } from '../sign/repository.js';
import { PICTURE_BATCH, type WantedPicture } from '../store/replica-entry-table.js';
import { fetchBlobs } from './fetch-blobs.js';
import { makeRoom } from './make-room.js';
import type { Peers } from './peers.js';
import type { TakeDeps } from './replica-deps.js';

/** Passes in which nobody had a picture before it is given up. */
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
  for (let after = { articleId: 0, src: '' }; !signal?.aborted; ) {
    const batch = store.replicaEntries.pictures(replica.id, after);
    if (batch.length === 0) return stored;
    const ladders = laddersOf(batch);
    // The last picture of a full batch may be cut in two: it comes again, whole, unless it is all there is.
    if (batch.length === PICTURE_BATCH && ladders.length > 1) ladders.pop();
    const whole = ladders.flat();
    makeRoom(
      whole.reduce((sum, { bytes }) => sum + bytes, 0),
      all,
    );
    await fetchBlobs(
      whole.map(({ sha256, bytes }) => ({ hash: sha256, bytes })),
      peers,
      folder,
    );
    for (const ladder of ladders) {
      if (storeLadder(ladder, all)) stored += 1;
      faultPoint('pull:picture-stored');
    }
    after = whole.at(-1) ?? after;
  }
  return stored;
}

/** The steps of each picture, which come one after another. */
function laddersOf(batch: readonly WantedPicture[]): WantedPicture[][] {
  const ladders: WantedPicture[][] = [];
  for (const step of batch) {
    const last = ladders.at(-1);
    if (last?.[0]?.articleId === step.articleId && last[0].src === step.src) last.push(step);
    else ladders.push([step]);
  }
  return ladders;
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
  if (
    article === null ||
    !shownPictures(article).some(({ src }) => src === first.src) ||
    article.state === 'tombstone'
  ) {
    store.replicaEntries.dropPicture(replica.id, first);
    return false;
  }
  if (found.some(({ bytes }) => bytes === null)) {
    if (first.tries + 1 >= MOST_TRIES) store.replicaEntries.dropPicture(replica.id, first);
    else store.replicaEntries.pictureTried(replica.id, first);
    return false;
  }
  const ladder = found.flatMap(({ bytes, ...step }) => (bytes === null ? [] : [{ ...step, bytes }]));
  store.transaction(() => {
    // What a stolen key calls a picture is one only if its first bytes say so too.
    if (ladder.every(({ bytes, type }) => TYPES[pictureTypeOf(bytes)] === type)) {
      store.media.put(article.id, first.src, ladder, clock.now());
      articles.touch(article);
    }
    store.replicaEntries.dropPicture(replica.id, first);
  });
  return true;
}
