import {
  Equivocation,
  FreezeAttack,
  MalformedMetadata,
  MixAndMatchAttack,
  RollbackAttack,
  RootRotationAttack,
} from './refusals.js';
import { signerOf } from './tuf-delegation.js';
import {
  checkBytes,
  checkSignatures,
  type Metadata,
  parseMetadata,
  refuseOtherForm,
  type Signed,
  type Signer,
} from './tuf-metadata.js';

export type TrustedSet = ReturnType<typeof createTrustedSet>;

export interface TrustedSetOptions {
  /** What counts as the present, in milliseconds: expiry is measured against it. */
  now: number;
  /**
   * For trees of this format: root and timestamp, which no hash names, hold only in the form that docs/formats.md gives, and the
   * same version with other bytes is `Equivocation`. Without it, as TUF has it, the version in hand is kept and the other passed over.
   */
  exact?: boolean;
}

const signerIn = ({ signed }: Metadata<'root'>, role: keyof Signed<'root'>['roles']): Signer => ({
  role: signed.roles[role],
  keys: signed.keys,
});

/**
 * The state of a TUF client (specification 1.0.31, section 5) over bytes that are handed in: no file, no network. Starts from a
 * root that is trusted whatever way it came. Every `update` either holds, or throws a refusal and leaves what was there.
 */
export function createTrustedSet(rootBytes: Uint8Array, options: TrustedSetOptions) {
  const { now, exact = false } = options;
  const first = parseMetadata('root', rootBytes);
  checkSignatures(first, signerIn(first, 'root'), 'root');
  let root = first;
  let timestamp: Metadata<'timestamp'> | null = null;
  let snapshot: Metadata<'snapshot'> | null = null;
  const targets = new Map<string, Metadata<'targets'>>();

  function refuseUnsigned(
    next: Metadata<'root' | 'timestamp'>,
    signers: readonly Signer[],
    subject: string,
  ): void {
    for (const signer of signers) checkSignatures(next, signer, subject);
    if (exact) refuseOtherForm(next, signers, subject);
  }

  function refuseExpired(subject: string, { signed }: { signed: { expires: number } }): void {
    if (signed.expires <= now) throw new FreezeAttack(subject, signed.expires);
  }

  /** 5.3.4-5.3.8: signed by the keys before and by its own, and the very next version. */
  function updateRoot(bytes: Uint8Array): void {
    const next = parseMetadata('root', bytes);
    if (next.signed.version !== root.signed.version + 1) {
      throw new RootRotationAttack(
        `version ${next.signed.version} is offered where ${root.signed.version + 1} is due`,
      );
    }
    refuseUnsigned(next, [signerIn(root, 'root'), signerIn(next, 'root')], 'root');
    root = next;
  }

  /**
   * 5.4. Answers whether it is newer than what was in hand. `stored`: ours from an earlier time, whose expiry does not matter,
   * because it only serves to see a rollback (5.3.10 comes first for anything new).
   */
  function updateTimestamp(bytes: Uint8Array, stored = false): boolean {
    if (!stored) refuseExpired('root', root);
    const next = parseMetadata('timestamp', bytes);
    refuseUnsigned(next, [signerIn(root, 'timestamp')], 'timestamp');
    const { version, meta } = next.signed;
    if (timestamp !== null) {
      const known = timestamp.signed;
      if (version < known.version) throw new RollbackAttack('timestamp', version, known.version, 'stale');
      if (version === known.version) {
        if (exact && !next.bytes.equals(timestamp.bytes))
          throw new Equivocation('timestamp', timestamp.bytes, next.bytes);
        if (!stored) refuseExpired('timestamp', timestamp);
        return false;
      }
      const [to, from] = [meta['snapshot.json'].version, known.meta['snapshot.json'].version];
      if (to < from) throw new RollbackAttack('snapshot', to, from, 'desk');
    }
    // 5.4.4: kept only while it has not expired, so that the state is never one that a client would not serve.
    if (!stored) refuseExpired('timestamp', next);
    timestamp = next;
    return true;
  }

  /** Whether the snapshot in hand is the one that the timestamp names. */
  function hasSnapshot(): boolean {
    return snapshot !== null && snapshot.signed.version === timestamp?.signed.meta['snapshot.json'].version;
  }

  /** 5.5. */
  function updateSnapshot(bytes: Uint8Array, stored = false): void {
    if (timestamp === null) throw new MalformedMetadata('snapshot', 'comes before its timestamp');
    if (!stored) refuseExpired('timestamp', timestamp);
    const named = timestamp.signed.meta['snapshot.json'];
    if (!stored) checkBytes(bytes, named, 'snapshot');
    const next = parseMetadata('snapshot', bytes);
    checkSignatures(next, signerIn(root, 'snapshot'), 'snapshot');
    if (!stored && next.signed.version !== named.version)
      throw new MixAndMatchAttack('snapshot', `is version ${next.signed.version}, not ${named.version}`);
    if (snapshot !== null) {
      if (exact && next.signed.version === snapshot.signed.version && !next.bytes.equals(snapshot.bytes))
        throw new Equivocation('snapshot', snapshot.bytes, next.bytes);
      // 5.5.5: no file's version goes down, and none disappears.
      for (const [file, known] of Object.entries(snapshot.signed.meta)) {
        const after = Object.hasOwn(next.signed.meta, file) ? next.signed.meta[file] : undefined;
        if ((after?.version ?? 0) < known.version)
          throw new RollbackAttack(file.replace(/\.json$/, ''), after?.version ?? 0, known.version, 'desk');
      }
    }
    if (!stored) refuseExpired('snapshot', next);
    snapshot = next;
  }

  /** What the snapshot names for a targets role. */
  function metaOf(role: string) {
    const file = `${role}.json`;
    const named =
      snapshot !== null && Object.hasOwn(snapshot.signed.meta, file) ? snapshot.signed.meta[file] : null;
    if (named === null || named === undefined) throw new MixAndMatchAttack(role, 'is not in the snapshot');
    return named;
  }

  /** 5.6: targets, or a role that `parent` delegates to. `stored`: ours from an earlier time, only to see another one of its version. */
  function updateTargets(bytes: Uint8Array, role = 'targets', parent: string | null = null): void {
    if (timestamp === null || snapshot === null || !hasSnapshot())
      throw new MalformedMetadata(role, 'comes before its snapshot');
    refuseExpired('snapshot', snapshot);
    const named = metaOf(role);
    checkBytes(bytes, named, role);
    const next = parseMetadata('targets', bytes, role);
    const delegator = parent === null ? null : targets.get(parent);
    if (parent === null) checkSignatures(next, signerIn(root, 'targets'), role);
    else {
      const signer = signerOf(delegator?.signed.delegations, role);
      if (delegator === undefined || delegator === null || signer === null)
        throw new MixAndMatchAttack(role, `is not delegated by ${parent}`);
      checkSignatures(next, { role: signer, keys: delegator.signed.delegations?.keys ?? {} }, role);
    }
    if (next.signed.version !== named.version)
      throw new MixAndMatchAttack(role, `is version ${next.signed.version}, not ${named.version}`);
    refuseExpired(role, next);
    targets.set(role, next);
  }

  return {
    root: () => root,
    timestamp: () => timestamp,
    snapshot: () => snapshot,
    targets: (role = 'targets') => targets.get(role) ?? null,
    updateRoot,
    updateTimestamp,
    updateSnapshot,
    updateTargets,
    hasSnapshot,
    metaOf,
    /** 5.3.10, for whoever goes on without a new timestamp. */
    refuseExpiredRoot: () => refuseExpired('root', root),
  };
}
