import { setImmediate as nextTurn } from 'node:timers/promises';
import { faultPoint } from '../domain/fault-point.js';
import { blobPath } from '../sign/repository.js';
import { TILE_WIDTH } from '../sign/tiles.js';
import { joinRoot } from '../sign/verify/join-root.js';
import { TreeRefusal } from '../sign/verify/refusals.js';
import type { ReplicaEntry } from '../store/replica-entry-table.js';
import type { Replica } from '../store/replica-table.js';
import { commitHead } from './commit-head.js';
import { fetchPage, PACKS_BEYOND } from './fetch-blobs.js';
import { fetchEntries } from './fetch-entries.js';
import { lookAtHeads } from './look-at-heads.js';
import { createPeers, type Peers } from './peers.js';
import type { ReplicaConfig, ReplicaDeps } from './replica-deps.js';
import { keepRoots, stateOf } from './replica-state.js';
import { openSignedFolder } from './signed-folder.js';
import { type TakeDeps, takeEntry } from './take-entry.js';
import { takeExtras } from './take-extras.js';
import { takePictures } from './take-pictures.js';
import { writeReplica } from './write-replica.js';

/** Passes in which nobody had a blob before it is given up. */
const MOST_TRIES = 12;

export interface PullSummary {
  replicaId: number;
  repository: string | null;
  outcome: 'news' | 'nothing-new' | 'trouble' | 'alarm';
  reason: string | null;
  fresh: number;
  changed: number;
  removed: number;
  /** Blobs that no peer had. */
  missing: number;
  /** Removals that wait for the owner's signature. */
  held: number;
  pictures: number;
}

export interface PullOptions {
  signal?: AbortSignal;
  /** Ask these addresses and no peer: a folder or tar on a stick. */
  only?: readonly string[];
  /** Entries of the log that are still to be taken. */
  onLeft?: (left: number) => void;
}

/** One pass over one followed repository. Never rejects for what peers do; throws what disk and database say. */
export async function pullReplica(
  replicaId: number,
  config: ReplicaConfig,
  deps: ReplicaDeps,
  options: PullOptions = {},
): Promise<PullSummary> {
  const { store, clock, log } = deps;
  const peers = createPeers(replicaId, deps, options.signal, options.only);
  const before = mustGet(replicaId, deps);
  const trouble = before.alarm === null ? await advance(before, peers, deps) : null;
  const replica = mustGet(replicaId, deps);
  store.replicas.setTried(replicaId, clock.now(), trouble);
  const tally = { fresh: 0, changed: 0, removed: 0, missing: 0, held: 0, pictures: 0 };
  if (replica.repository !== null && replica.timestampVersion > 0) {
    const all = { config, deps, replica, folder: openSignedFolder(config.home, replica.repository) };
    await takeWanted(all, peers, tally, options);
    // A desk that contradicts itself stops all that is new; what was verified before stays, and stays complete.
    if (replica.alarm === null) await takeExtras(replica, peers, deps);
    tally.pictures = await takePictures(all, peers, options.signal);
    if (!options.signal?.aborted) writeReplica(store, mustGet(replicaId, deps), all.folder, clock.now());
    tally.held = store.replicaEntries.openCount(replicaId, 'held');
    tellPublishers(replica, trouble ?? replica.alarm, deps);
  }
  for (const peer of peers.opened()) peers.save(peer);
  const news = tally.fresh + tally.changed + tally.removed + tally.pictures > 0;
  const outcome =
    replica.alarm !== null ? 'alarm' : news ? 'news' : trouble === null ? 'nothing-new' : 'trouble';
  if (tally.held > 0)
    log.warn('removals-held', {
      repository: replica.repository,
      held: tally.held,
      note: 'more removals in a day than the online keys may sign; they wait for the owner of the desk',
    });
  return { replicaId, repository: replica.repository, outcome, reason: replica.alarm ?? trouble, ...tally };
}

function mustGet(replicaId: number, { store }: ReplicaDeps): Replica {
  const replica = store.replicas.get(replicaId);
  if (replica === null) throw new Error(`repository ${replicaId} is followed and not there`);
  return replica;
}

