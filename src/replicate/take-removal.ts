import { parseNotice } from '../sign/article-blob.js';
import { blobPath } from '../sign/repository.js';
import { packPath, TILE_WIDTH } from '../sign/tiles.js';
import type { StoredArticle } from '../store/article-row.js';
import type { ReplicaEntry } from '../store/replica-entry-table.js';
import type { TakeDeps } from './replica-deps.js';
import { done, type Taken } from './taken.js';

const DAY_MS = 86_400_000;

/** A withdrawal, or an expunge: obeyed within the limit of a day, or held for the owner's signature. */
export function takeRemoval(entry: ReplicaEntry, blob: Buffer | null, all: TakeDeps): Taken {
  const { deps, replica, folder } = all;
  const { store, articles } = deps;
  const notice = blob === null ? null : parseNotice(blob);
  const history = entry.articleKey === null ? [] : store.replicaEntries.ofKey(replica.id, entry.articleKey);
  const article = articleFor(entry, notice, all);
  const isLast = history.at(-1)?.position === entry.position;
  // A name that is taken back comes as an expunge and a correction: the article stays, what it said before goes.
  if (article !== null && article.state === 'live' && !mayRemove(entry, all))
    return {
      state: 'held',
      reason: 'past the limit of a day, without the owner’s signature',
      effect: 'nothing',
    };
  if (entry.kind === 'x') {
    forgetBlobs(
      history.filter(({ position, kind }) => position < entry.position && (kind === 'p' || kind === 'u')),
      all,
    );
    if (article !== null) {
      for (const sha256 of store.replicaEntries.picturesOnlyOf(article.id)) folder.remove(blobPath(sha256));
      store.replicaEntries.dropPictures(replica.id, article.id);
    }
  }
  if (article === null) return done();
  const reason =
    notice?.reason === undefined || notice.reason === '' ? 'removed by the publisher' : notice.reason;
  if (isLast) {
    articles.setState(article, entry.kind === 'x' ? 'tombstone' : 'withdrawn', reason, entry.issued);
    return done('removed');
  }
  if (entry.kind === 'x') store.revisions.drop(article.id);
  return done();
}

function articleFor(
  entry: ReplicaEntry,
  notice: ReturnType<typeof parseNotice>,
  { config, deps, replica }: TakeDeps,
): StoredArticle | null {
  const { store } = deps;
  const article = entry.articleKey === null ? null : store.articles.byKey(entry.articleKey);
  if (article === null || config.ownPublishers.includes(article.publisherId)) return null;
  const owner = store.replicaEntries.cards().find(({ publisherId }) => publisherId === article.publisherId);
  if (owner?.replicaId !== replica.id) return null;
  return notice !== null && (notice.publisher !== article.publisherId || notice.id !== article.stableId)
    ? null
    : article;
}

/**
 * docs/formats.md, "Many removals": a thief of the online keys must not empty the followers. Counted by the desk's clock, which a thief can
 * set, but never back before what is known, nor past ours.
 */
function mayRemove(entry: ReplicaEntry, { config, deps, replica }: TakeDeps): boolean {
  const { store, clock } = deps;
  const known = store.replicaEntries.lastObeyedAt(replica.id) ?? 0;
  const at = Math.min(Math.max(entry.issued, known), Math.max(clock.now(), known));
  if (entry.position >= replica.confirmedSize) {
    const limit = Math.max(
      config.removalDailyLimit,
      Math.floor(store.replicaEntries.liveArticles() * config.removalDailyShare),
    );
    if (store.replicaEntries.removalsSince(replica.id, at - DAY_MS) >= limit) return false;
  }
  store.replicaEntries.setObeyed(replica.id, entry.position, at);
  return true;
}

/** Files first, then the note: killed in between, the entry is taken again. Packs that held them are made anew. */
function forgetBlobs(entries: readonly ReplicaEntry[], { deps, replica, folder }: TakeDeps): void {
  const { replicaEntries } = deps.store;
  for (const { position } of entries) replicaEntries.setState(replica.id, position, 'gone', 'expunged');
  for (const { position, hash } of entries) {
    folder.remove(packPath(Math.floor(position / TILE_WIDTH)));
    if (hash !== null && !replicaEntries.isKept(replica.id, hash)) folder.remove(blobPath(hash));
  }
}
