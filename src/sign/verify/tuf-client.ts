import { MissingFile, MixAndMatchAttack, RootRotationAttack, TreeRefusal } from './refusals.js';
import { createTrustedSet, type TrustedSet } from './trusted-set.js';
import { rolesFor } from './tuf-delegation.js';
import type { TargetFile } from './tuf-metadata.js';

/** What a client may touch. Roles go by their own names; whoever writes them down has to make file names of them. */
export interface TufClientDeps {
  /** Milliseconds. */
  now: number;
  /** A file below the metadata address, null where there is none. Throws `EndlessData` past `maxBytes`. */
  fetch(path: string, maxBytes: number): Promise<Uint8Array | null>;
  load(role: string): Uint8Array | null;
  save(role: string, bytes: Uint8Array): void;
}

/** python-tuf 6's limits (UpdaterConfig): no repository in use comes near them. */
const MAX_BYTES = { root: 512_000, timestamp: 16_384, snapshot: 2_000_000, targets: 5_000_000 };
const MOST_ROTATIONS = 256;
const MOST_DELEGATIONS = 32;

/** The client workflow of TUF 1.0.31, section 5, for any repository. */
export function createTufClient(deps: TufClientDeps) {
  /** What is kept from an earlier time is used where it still holds, and passed over where it does not. */
  function tryStored(role: string, take: (bytes: Uint8Array) => void): boolean {
    const bytes = deps.load(role);
    if (bytes === null) return false;
    try {
      take(bytes);
      return true;
    } catch (error) {
      if (error instanceof TreeRefusal) return false;
      throw error;
    }
  }

  async function fetched(path: string, maxBytes: number): Promise<Uint8Array> {
    const bytes = await deps.fetch(path, maxBytes);
    if (bytes === null) throw new MissingFile(path);
    return bytes;
  }

  /** 5.3: every root from the trusted one on, each kept as soon as it holds. */
  async function walkRoots(set: TrustedSet): Promise<void> {
    for (let walked = 0; ; walked += 1) {
      const bytes = await deps.fetch(`${set.root().signed.version + 1}.root.json`, MAX_BYTES.root);
      if (bytes === null) break;
      if (walked === MOST_ROTATIONS)
        throw new RootRotationAttack(`more than ${MOST_ROTATIONS} roots at once`);
      set.updateRoot(bytes);
      deps.save('root', bytes);
    }
    set.refuseExpiredRoot();
  }

  const fileOf = (set: TrustedSet, role: string, version: number): string => {
    const name = `${encodeURIComponent(role)}.json`;
    return set.root().signed.consistent_snapshot ? `${version}.${name}` : name;
  };

  async function takeTargets(set: TrustedSet, role: string, parent: string | null): Promise<void> {
    if (set.targets(role) !== null) return;
    if (tryStored(role, (bytes) => set.updateTargets(bytes, role, parent))) return;
    const named = set.metaOf(role);
    const bytes = await fetched(fileOf(set, role, named.version), named.length ?? MAX_BYTES.targets);
    set.updateTargets(bytes, role, parent);
    deps.save(role, bytes);
  }

  /** Brings the top-level metadata up to date. Throws a refusal; what held until then is kept. */
  async function refresh(): Promise<TrustedSet> {
    const trusted = deps.load('root');
    if (trusted === null) throw new MissingFile('root', 'there is no trusted root: run init first');
    const set = createTrustedSet(trusted, { now: deps.now });
    await walkRoots(set);

    tryStored('timestamp', (bytes) => void set.updateTimestamp(bytes, true));
    const timestamp = await fetched('timestamp.json', MAX_BYTES.timestamp);
    if (set.updateTimestamp(timestamp)) deps.save('timestamp', timestamp);

    tryStored('snapshot', (bytes) => set.updateSnapshot(bytes, true));
    const named = set.timestamp()?.signed.meta['snapshot.json'];
    const isCurrent = set.hasSnapshot() && (set.snapshot()?.signed.expires ?? 0) > deps.now;
    if (!isCurrent && named !== undefined) {
      const bytes = await fetched(fileOf(set, 'snapshot', named.version), named.length ?? MAX_BYTES.snapshot);
      set.updateSnapshot(bytes);
      deps.save('snapshot', bytes);
    }
    await takeTargets(set, 'targets', null);
    return set;
  }

  /** 5.6.7: depth first, in the order of the delegations, each role once. Null where nobody signs for `path`. */
  async function find(set: TrustedSet, path: string): Promise<TargetFile | null> {
    let open: { role: string; parent: string | null }[] = [{ role: 'targets', parent: null }];
    const visited = new Set<string>();
    while (visited.size <= MOST_DELEGATIONS) {
      const next = open.pop();
      if (next === undefined) return null;
      if (visited.has(next.role)) continue;
      await takeTargets(set, next.role, next.parent);
      const { targets, delegations } = set.targets(next.role)?.signed ?? {};
      if (targets !== undefined && Object.hasOwn(targets, path)) return targets[path] ?? null;
      visited.add(next.role);
      const roles = rolesFor(delegations, path);
      const last = roles.findIndex((role) => role.terminating);
      if (last >= 0) open = [];
      const chosen = last < 0 ? roles : roles.slice(0, last + 1);
      open.push(...chosen.map(({ name }) => ({ role: name, parent: next.role })).reverse());
    }
    throw new MixAndMatchAttack(path, `more than ${MOST_DELEGATIONS} roles were asked`);
  }

  /** Where a target lies below the target address. */
  function targetPath(set: TrustedSet, path: string, file: TargetFile): string {
    const [digest] = Object.values(file.hashes);
    if (!set.root().signed.consistent_snapshot || digest === undefined) return path;
    const slash = path.lastIndexOf('/') + 1;
    return `${path.slice(0, slash)}${digest}.${path.slice(slash)}`;
  }

  return { refresh, find, targetPath };
}
