import { UsageError } from '../domain/errors.js';
import type { TreeFiles } from '../files/tree-files.js';
import { parseTrustString, type TrustString, writeTrustString } from '../sign/trust-string.js';
import type { Replica } from '../store/replica-table.js';
import type { Store } from '../store/store.js';
import { takeCardPeers } from './mirror-peers.js';
import { type PullOptions, type PullSummary, pullReplica } from './pull-replica.js';
import type { ReplicaConfig, ReplicaDeps } from './replica-deps.js';
import { followedPublishers } from './take-card.js';
import { takeOwnLog } from './take-own-log.js';

export type Replicator = ReturnType<typeof createReplicator>;

/** The flow that takes news from other nodes instead of publishers, verified. Only one process may hold it at a time. */
export function createReplicator(config: ReplicaConfig, deps: ReplicaDeps) {
  const { store, clock, log } = deps;

  /** Follows what the config and `join` name. What is named twice, or by another root of the same chain, is followed once. */
  function prepare(trustStrings: readonly string[]): void {
    for (const text of trustStrings) join(text, { store, at: clock.now() });
  }

  /** One pass over every followed repository, in the order in which they were joined. */
  async function pass(options: PullOptions = {}): Promise<PullSummary[]> {
    takeCardPeers(store, clock.now());
    const summaries: PullSummary[] = [];
    for (const { id } of store.replicas.all()) {
      if (options.signal?.aborted) break;
      const summary = await pullReplica(id, config, deps, options);
      log.info('pulled', {
        repository: summary.repository,
        outcome: summary.outcome,
        reason: summary.reason,
        fresh: summary.fresh,
        changed: summary.changed,
        removed: summary.removed,
      });
      summaries.push(summary);
    }
    return summaries;
  }

  /** All that a folder or tar holds, verified like any peer's; it is asked alone and not kept as a peer. */
  async function importFrom(
    address: string,
    onLeft: (left: number) => void = () => {},
  ): Promise<PullSummary[]> {
    const summaries: PullSummary[] = [];
    for (const { id } of store.replicas.all())
      summaries.push(await pullReplica(id, config, deps, { only: [address], onLeft }));
    return summaries;
  }

  return {
    prepare,
    pass,
    importFrom,
    /** Articles out of the log that this node's own desk signed before its database was lost. */
    takeOwn: (files: TreeFiles): number => takeOwnLog({ store, articles: deps.articles, files }, clock.now()),
    publishers: () => followedPublishers(deps),
  };
}

/** @throws UsageError for what is no trust string */
export function readTrustString(text: string): TrustString {
  const trust = parseTrustString(text);
  if (trust !== null) return trust;
  throw new UsageError('bad-trust-string', 'that is no trust string', {
    hint: 'It looks like tz1:<43 letters>@host/path,host/path and stands, with a QR code, on /verify/ and /mirrors/ of a node.',
  });
}

/**
 * Follows a repository from now on; a second time it only learns addresses. Answers the replica.
 * @throws UsageError for what is no trust string
 */
export function join(text: string, { store, at }: { store: Store; at: number }): Replica {
  const trust = readTrustString(text);
  const clean = writeTrustString(trust.root, trust.addresses);
  return store.transaction(() => {
    const known = store.replicas.byPin(trust.root);
    const id = known?.id ?? store.replicas.add(trust.root, clean, at);
    if (known !== null && known.trust !== clean) store.replicas.setTrust(id, clean);
    for (const address of trust.addresses) store.replicaPeers.add(id, address, 'trust');
    const replica = store.replicas.get(id);
    if (replica === null) throw new Error('a repository was joined and is not there');
    return replica;
  });
}
