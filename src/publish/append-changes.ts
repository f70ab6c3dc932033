import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../domain/clock.js';
import { faultPoint } from '../domain/fault-point.js';
import type { Log } from '../domain/log.js';
import type { TreeFiles } from '../files/tree-files.js';
import { shownPictures } from '../sanitize/read-gallery.js';
import { parseArticleBlob } from '../sign/article-blob.js';
import { toBase64url } from '../sign/base64url.js';
import { type EntryKind, writeEntry } from '../sign/entry.js';
import { TAIL_MOST } from '../sign/head.js';
import { appendLeaf, type Frontier, leafHash } from '../sign/merkle.js';
import { blobPath, cardKeyOf } from '../sign/repository.js';
import type { StoredArticle } from '../store/article-row.js';
import type { DeskState } from '../store/desk-table.js';
import type { LogRow } from '../store/log-table.js';
import type { StoredPicture } from '../store/media-table.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import { articleBlobOf, noticeOf, publisherCardOf } from './article-blob-of.js';

export interface AppendDeps {
  store: Store;
  files: TreeFiles;
  clock: Clock;
  log: Log;
  /** An article got an entry: what shows its place in the log is out of date. */
  onEntry: (article: StoredArticle) => void;
}

/** Changes taken into the log in one transaction: enough for a pass, few enough for the memory of a first start. */
const BATCH = 200;

interface NewEntry {
  articleKey: Buffer;
  kind: EntryKind;
  blob: Buffer;
  /** Whose proof this entry becomes; null for a notice or a card. */
  article: StoredArticle | null;
}

/**
 * Brings the log up to the change sequence: what the store says now against what the log said last. Blobs are on disk before the
 * entries that name them. Answers how many entries came. Throws what the disk and the database say.
 */
export async function appendChanges(deps: AppendDeps, onBatch: (left: number) => void): Promise<number> {
  const { store } = deps;
  let added = 0;
  for (;;) {
    const state = mustGet(store);
    const last = store.changes.lastSeq();
    if (state.publishedSeq >= last) break;
    const until = Math.min(last, state.publishedSeq + BATCH);
    const changes = store.changes.between(state.publishedSeq, until);
    const publishers = new Set(changes.flatMap((one) => (one.kind === 'publisher' ? [one.publisherId] : [])));
    const articles = new Set(changes.flatMap(({ articleId }) => articleId ?? []));
    added += commit(
      [...cards(publishers, deps), ...entriesOf(articles, deps)],
      { publishedSeq: until },
      articles,
      deps,
    );
    onBatch(last - until);
    await nextTurn();
  }
  for (;;) {
    const wanted = new Set(store.desk.wanted(BATCH));
    if (wanted.size === 0) return added;
    added += commit(entriesOf(wanted, deps), {}, wanted, deps);
    onBatch(0);
    await nextTurn();
  }
}

function mustGet(store: Store): DeskState {
  const state = store.desk.get();
  if (state === null) throw new Error('this node is no desk');
  return state;
}

/** A desk signs what it took itself: a publisher that came from another desk has no sources here. */
const isOwn = (publisher: StoredPublisher | null): publisher is StoredPublisher =>
  publisher !== null && publisher.sources.length > 0;

function* cards(ids: Iterable<string>, deps: AppendDeps): Generator<NewEntry> {
  const { store } = deps;
  for (const id of ids) {
    const publisher = store.publishers.get(id);
    if (!isOwn(publisher)) continue;
    const [articleKey, blob] = [cardKeyOf(id), publisherCardOf(publisher)];
    if (isSaid(store.log.lastOf(articleKey), blob)) keepBlob(blob, deps);
    else yield { articleKey, kind: 'd', blob, article: null };
  }
}

function* entriesOf(articleIds: Iterable<number>, deps: AppendDeps): Generator<NewEntry> {
  for (const id of articleIds) {
    const article = deps.store.articles.get(id);
    if (article !== null) yield* entriesOfArticle(article, deps);
  }
}

