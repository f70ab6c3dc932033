import { createHash } from 'node:crypto';
import { type SigningKey, signBytes, type TufKey } from './ed25519.js';
import { olpcJson } from './olpc-json.js';

/** The roles of this format, in the order in which a root of trust reaches them. Each has exactly one parent. */
export const ROLES = ['root', 'targets', 'edition', 'mirrors', 'snapshot', 'timestamp'] as const;
export type Role = (typeof ROLES)[number];

const DAY_S = 86_400;
/** How long a role's signature holds, in seconds: the table of docs/formats.md, "Keys and roles". */
export const LIFETIME_S: Readonly<Record<Role, number>> = {
  root: 548 * DAY_S,
  targets: 180 * DAY_S,
  edition: 14 * DAY_S,
  mirrors: 30 * DAY_S,
  snapshot: 14 * DAY_S,
  timestamp: 14 * DAY_S,
};

const SPEC_VERSION = '1.0.31';

export interface RoleKeys {
  keyids: string[];
  threshold: number;
}

interface Common {
  spec_version: string;
  version: number;
  expires: string;
}

export interface RootSigned extends Common {
  _type: 'root';
  consistent_snapshot: true;
  keys: Record<string, TufKey>;
  roles: Record<'root' | 'targets' | 'snapshot' | 'timestamp', RoleKeys>;
  /** One key alone is the root of trust: whoever has it can replace every other. */
  'x-single'?: true;
}

export interface FileInfo {
  length: number;
  hashes: { sha256: string };
}

export interface TargetsSigned extends Common {
  _type: 'targets';
  targets: Record<string, FileInfo>;
  delegations?: {
    keys: Record<string, TufKey>;
    roles: (RoleKeys & { name: 'edition' | 'mirrors'; paths: string[]; terminating: boolean })[];
  };
  /** Removals in the log's first `size` entries may go past the limit of a day. */
  'x-removals'?: { size: number };
}

export interface SnapshotSigned extends Common {
  _type: 'snapshot';
  meta: Record<string, FileInfo & { version: number }>;
}

export interface TimestampSigned extends Common {
  _type: 'timestamp';
  meta: { 'snapshot.json': FileInfo & { version: number } };
  /** Unix seconds of the signing: how fresh the head is. */
  'x-issued': number;
}

export type Signed = RootSigned | TargetsSigned | SnapshotSigned | TimestampSigned;

/** What every role's metadata begins with. `at` in unix seconds. */
export const commonOf = (role: Role, version: number, at: number): Common => ({
  spec_version: SPEC_VERSION,
  version,
  // TUF 1.0.31, section 4.2: without fractions of a second.
  expires: new Date((at + LIFETIME_S[role]) * 1_000).toISOString().replace('.000Z', 'Z'),
});

/**
 * The bytes of a metadata file: `signed`, and a signature of each key over its canonical form. It stands in the file in that form,
 * so that what is signed can be cut out with any tool.
 */
export function writeMetadata(signed: Signed, keys: readonly SigningKey[]): Buffer {
  const bytes = olpcJson(signed);
  const signatures = keys.map((key) => ({ keyid: key.id, sig: signBytes(key, bytes).toString('hex') }));
  return Buffer.concat([
    Buffer.from(`{"signatures":${JSON.stringify(signatures)},"signed":`),
    bytes,
    Buffer.from('}'),
  ]);
}

/** What a metadata file of ours says. Only for bytes that this desk signed itself: nothing is verified here. */
export const readOwnMetadata = <T extends Signed>(bytes: Uint8Array): T =>
  (JSON.parse(Buffer.from(bytes).toString('utf8')) as { signed: T }).signed;

export const fileInfo = (bytes: Uint8Array): FileInfo => ({
  length: bytes.length,
  hashes: { sha256: createHash('sha256').update(bytes).digest('hex') },
});

/** The part of `signed` that two versions are compared by: all but number, dates and times. */
export function contentOf(signed: Signed): string {
  const { version, expires, ...content } = signed;
  return olpcJson(content).toString('utf8');
}

/** TUF 1.0.31, section 6.2: consistent snapshots have the hash before the file's own name. */
export function targetPath(name: string, bytes: Uint8Array): string {
  const slash = name.lastIndexOf('/') + 1;
  return `targets/${name.slice(0, slash)}${fileInfo(bytes).hashes.sha256}.${name.slice(slash)}`;
}

export const metadataPath = (role: Role, version: number): string =>
  role === 'timestamp' ? 'tuf/timestamp.json' : `tuf/${version}.${role}.json`;
