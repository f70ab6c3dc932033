import { createHash, generateKeyPairSync, type KeyObject, sign as signWith } from 'node:crypto';
import { olpcJson } from '../../src/sign/olpc-json.js';

type Scheme = 'ed25519' | 'rsassa-pss-sha256' | 'rsa-pkcs1v15-sha256' | 'ecdsa-sha2-nistp256';

export interface TestKey {
  id: string;
  metadata: { keytype: string; scheme: Scheme; keyval: { public: string } };
  sign(bytes: Uint8Array): string;
}

/** A key of any kind that TUF repositories in use have. */
export function testKey(scheme: Scheme = 'ed25519'): TestKey {
  const pem = (key: KeyObject) => key.export({ format: 'pem', type: 'spki' }).toString();
  if (scheme === 'ed25519') {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const bare = publicKey.export({ format: 'der', type: 'spki' }).subarray(12).toString('hex');
    return keyOf('ed25519', scheme, bare, (bytes) => signWith(null, bytes, privateKey));
  }
  if (scheme === 'ecdsa-sha2-nistp256') {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return keyOf('ecdsa', scheme, pem(publicKey), (bytes) => signWith('sha256', bytes, privateKey));
  }
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const pss = { key: privateKey, padding: 6, saltLength: 32 };
  return keyOf('rsa', scheme, pem(publicKey), (bytes) =>
    signWith('sha256', bytes, scheme === 'rsassa-pss-sha256' ? pss : privateKey),
  );
}

function keyOf(keytype: string, scheme: Scheme, shown: string, sign: (bytes: Uint8Array) => Buffer): TestKey {
  const metadata = { keytype, scheme, keyval: { public: shown } };
  const id = createHash('sha256').update(olpcJson(metadata)).digest('hex');
  return { id, metadata, sign: (bytes) => sign(bytes).toString('hex') };
}

interface RoleKeys {
  keys: TestKey[];
  threshold: number;
}

interface TargetsBody {
  targets: Record<string, { length: number; hashes: Record<string, string> }>;
  delegations: Map<string, RoleKeys & { terminating: boolean; paths: string[] }>;
}

const DAY = 86_400_000;

const moment = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** Signs `signed` with these keys as TUF metadata files are signed. */
export function signedFile(signed: unknown, keys: readonly TestKey[]): Buffer {
  const bytes = olpcJson(signed);
  const signatures = keys.map((key) => ({ keyid: key.id, sig: key.sign(bytes) }));
  return Buffer.from(JSON.stringify({ signatures, signed }), 'utf8');
}