/** A newer head, if any peer proves one. Answers what stood in the way, null where nothing did. */
async function advance(given: Replica, peers: Peers, deps: ReplicaDeps): Promise<string | null> {
  const { store, clock, log } = deps;
  let replica = given;
  if (replica.repository === null) {
    const joined = await peers.fromAnyone(0, ({ reader }) => joinRoot(given.pin, reader.file, clock.now()));
    if (joined === null) return reasonOf(peers) ?? 'no peer has the root that the trust string names';
    keepRoots(store, replica.id, joined.roots, clock.now());
    deps.onMirrors();
    replica = mustGet(replica.id, deps);
  }
  const state = stateOf(store, replica);
  if (state === null) return 'there is no trusted root';
  const outcome = await lookAtHeads(state, replica, peers, deps);
  switch (outcome.kind) {
    case 'nobody':
      return outcome.reason;
    case 'stale':
      return 'every peer that answered has an older copy than this node';
    case 'current':
      store.replicas.setVerified(replica.id, clock.now());
      return null;
    case 'alarm':
      return raiseAlarm(replica, outcome.refusal, deps);
    case 'newer':
      break;
  }
  const { head, peer } = outcome;
  try {
    const fresh = await fetchEntries(
      { frontier: state.frontier, pageBytes: pageBytesOf(replica, deps) },
      head,
      peers,
    );
    commitHead(replica, head, fresh, deps);
    for (const one of peers.opened()) one.row.isSticky = one === peer;
    return null;
  } catch (error) {
    if (!(error instanceof TreeRefusal)) throw error;
    if (error.blame === 'desk') return raiseAlarm(replica, error, deps);
    log.info('pull-incomplete', { repository: replica.repository, reason: error.message });
    return error.message;
  }
}

const reasonOf = (peers: Peers): string | null =>
  peers.opened().find(({ row }) => row.reason !== null)?.row.reason ?? null;

function raiseAlarm(replica: Replica, refusal: TreeRefusal, { store, clock, log }: ReplicaDeps): string {
  const reason = `${refusal.name}: ${refusal.message}`;
  store.replicas.setAlarm(replica.id, reason, clock.now());
  log.error('desk-contradicts-itself', { repository: replica.repository, reason, hint: refusal.hint });
  return reason;
}

/** How many bytes of its last page's bundle are known: a piece goes on from there. */
function pageBytesOf(replica: Replica, { store }: ReplicaDeps): number {
  const first = replica.size - (replica.size % TILE_WIDTH);
  return store.replicaEntries
    .between(replica.id, first, replica.size)
    .reduce((sum, { bytes }) => sum + 2 + bytes.length, 0);
}

type Tally = Pick<PullSummary, 'fresh' | 'changed' | 'removed' | 'missing'>;

/** Page by page in the order of the log: blobs first, then each entry in a transaction of its own. */
async function takeWanted(all: TakeDeps, peers: Peers, tally: Tally, options: PullOptions): Promise<void> {
  const { store } = all.deps;
  const { id } = all.replica;
  releaseHeld(all, tally);
  let left = store.replicaEntries.openCount(id, 'wanted');
  const usePacks = left > PACKS_BEYOND;
  for (let from = 0; !options.signal?.aborted; ) {
    const [next] = store.replicaEntries.open(id, 'wanted', from, 1);
    if (next === undefined) return;
    const first = next.position - (next.position % TILE_WIDTH);
    const page = store.replicaEntries.between(id, first, first + TILE_WIDTH);
    const wanted = page.filter(({ state }) => state === 'wanted');
    const needed = wanted.filter((entry) => !isExpunged(entry, all));
    await fetchPage(
      page,
      needed.flatMap(({ hash, blobBytes }) => (hash === null ? [] : [{ hash, bytes: blobBytes }])),
      peers,
      all.folder,
      usePacks,
    );
    for (const entry of wanted) {
      if (options.signal?.aborted) return;
      settle(entry, needed.includes(entry), all, tally);
    }
    left -= wanted.length;
    options.onLeft?.(left);
    from = first + TILE_WIDTH;
    await nextTurn();
  }
}

/** A later expunge makes a text unwanted before it ever came. */
function isExpunged(entry: ReplicaEntry, { deps, replica }: TakeDeps): boolean {
  if ((entry.kind !== 'p' && entry.kind !== 'u') || entry.articleKey === null) return false;
  return deps.store.replicaEntries
    .ofKey(replica.id, entry.articleKey)
    .some(({ position, kind, state }) => kind === 'x' && position > entry.position && state !== 'held');
}

function settle(entry: ReplicaEntry, isNeeded: boolean, all: TakeDeps, tally: Tally): void {
  const { deps, replica, folder } = all;
  const { store } = deps;
  const blob = entry.hash === null || !isNeeded ? null : folder.read(blobPath(entry.hash));
  const isRemoval = entry.kind === 'r' || entry.kind === 'x';
  if (blob === null && isNeeded && !isRemoval && entry.tries + 1 < MOST_TRIES) {
    store.replicaEntries.setTried(replica.id, entry.position);
    tally.missing += 1;
    return;
  }
  store.transaction(() => {
    const taken = isNeeded
      ? takeEntry(entry, blob, all)
      : ({ state: 'gone', reason: 'expunged', effect: 'nothing' } as const);
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
    if (entry.position < all.replica.confirmedSize) settle(entry, true, all, tally);
  }
}

function tellPublishers(replica: Replica, trouble: string | null, deps: ReplicaDeps): void {
  if (replica.issuedAt === null) return;
  for (const { publisherId, replicaId } of deps.store.replicaEntries.cards()) {
    if (replicaId === replica.id) deps.onHeard(publisherId, replica.issuedAt, trouble);
  }
}
