import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import { collectStatus } from '../keeper/collect.js';
import type { StatusReport } from '../keeper/status.js';
import { NO_TRUST, type TrustStatus } from '../keeper/trust.js';
import { keysFolder } from '../publish/desk.js';
import { expiriesOf } from '../publish/expiries.js';
import { type FollowedReport, followedReport } from '../replicate/peers-report.js';
import type { Store } from '../store/store.js';
import { openTree } from './tree.js';
import { watchedMirrors } from './watched-mirrors.js';

/** The status as this node's parts tell it; every door to it (command, page, metrics, mail) asks here. */
export const statusOf = (config: Config, store: Store, clock: Clock): StatusReport =>
  collectStatus(config, { store, now: clock.now(), trust: trustOf(config, store, clock.now()) });

function trustOf({ home, desk }: Config, store: Store, now: number): TrustStatus {
  const expiries = desk.enabled ? expiriesOf(store, keysFolder(home), now) : [];
  const followed = followedReport(store, now);
  const alarm = followed.find((one) => one.alarm !== null)?.alarm ?? null;
  return {
    ...NO_TRUST,
    mirrors: watchedMirrors(store),
    peers: followed.flatMap(({ peers }) =>
      peers.map(({ address, state, answeredAt, reason }) => ({
        url: address,
        state: state === 'banned' ? ('liar' as const) : state,
        heardAt: answeredAt,
        reason,
      })),
    ),
    verified: alarm === null ? lastVerified(followed) : { ok: false, reason: alarm, at: now },
    keys: expiries.map(({ role, expiresAt, isNear, where }) => ({ role, expiresAt, near: isNear, where })),
  };
}

function lastVerified(followed: readonly FollowedReport[]): TrustStatus['verified'] {
  const at = Math.max(0, ...followed.map(({ verifiedAt }) => verifiedAt ?? 0));
  return at === 0 ? null : { ok: true, reason: null, at };
}

/** The keeper's view of a home, read beside a running node or without one. Throws `no-node-yet` where none ever ran there. */
export function openKeeperView(config: Config, clock: Clock) {
  const { store } = openTree(config, true);
  return {
    store,
    status: (): StatusReport => statusOf(config, store, clock),
    close: (): void => store.close(),
  };
}
