import { faultPoint } from '../domain/fault-point.js';
import { blobPath } from '../sign/repository.js';
import { packPath, TILE_WIDTH } from '../sign/tiles.js';
import type { TakeDeps } from './replica-deps.js';

/**
 * Lets the oldest articles of a followed repository fall out until `bytes` more fit below `follow.maxBytes`. Their lines stay, and
 * so do notices and cards. What the keeper pinned stays as well.
 */
export function makeRoom(bytes: number, { config, deps, replica }: TakeDeps): void {
  const { store, articles } = deps;
  if (config.maxBytes === null) return;
  let over = store.replicaEntries.keptBytes(replica.id) + bytes - config.maxBytes;
  for (let from = 0; over > 0; ) {
    const oldest = store.replicaEntries.oldestTexts(replica.id, from, 64);
    if (oldest.length === 0) return;
    for (const { position, articleKey, blobBytes } of oldest) {
      from = position + 1;
      if (over <= 0) break;
      const article = articleKey === null ? null : store.articles.byKey(articleKey);
      if (article !== null && store.pins.has(article.publisherId, article.stableId)) continue;
      const history = articleKey === null ? [] : store.replicaEntries.ofKey(replica.id, articleKey);
      const isLast = !history.some(
        (one) => one.position > position && (one.kind === 'p' || one.kind === 'u'),
      );
      over -= blobBytes + (article === null || !isLast ? 0 : store.replicaEntries.pictureBytes(article.id));
      store.transaction(() => {
        store.replicaEntries.letGo(replica.id, position);
        if (article !== null && isLast) articles.letFall(article);
      });
    }
  }
}

/** Takes out of the tree the blobs of lines whose articles fell out; packs that held them are made anew. Files first, then the note. */
export function dropFallen({ deps, replica, folder }: TakeDeps): void {
  const { replicaEntries } = deps.store;
  const going = replicaEntries.going(replica.id);
  if (going.length === 0) return;
  for (const { position, hash } of going) {
    folder.remove(packPath(Math.floor(position / TILE_WIDTH)));
    if (hash !== null && !replicaEntries.isKept(replica.id, hash)) folder.remove(blobPath(hash));
  }
  faultPoint('pull:blobs-fallen');
  deps.store.transaction(() => {
    for (const { position } of going) replicaEntries.setState(replica.id, position, 'gone', 'fell-out');
  });
}
