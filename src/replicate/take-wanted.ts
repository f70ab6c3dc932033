import { setImmediate as nextTurn } from 'node:timers/promises';
import { faultPoint } from '../domain/fault-point.js';
import { blobPath } from '../sign/repository.js';
import { TILE_WIDTH } from '../sign/tiles.js';
import type { ReplicaEntry } from '../store/replica-entry-table.js';
import { fetchPage, PACKS_BEYOND } from './fetch-blobs.js';
import { createLimits, type Limits } from './limits.js';
import { makeRoom } from './make-room.js';
import type { Peers } from './peers.js';
import { textsKeptFrom } from './read-have.js';
import type { TakeDeps } from './replica-deps.js';
import { firstThatFits } from './room.js';
import { takeEntry } from './take-entry.js';

/** Passes in which nobody had a blob before it is given up. */
const MOST_TRIES = 12;

/** What became of the lines that were taken. */
interface Tally {
  fresh: number;
  changed: number;
  removed: number;
  missing: number;
}

/** Page by page in the order of the log: blobs first, then each entry in a transaction of its own. */
export async function takeWanted(
  all: TakeDeps,
  peers: Peers,
  tally: Tally,
  options: { signal?: AbortSignal; onLeft?: (left: number) => void },
): Promise<void> {
  const { store } = all.deps;
  const { id } = all.replica;
  releaseHeld(all, tally);
  let left = store.replicaEntries.openCount(id, 'wanted');
  let heldFrom: Promise<number> | null = null;
  const packs =
    left > PACKS_BEYOND
      ? {
          textsFrom: () => {
            heldFrom ??= textsKeptFrom(peers);
            return heldFrom;
          },
        }
      : null;
  if (left === 0) return;
  const limitOf = createLimits(all, await firstThatFits(all, createLimits(all), peers, packs));
  for (let from = 0; !options.signal?.aborted; ) {
    const [next] = store.replicaEntries.open(id, 'wanted', from, 1);
    if (next === undefined) return;
    const first = next.position - (next.position % TILE_WIDTH);
    const page = store.replicaEntries.between(id, first, first + TILE_WIDTH);
    const wanted = page.filter(({ state }) => state === 'wanted');
    const passed = new Map(wanted.map((entry) => [entry.position, whyPassedOver(entry, limitOf, all)]));
    const needed = wanted.filter(({ position }) => passed.get(position) === null);
    makeRoom(
      needed.reduce((sum, { kind, blobBytes }) => sum + (kind === 'p' || kind === 'u' ? blobBytes : 0), 0),
      all,
    );
    await fetchPage(page, needed, peers, all.folder, packs);
    for (const entry of wanted) {
      if (options.signal?.aborted) return;
      settle(entry, passed.get(entry.position) ?? null, all, tally);
    }
    left -= wanted.length;
    options.onLeft?.(left);
    from = first + TILE_WIDTH;
    await nextTurn();
  }
}

interface PassedOver {
  state: 'gone' | 'skipped';
  reason: string;
}

/** What is not asked for, and why; null for what is. */
function whyPassedOver(entry: ReplicaEntry, limitOf: Limits, all: TakeDeps): PassedOver | null {
  if (isExpunged(entry, all)) return { state: 'gone', reason: 'expunged' };
  const limit = limitOf(entry);
  return limit === null ? null : { state: 'skipped', reason: limit };
}

/** A later expunge makes a text unwanted before it ever came. */
function isExpunged(entry: ReplicaEntry, { deps, replica }: TakeDeps): boolean {
  if ((entry.kind !== 'p' && entry.kind !== 'u') || entry.articleKey === null) return false;
  return deps.store.replicaEntries
    .ofKey(replica.id, entry.articleKey)
    .some(({ position, kind, state }) => kind === 'x' && position > entry.position && state !== 'held');
}

function settle(entry: ReplicaEntry, passed: PassedOver | null, all: TakeDeps, tally: Tally): void {
  const { deps, replica, folder } = all;
  const { store } = deps;
  const blob = entry.hash === null || passed !== null ? null : folder.read(blobPath(entry.hash));
  const isRemoval = entry.kind === 'r' || entry.kind === 'x';
  if (blob === null && passed === null && !isRemoval && entry.tries + 1 < MOST_TRIES) {
    store.replicaEntries.setTried(replica.id, entry.position);
    tally.missing += 1;
    return;
  }
  store.transaction(() => {
    const taken = passed === null ? takeEntry(entry, blob, all) : { ...passed, effect: 'nothing' as const };
    store.replicaEntries.setState(replica.id, entry.position, taken.state, taken.reason);
    if (taken.effect !== 'nothing') tally[taken.effect] += 1;
  });
  const after = store.replicaEntries.between(replica.id, entry.position, entry.position + 1)[0]?.state;
  if (after === 'skipped' && entry.hash !== null && !store.replicaEntries.isKept(replica.id, entry.hash))
    folder.remove(blobPath(entry.hash));
  faultPoint('pull:entry-taken');
}

/** Removals that the owner has signed for since. */
function releaseHeld(all: TakeDeps, tally: Tally): void {
  const { store } = all.deps;
  for (const entry of store.replicaEntries.open(all.replica.id, 'held', 0, 100_000)) {
    if (entry.position < all.replica.confirmedSize) settle(entry, null, all, tally);
  }
}
