import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../domain/clock.js';
import { faultPoint } from '../domain/fault-point.js';
import type { Log } from '../domain/log.js';
import type { TreeFiles } from '../files/tree-files.js';
import { toBase64url } from '../sign/base64url.js';
import { writeEntry } from '../sign/entry.js';
import { TAIL_MOST } from '../sign/head.js';
import { appendLeaf, type Frontier, leafHash } from '../sign/merkle.js';
import type { StoredArticle } from '../store/article-row.js';
import type { DeskState } from '../store/desk-table.js';
import type { Store } from '../store/store.js';
import { hashOf, keepBlob, keepPictures } from './keep-blobs.js';
import { entriesOfArticles, entriesOfPublishers, type NewEntry } from './new-entries.js';

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
      [...entriesOfPublishers(publishers, deps), ...entriesOfArticles(articles, deps)],
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
    added += commit(entriesOfArticles(wanted, deps), {}, wanted, deps);
    onBatch(0);
    await nextTurn();
  }
}

function mustGet(store: Store): DeskState {
  const state = store.desk.get();
  if (state === null) throw new Error('this node is no desk');
  return state;
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
