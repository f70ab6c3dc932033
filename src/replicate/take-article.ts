import { articleKey } from '../domain/article-key.js';
import { toHttpUrl } from '../domain/http-url.js';
import { shownPictures } from '../sanitize/read-gallery.js';
import { type ArticleBlob, parseArticleBlob } from '../sign/article-blob.js';
import type { StoredArticle } from '../store/article-row.js';
import type { ReplicaEntry } from '../store/replica-entry-table.js';
import { articleOf } from './article-of-blob.js';
import { NOT_FOLLOWED } from './limits.js';
import type { ReplicaDeps, TakeDeps } from './replica-deps.js';
import { isFollowed } from './take-card.js';
import { done, skipped, type Taken } from './taken.js';

/** A new article, or a corrected one: sanitized anew, whoever signed it. */
export function takeArticle(entry: ReplicaEntry, bytes: Buffer, all: TakeDeps): Taken {
  const { config, deps, replica } = all;
  const { store, articles, clock } = deps;
  const blob = parseArticleBlob(bytes);
  if (blob === null) return skipped('malformed');
  if (entry.articleKey?.equals(articleKey(blob.publisher, blob.id)) !== true) return skipped('not-its-own');
  if (!isFollowed(blob.publisher, config)) return skipped(NOT_FOLLOWED + blob.publisher);
  const owner = store.replicaEntries.cards().find(({ publisherId }) => publisherId === blob.publisher);
  if (owner === undefined || store.publishers.get(blob.publisher) === null) return skipped('no-card');
  if (owner.replicaId !== replica.id || config.ownPublishers.includes(blob.publisher))
    return skipped('another-desk');
  if (Date.parse(blob.published) < clock.now() - config.maxAgeMs) return skipped('too-old');
  const article = articleOf(blob, articles.sanitize);
  if (article === null) return skipped('malformed');
  const before = storedOf(blob, deps);
  // What fell out of retention here stays out, though its desk corrects it.
  if (before !== null && before.prunedAt !== null) return skipped('too-old');
  const saved = articles.save(article, {
    at: Date.parse(blob.taken),
    edition: before !== null && blob.rev <= before.revision,
  });
  if (before !== null && before.state !== 'live' && wasRemovedByLog(entry, all))
    articles.setState(saved, 'live', null, Date.parse(blob.taken));
  if (entry.hash !== null) store.desk.setProof(saved.id, entry.position, entry.hash);
  wantPictures(saved, blob, all);
  return done(before === null ? 'fresh' : 'changed');
}

const storedOf = (blob: ArticleBlob, { store }: ReplicaDeps): StoredArticle | null =>
  store.articles.find(blob.publisher, { stableId: blob.id, guid: null, url: null });

/** Only what the log took away, the log gives back: a keeper's own withdrawal stays. */
function wasRemovedByLog(entry: ReplicaEntry, { deps, replica }: TakeDeps): boolean {
  if (entry.articleKey === null) return false;
  const earlier = deps.store.replicaEntries
    .ofKey(replica.id, entry.articleKey)
    .filter(({ position, state }) => position < entry.position && state !== 'held');
  const last = earlier.at(-1)?.kind;
  return last === 'r' || last === 'x';
}

function wantPictures(article: StoredArticle, blob: ArticleBlob, { config, deps, replica }: TakeDeps): void {
  const { store } = deps;
  store.replicaEntries.dropPictures(replica.id, article.id);
  if (article.state === 'tombstone') return;
  // No other picture that its blob names is taken.
  const shown = shownPictures(article).map(({ src }): string => src);
  store.media.keepOnly(article.id, shown);
  if (!config.pictures) return;
  for (const medium of blob.media) {
    const src = toHttpUrl(medium.src);
    if (src !== null && shown.includes(src)) wantLadder(article.id, src, medium.r, replica.id, store);
  }
}

/** All steps of a picture, or none where they are all here. */
function wantLadder(
  articleId: number,
  src: string,
  steps: ArticleBlob['media'][number]['r'],
  replicaId: number,
  store: ReplicaDeps['store'],
): void {
  const have = new Set(
    store.media
      .ofPicture(articleId, src)
      .map(({ sha256, step }) => `${step} ${Buffer.from(sha256).toString('hex')}`),
  );
  if (have.size === steps.length && steps.every(({ step, sha256 }) => have.has(`${step} ${sha256}`))) return;
  for (const { sha256, size, type, w, h, step } of steps)
    store.replicaEntries.wantPicture(replicaId, {
      articleId,
      sha256: Buffer.from(sha256, 'hex'),
      bytes: size,
      src,
      step,
      type,
      width: w,
      height: h,
    });
}