/** A TUF repository in memory whose every part a test may bend. Publishes version by version, like the conformance suite's. */
export function createTufRepository(now: number, scheme: Scheme = 'ed25519') {
  const files = new Map<string, Buffer>();
  const artifacts = new Map<string, Buffer>();
  const roles: Record<'root' | 'timestamp' | 'snapshot' | 'targets', RoleKeys> = {
    root: { keys: [testKey(scheme)], threshold: 1 },
    timestamp: { keys: [testKey(scheme)], threshold: 1 },
    snapshot: { keys: [testKey(scheme)], threshold: 1 },
    targets: { keys: [testKey(scheme)], threshold: 1 },
  };
  const bodies = new Map<string, TargetsBody>([['targets', { targets: {}, delegations: new Map() }]]);
  const expires = {
    root: now + 365 * DAY,
    timestamp: now + DAY,
    snapshot: now + DAY,
    targets: now + 30 * DAY,
  };
  const state = {
    consistent: true,
    /** Whether snapshot and timestamp name hashes and lengths, or versions alone. */
    hashes: true,
    versions: { root: 0, timestamp: 0, snapshot: 0 } as Record<string, number>,
    /** Signers of the next root beside its own keys: those of the root before. */
    rootSigners: [...roles.root.keys],
  };
  const meta: Record<string, { version: number; length?: number; hashes?: Record<string, string> }> = {};

  function bodyOf(role: string): TargetsBody {
    const body = bodies.get(role) ?? { targets: {}, delegations: new Map() };
    bodies.set(role, body);
    return body;
  }

  const describe = (bytes: Buffer, version: number) => ({
    version,
    ...(state.hashes
      ? { length: bytes.length, hashes: { sha256: createHash('sha256').update(bytes).digest('hex') } }
      : {}),
  });
  const keysOf = (all: Iterable<RoleKeys>) =>
    Object.fromEntries([...all].flatMap(({ keys }) => keys.map((key) => [key.id, key.metadata])));
  const common = (type: string, version: number, until: number) => ({
    _type: type,
    spec_version: '1.0.31',
    version,
    expires: moment(until),
  });
  const put = (role: string, version: number, bytes: Buffer): void => {
    const name = `${encodeURIComponent(role)}.json`;
    files.set(
      role !== 'timestamp' && (state.consistent || role === 'root') ? `${version}.${name}` : name,
      bytes,
    );
  };
  const next = (role: string): number => {
    state.versions[role] = (state.versions[role] ?? 0) + 1;
    return state.versions[role];
  };

  /** By the keys before and its own, unless a test names others. */
  function publishRoot(given?: readonly TestKey[]): Buffer {
    const version = next('root');
    const signed = {
      ...common('root', version, expires.root),
      consistent_snapshot: state.consistent,
      keys: keysOf(Object.values(roles)),
      roles: Object.fromEntries(
        Object.entries(roles).map(([name, { keys, threshold }]) => [
          name,
          { keyids: keys.map((key) => key.id), threshold },
        ]),
      ),
    };
    const signers = given ?? [...new Set([...state.rootSigners, ...roles.root.keys])];
    const bytes = signedFile(signed, signers);
    put('root', version, bytes);
    state.rootSigners = [...roles.root.keys];
    return bytes;
  }

  function publishTargets(role = 'targets', keys = roles.targets.keys): void {
    const body = bodyOf(role);
    const version = next(role);
    const delegations =
      body.delegations.size === 0
        ? {}
        : {
            delegations: {
              keys: keysOf(body.delegations.values()),
              roles: [...body.delegations].map(([name, { keys: own, threshold, terminating, paths }]) => ({
                name,
                keyids: own.map((key) => key.id),
                threshold,
                terminating,
                paths,
              })),
            },
          };
    const signed = { ...common('targets', version, expires.targets), targets: body.targets, ...delegations };
    const bytes = signedFile(signed, keys);
    put(role, version, bytes);
    meta[`${role}.json`] = describe(bytes, version);
  }

  function publishSnapshot(): void {
    const version = next('snapshot');
    const bytes = signedFile(
      { ...common('snapshot', version, expires.snapshot), meta },
      roles.snapshot.keys.slice(0, 5),
    );
    put('snapshot', version, bytes);
    publishTimestamp(bytes, version);
  }

  function publishTimestamp(snapshot: Buffer, snapshotVersion: number): void {
    const version = next('timestamp');
    const signed = {
      ...common('timestamp', version, expires.timestamp),
      meta: { 'snapshot.json': describe(snapshot, snapshotVersion) },
    };
    put('timestamp', version, signedFile(signed, roles.timestamp.keys));
  }

  return {
    files,
    artifacts,
    roles,
    expires,
    state,
    meta,
    body: bodyOf,
    addTarget: (role: string, path: string, content: string): void => {
      const bytes = Buffer.from(content, 'utf8');
      const digest = createHash('sha256').update(bytes).digest('hex');
      const body = bodyOf(role);
      body.targets[path] = { length: bytes.length, hashes: { sha256: digest } };
      const slash = path.lastIndexOf('/') + 1;
      artifacts.set(`${path.slice(0, slash)}${digest}.${path.slice(slash)}`, bytes);
      artifacts.set(path, bytes);
    },
    delegate: (parent: string, name: string, paths: string[], terminating = false): TestKey => {
      const key = testKey();
      const body = bodyOf(parent);
      body.delegations.set(name, { keys: [key], threshold: 1, terminating, paths });
      return key;
    },
    publishRoot,
    publishTargets,
    publishSnapshot,
    publishTimestamp,
    /** Everything once more, each role a version higher. */
    publish: (): void => {
      publishTargets();
      publishSnapshot();
    },
  };
}

export type TufRepository = ReturnType<typeof createTufRepository>;
