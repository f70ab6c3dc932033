import type { Log } from '../domain/log.js';
import { lostNames } from '../domain/lost-names.js';
import type { TreeFiles } from '../files/tree-files.js';
import { parseArticleBlob } from '../sign/article-blob.js';
import type { EntryKind } from '../sign/entry.js';
import { blobPath, cardKeyOf } from '../sign/repository.js';
import type { StoredArticle } from '../store/article-row.js';
import type { LogRow } from '../store/log-table.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import { articleBlobOf, noticeOf, publisherCardOf } from './article-blob-of.js';
import { hashOf, keepBlob, keepPictures, laddersOf } from './keep-blobs.js';

interface EntryDeps {
  store: Store;
  files: TreeFiles;
  log: Log;
}

/** What the log is still to be told. */
export interface NewEntry {
  articleKey: Buffer;
  kind: EntryKind;
  blob: Buffer;
  /** Whose proof this entry becomes; null for a notice or a card. */
  article: StoredArticle | null;
}

/** A desk signs what it took itself: a publisher that came from another desk has no sources here. */
const isOwn = (publisher: StoredPublisher | null): publisher is StoredPublisher =>
  publisher !== null && publisher.sources.length > 0;

/** Of these publishers: a new card where it says something else than the last one did. */
export function* entriesOfPublishers(ids: Iterable<string>, deps: EntryDeps): Generator<NewEntry> {
  const { store } = deps;
  for (const id of ids) {
    const publisher = store.publishers.get(id);
    if (!isOwn(publisher)) continue;
    const [articleKey, blob] = [cardKeyOf(id), publisherCardOf(publisher)];
    if (isSaid(store.log.lastOf(articleKey), blob)) keepBlob(blob, deps);
    else yield { articleKey, kind: 'd', blob, article: null };
  }
}

/** Of these articles. What the log says already is only made sure of on the disk. */
export function* entriesOfArticles(articleIds: Iterable<number>, deps: EntryDeps): Generator<NewEntry> {
  for (const id of articleIds) {
    const article = deps.store.articles.get(id);
    if (article !== null) yield* entriesOfArticle(article, deps);
  }
}

const isSaid = (last: LogRow | null, blob: Buffer): boolean => last?.hash.equals(hashOf(blob)) ?? false;

/** What the log must still be told of an article: one entry, two where a name vanishes, mostly none. */
function* entriesOfArticle(article: StoredArticle, deps: EntryDeps): Generator<NewEntry> {
  const { store, log } = deps;
  // What fell out of retention here was withdrawn by nobody: the log has no word for it.
  if (article.prunedAt !== null) return;
  const publisher = store.publishers.get(article.publisherId);
  if (!isOwn(publisher)) return;
  const articleKey = Buffer.from(article.key);
  const last = store.log.lastOf(articleKey);
  const removal = (kind: 'r' | 'x', reason: string | null): NewEntry => ({
    articleKey,
    kind,
    blob: noticeOf(article, kind === 'r' ? 'retract' : 'expunge', reason ?? ''),
    article: null,
  });
  if (article.state !== 'live') {
    const kind = article.state === 'withdrawn' ? 'r' : 'x';
    // What nobody was told of needs no word of its end; what is buried is not dug up to be withdrawn.
    if (last === null) return;
    if (last.kind === 'p' || last.kind === 'u' || (last.kind === 'r' && kind === 'x'))
      yield removal(kind, article.stateReason);
    else if (last.kind === kind) keepBlob(removal(kind, article.stateReason).blob, deps);
    return;
  }
  const blob = articleBlobOf(article, {
    publisher,
    revisions: store.revisions.of(article.id),
    pictures: laddersOf(article, store),
  });
  if (parseArticleBlob(blob) === null) {
    log.error('article-not-signed', { article: `${article.publisherId}/${article.stableId}` });
    return;
  }
  if (isSaid(last, blob)) {
    // It may have been lost from the disk.
    keepBlob(blob, deps);
    keepPictures(article, deps);
    return;
  }
  if (losesName(article, deps)) yield removal('x', 'a name was taken back');
  yield { articleKey, kind: last === null ? 'p' : 'u', blob, article };
}

/** A name that vanishes may have become a pseudonym for its bearer's safety: what holds it leaves the tree. */
function losesName(article: StoredArticle, { store, files }: EntryDeps): boolean {
  return store.log.keptOf(Buffer.from(article.key)).some(({ hash }) => {
    const before = files.read(blobPath(hash));
    const said = before === null ? null : parseArticleBlob(before);
    return said !== null && lostNames(said, article).length > 0;
  });
}
