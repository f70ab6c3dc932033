import { createHash } from 'node:crypto';
import { z } from 'zod';
import { olpcJson } from '../olpc-json.js';
import { ForgedSignature, MalformedMetadata, MixAndMatchAttack } from './refusals.js';
import { parseStrictJson } from './strict-json.js';
import { type MetadataKey, metadataKey, publicKeyOf } from './tuf-keys.js';

const version = z.int().min(1);
const hashes = z.record(z.string(), z.string().regex(/^[0-9a-f]+$/));
const metaFile = z.object({ version, length: z.int().min(0).optional(), hashes: hashes.optional() });
const targetFile = z.object({ length: z.int().min(0), hashes, custom: z.unknown().optional() });
export type TargetFile = z.infer<typeof targetFile>;

const noneTwice = (ids: readonly string[]) => new Set(ids).size === ids.length;
const keyids = z.array(z.string()).refine(noneTwice);
const role = z.object({ keyids, threshold: z.int().min(1) });
export type Role = z.infer<typeof role>;
const keys = z.record(z.string(), metadataKey);
const delegatedRole = role.extend({
  name: z.string().min(1),
  terminating: z.boolean(),
  paths: z.array(z.string()).optional(),
  path_hash_prefixes: z.array(z.string()).optional(),
});
export type DelegatedRole = z.infer<typeof delegatedRole>;
/** TAP 15. */
const succinctRoles = role.extend({ bit_length: z.int().min(1).max(32), name_prefix: z.string() });
const delegations = z.object({
  keys,
  roles: z
    .array(delegatedRole)
    .refine((roles) => noneTwice(roles.map((one) => one.name)))
    .optional(),
  succinct_roles: succinctRoles.optional(),
});
export type Delegations = z.infer<typeof delegations>;

const common = {
  spec_version: z.string().regex(/^1\.\d/),
  version,
  /** TUF 1.0.31, section 4.1: UTC, without fractions. As milliseconds since the epoch. */
  expires: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    .transform((text) => Date.parse(text))
    .refine(Number.isFinite),
};

const TYPES = {
  root: z.object({
    _type: z.literal('root'),
    ...common,
    consistent_snapshot: z.boolean().default(false),
    keys,
    roles: z.object({ root: role, timestamp: role, snapshot: role, targets: role }),
  }),
  timestamp: z.object({
    _type: z.literal('timestamp'),
    ...common,
    meta: z.object({ 'snapshot.json': metaFile }),
    /** Of this format: unix seconds. */
    'x-issued': z.int().min(0).optional(),
  }),
  snapshot: z.object({ _type: z.literal('snapshot'), ...common, meta: z.record(z.string(), metaFile) }),
  targets: z.object({
    _type: z.literal('targets'),
    ...common,
    targets: z.record(z.string(), targetFile),
    /** Of this format: removals among so many entries are the owner's own, whatever their number. */
    'x-removals': z.object({ size: z.int().min(0) }).optional(),
    delegations: delegations.optional(),
  }),
} as const;

export type MetadataType = keyof typeof TYPES;
export type Signed<T extends MetadataType> = z.output<(typeof TYPES)[T]>;

export interface Metadata<T extends MetadataType> {
  /** The file, byte for byte. */
  bytes: Buffer;
  signed: Signed<T>;
  /** What the signatures are over. */
  canonical: Buffer;
  signatures: readonly { keyid: string; sig: string }[];
}

const envelope = z.object({
  signed: z.unknown(),
  signatures: z
    .array(z.object({ keyid: z.string(), sig: z.string().regex(/^(?:[0-9a-f]{2})*$/) }))
    .refine((all) => noneTwice(all.map((one) => one.keyid))),
});

