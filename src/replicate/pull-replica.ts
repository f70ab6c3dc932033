import type { FollowSummary } from '../domain/follow-summary.js';
import { createTreeFiles, treeFolder } from '../files/tree-files.js';
import { TILE_WIDTH } from '../sign/tiles.js';
import { joinRoot } from '../sign/verify/join-root.js';
import { FreezeAttack, TreeRefusal } from '../sign/verify/refusals.js';
import type { Replica } from '../store/replica-table.js';
import { commitHead } from './commit-head.js';
import { fetchEntries } from './fetch-entries.js';
import { lookAtHeads } from './look-at-heads.js';
import { dropFallen } from './make-room.js';
import { createPeers, type Peers } from './peers.js';
import type { ReplicaConfig, ReplicaDeps } from './replica-deps.js';
import { expiryOf, keepRoots, stateOf } from './replica-state.js';
import { takeExtras } from './take-extras.js';
import { takePictures } from './take-pictures.js';
import { takeWanted } from './take-wanted.js';
import { writeReplica } from './write-replica.js';

export interface PullSummary extends FollowSummary {
  replicaId: number;
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
    const all = {
      config,
      deps,
      replica,
      folder: createTreeFiles(treeFolder(config.home, replica.repository)),
    };
    await takeWanted(all, peers, tally, options);
    // A desk that contradicts itself stops all that is new; what was verified before stays, and stays complete.
    if (replica.alarm === null) await takeExtras(replica, peers, deps);
    tally.pictures = await takePictures(all, peers, options.signal);
    dropFallen(all);
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
      // "Not modified", for ever, is a way to hold news back as well.
      if (expiryOf(state) < clock.now()) return new FreezeAttack('head.json', expiryOf(state)).message;
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

function tellPublishers(replica: Replica, trouble: string | null, deps: ReplicaDeps): void {
  if (replica.issuedAt === null) return;
  for (const { publisherId, replicaId } of deps.store.replicaEntries.cards()) {
    if (replicaId === replica.id) deps.onHeard(publisherId, replica.issuedAt, trouble);
  }
}