const hashOf = (blob: Uint8Array): Buffer => createHash('sha256').update(blob).digest();
const isSaid = (last: LogRow | null, blob: Buffer): boolean => last?.hash.equals(hashOf(blob)) ?? false;

/** What the log must still be told of an article: one entry, two where a name vanishes, mostly none. */
function* entriesOfArticle(article: StoredArticle, deps: AppendDeps): Generator<NewEntry> {
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
function losesName(article: StoredArticle, { store, files }: AppendDeps): boolean {
  return store.log.keptOf(Buffer.from(article.key)).some(({ hash }) => {
    const before = files.read(blobPath(hash));
    const said = before === null ? null : parseArticleBlob(before);
    return said?.authors.some(({ name }) => !article.authors.some((author) => author.name === name)) ?? false;
  });
}

function keepBlob(blob: Buffer, { files }: AppendDeps): void {
  const path = blobPath(hashOf(blob));
  if (!files.has(path)) files.write(path, blob);
}

/** By the picture's address, for those that an article shows. */
const laddersOf = (article: StoredArticle, { media }: Store): Map<string, StoredPicture[]> =>
  new Map(shownPictures(article).map(({ src }) => [src, media.ofPicture(article.id, src)]));

function keepPictures(article: StoredArticle, deps: AppendDeps): void {
  const { store, files } = deps;
  for (const { sha256, bytes } of [...laddersOf(article, store).values()].flat()) {
    const path = blobPath(sha256);
    // Remembered first: what is on disk must be known, so that it can be taken away.
    store.desk.pictureWritten(sha256);
    if (!files.has(path)) files.write(path, bytes);
  }
}

/** Blobs to disk, then entries, tree and position in one transaction. */
function commit(
  entries: Iterable<NewEntry>,
  position: { publishedSeq?: number },
  articleIds: ReadonlySet<number>,
  deps: AppendDeps,
): number {
  const { store } = deps;
  const fresh = [...entries];
  for (const { blob, article } of fresh) {
    keepBlob(blob, deps);
    if (article !== null) keepPictures(article, deps);
  }
  faultPoint('sign:blobs-written');
  store.durably(() => {
    let state = { ...mustGet(store), ...position };
    for (const entry of fresh) state = append(state, entry, deps);
    store.desk.put(state);
    for (const id of articleIds) store.desk.served(id);
    for (const { article } of fresh) if (article !== null) deps.onEntry(article);
  });
  faultPoint('sign:entries-appended');
  return fresh.length;
}

function append(
  state: DeskState,
  { articleKey, kind, blob, article }: NewEntry,
  deps: AppendDeps,
): DeskState {
  const { store, clock } = deps;
  const at = clock.now();
  const hash = hashOf(blob);
  const bytes = writeEntry({
    a: toBase64url(articleKey),
    c: toBase64url(hash),
    n: blob.length,
    o: kind,
    t: Math.floor(at / 1_000),
  });
  if (kind === 'x') store.log.dropBlobs(articleKey);
  store.log.add({ position: state.size, articleKey, kind, hash, at, bytes });
  if (article !== null) store.desk.setProof(article.id, state.size, hash);
  const grown = appendLeaf(
    { size: state.size, hashes: state.frontier },
    leafHash(bytes),
    (level, place, node) => {
      if (level > 0 && level % 8 === 0) store.log.putNode(level, place, node);
    },
  );
  const tail = moveTail({ size: state.tailStart, hashes: state.tailFrontier }, grown.size, store);
  return {
    ...state,
    size: grown.size,
    frontier: grown.hashes,
    tailStart: tail.size,
    tailFrontier: tail.hashes,
  };
}

/** The tail, moved on until it holds no more than rides in a head. Reads entries from the store's log. */
export function moveTail(tail: Frontier, size: number, store: Store): Frontier {
  let moved = tail;
  while (size - moved.size > TAIL_MOST) {
    const [row] = store.log.between(moved.size, moved.size + 1);
    if (row === undefined) throw new Error(`entry ${moved.size} of the log is not there`);
    moved = appendLeaf(moved, leafHash(row.bytes));
  }
  return moved;
}