/** Reads a metadata file, its signatures not yet checked. `subject` names it in refusals. */
export function parseMetadata<T extends MetadataType>(
  type: T,
  bytes: Uint8Array,
  subject: string = type,
): Metadata<T> {
  const outer = envelope.safeParse(parseStrictJson(bytes, subject));
  if (!outer.success) throw new MalformedMetadata(subject, 'is no signed metadata');
  const signed = TYPES[type].safeParse(outer.data.signed);
  if (!signed.success) {
    const [issue] = signed.error.issues;
    throw new MalformedMetadata(subject, `${issue?.path.join('.') ?? ''} is not as the format has it`);
  }
  return {
    bytes: Buffer.from(bytes),
    signed: signed.data as Signed<T>,
    canonical: canonicalOf(outer.data.signed, subject),
    signatures: outer.data.signatures,
  };
}

function canonicalOf(signed: unknown, subject: string): Buffer {
  try {
    return olpcJson(signed);
  } catch {
    throw new MalformedMetadata(subject, 'has no canonical form');
  }
}

/** A role, and the keys that whoever names it knows. */
export interface Signer {
  role: Role;
  keys: Readonly<Record<string, MetadataKey>>;
}

type Signatures = Pick<Metadata<MetadataType>, 'canonical' | 'signatures'>;

/** How many different keys of the role signed. */
function countGood({ canonical, signatures }: Signatures, { role, keys }: Signer): number {
  const good = new Set<string>();
  for (const { keyid, sig } of signatures) {
    const key = role.keyids.includes(keyid) && Object.hasOwn(keys, keyid) ? keys[keyid] : undefined;
    const publicKey = key === undefined ? null : publicKeyOf(key);
    if (publicKey?.verify(canonical, Buffer.from(sig, 'hex')) === true) good.add(publicKey.material);
  }
  return good.size;
}

/** TUF 1.0.31, section 4.2.1: at least `threshold` different keys of the role signed. Throws `ForgedSignature`. */
export function checkSignatures(metadata: Signatures, signer: Signer, subject: string): void {
  const good = countGood(metadata, signer);
  if (good < signer.role.threshold) throw new ForgedSignature(subject, good, signer.role.threshold);
}

/**
 * docs/formats.md, "Keys and roles": a file of this format can be written in one way only. What no signature covers, white space,
 * the order of signatures or one to spare, a mirror could change: then an honest desk would look two-faced, and an honest follower
 * would pass on a root that no trust string names. `signers` must all have enough. Throws `MalformedMetadata`.
 */
export function refuseOtherForm(
  { bytes, canonical, signatures }: Metadata<MetadataType>,
  signers: readonly Signer[],
  subject: string,
): void {
  const areEnough = (some: Signatures['signatures']) =>
    signers.every((signer) => countGood({ canonical, signatures: some }, signer) >= signer.role.threshold);
  if (signatures.some((one) => areEnough(signatures.filter((other) => other !== one))))
    throw new MalformedMetadata(subject, 'carries a signature that it holds without');
  const named = [...new Set(signers.flatMap(({ role }) => role.keyids))];
  const inOrder = named.flatMap((id) => signatures.find(({ keyid }) => keyid === id) ?? []);
  const form = `{"signatures":${JSON.stringify(inOrder)},"signed":${canonical.toString('utf8')}}`;
  if (!Buffer.from(form, 'utf8').equals(bytes))
    throw new MalformedMetadata(subject, 'is not written as its desk writes it');
}

const KNOWN_DIGESTS: readonly string[] = ['sha256', 'sha512'];

/** Throws `MixAndMatchAttack` where bytes have another length or hash than the file above names; what it leaves out is not asked. */
export function checkBytes(
  bytes: Uint8Array,
  named: { length?: number | undefined; hashes?: Readonly<Record<string, string>> | undefined },
  subject: string,
): void {
  if (named.length !== undefined && bytes.length !== named.length)
    throw new MixAndMatchAttack(subject, `has ${bytes.length} bytes where ${named.length} are named`);
  if (named.hashes === undefined) return;
  const usable = Object.entries(named.hashes).filter(([algorithm]) => KNOWN_DIGESTS.includes(algorithm));
  if (usable.length === 0) throw new MixAndMatchAttack(subject, 'is named by no digest that is known');
  for (const [algorithm, digest] of usable) {
    if (createHash(algorithm).update(bytes).digest('hex') !== digest)
      throw new MixAndMatchAttack(subject, `is not the file whose ${algorithm} is named`);
  }
}
