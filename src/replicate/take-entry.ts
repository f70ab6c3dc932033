import { articleKey } from '../domain/article-key.js';
import { toHttpUrl } from '../domain/http-url.js';
import { isPublisherId } from '../domain/publisher.js';
import { shownPictures } from '../sanitize/read-gallery.js';
import { type ArticleBlob, parseArticleBlob, parseNotice, parsePublisherCard } from '../sign/article-blob.js';
import { blobPath, cardKeyOf } from '../sign/repository.js';
import { packPath, TILE_WIDTH } from '../sign/tiles.js';
import { TreeRefusal } from '../sign/verify/refusals.js';
import { parseStrictJson } from '../sign/verify/strict-json.js';
import type { StoredArticle } from '../store/article-row.js';
import type { EntryState, ReplicaEntry } from '../store/replica-entry-table.js';
import { articleOf } from './article-of-blob.js';
import { NOT_FOLLOWED } from './limits.js';
import { publisherOf } from './publisher-of-card.js';
import type { ReplicaConfig, ReplicaDeps, TakeDeps } from './replica-deps.js';

const DAY_MS = 86_400_000;

export interface Taken {
  state: EntryState;
  reason: string | null;
  effect: 'fresh' | 'changed' | 'removed' | 'nothing';
}

const done = (effect: Taken['effect'] = 'nothing'): Taken => ({ state: 'kept', reason: null, effect });
const skipped = (reason: string): Taken => ({ state: 'skipped', reason, effect: 'nothing' });

/**
 * Does what an entry says, its blob having been verified by hash. `blob` null: nobody has it. Inside one transaction with the note
 * of it. What a signed blob itself has wrong is skipped, with the reason: that is the desk's doing, not the peer's.
 */
export function takeEntry(entry: ReplicaEntry, blob: Buffer | null, all: TakeDeps): Taken {
  if (blob !== null && !isPlainJson(blob)) return skipped('hostile-json');
  switch (entry.kind) {
    case 'd':
      return blob === null ? skipped('missing') : takeCard(entry, blob, all);
    case 'p':
    case 'u':
      return blob === null
        ? { state: 'gone', reason: 'nobody has it', effect: 'nothing' }
        : takeArticle(entry, blob, all);
    case 'r':
    case 'x':
      return takeRemoval(entry, blob, all);
    default:
      return skipped('unknown');
  }
}

function isPlainJson(blob: Buffer): boolean {
  try {
    parseStrictJson(blob, 'blob');
    return true;
  } catch (error) {
    if (error instanceof TreeRefusal) return false;
    throw error;
  }
}

function takeCard(entry: ReplicaEntry, blob: Buffer, { config, deps, replica }: TakeDeps): Taken {
  const card = parsePublisherCard(blob);
  if (card === null || !isPublisherId(card.id)) return skipped('malformed');
  if (entry.articleKey?.equals(cardKeyOf(card.id)) !== true) return skipped('not-its-own');
  if (config.ownPublishers.includes(card.id)) return skipped('synced-here');
  if (!isFollowed(card.id, config)) return skipped('not-followed');
  deps.store.replicaEntries.putCard(replica.id, card.id, JSON.stringify(card));
  deps.onPublishers(followedPublishers(deps));
  return done();
}

/** Publishers of all cards that were taken, those that rest left out. */
export function followedPublishers({ store }: Pick<ReplicaDeps, 'store'>) {
  return store.replicaEntries.cards().flatMap(({ card }) => {
    const parsed = parsePublisherCard(Buffer.from(card, 'utf8'));
    return parsed?.active === true ? [publisherOf(parsed)] : [];
  });
}

const isFollowed = (publisherId: string, { publishers }: ReplicaConfig): boolean =>
  publishers.length === 0 || publishers.includes(publisherId);

function takeArticle(entry: ReplicaEntry, bytes: Buffer, all: TakeDeps): Taken {
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

function takeRemoval(entry: ReplicaEntry, blob: Buffer | null, all: TakeDeps): Taken {
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
 * TRUST.md, "Log entry": a thief of the online keys must not empty the followers. Counted by the desk's clock, which a thief can
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
