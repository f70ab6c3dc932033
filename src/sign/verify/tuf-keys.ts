import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';

/** A public key as TUF 1.0.31, section 4.2, has it: Ed25519 in hexadecimal, RSA and ECDSA in PEM. */
export const metadataKey = z.object({
  keytype: z.string(),
  scheme: z.string(),
  keyval: z.object({ public: z.string() }),
});
export type MetadataKey = z.infer<typeof metadataKey>;

/** What stands before the bare key in its SubjectPublicKeyInfo: RFC 8410 section 4; RFC 5480 section 2 with P-256. */
const ED25519_HEAD = '302a300506032b6570032100';
const P256_HEAD = '3059301306072a8648ce3d020106082a8648ce3d030107034200';

/** Digest of each scheme; null where the scheme has its own. */
const DIGESTS: Readonly<Record<string, string | null>> = {
  ed25519: null,
  'rsassa-pss-sha256': 'sha256',
  'rsa-pkcs1v15-sha256': 'sha256',
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
};

const TYPE_OF_SCHEME: Readonly<Record<string, string>> = {
  ed25519: 'ed25519',
  'rsassa-pss-sha256': 'rsa',
  'rsa-pkcs1v15-sha256': 'rsa',
  'ecdsa-sha2-nistp256': 'ec',
  'ecdsa-sha2-nistp384': 'ec',
};

function keyObjectOf({ scheme, keyval }: MetadataKey): KeyObject | null {
  const hex = /^[0-9a-f]+$/.test(keyval.public);
  try {
    if (!hex) return createPublicKey(keyval.public);
    const head = scheme === 'ed25519' ? ED25519_HEAD : P256_HEAD;
    const der = Buffer.from(head + keyval.public, 'hex');
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

export interface PublicKey {
  /** The key itself whatever id it goes by: one key under two ids counts once. */
  material: string;
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** A root's keys are asked for again with every file that they signed. */
const known = new WeakMap<MetadataKey, PublicKey | null>();

/** The key behind its metadata form, which must not change; null for a kind that is not known, or that is not what it says. */
export function publicKeyOf(key: MetadataKey): PublicKey | null {
  let publicKey = known.get(key);
  if (publicKey === undefined) {
    publicKey = readKey(key);
    known.set(key, publicKey);
  }
  return publicKey;
}

function readKey(key: MetadataKey): PublicKey | null {
  const digest = DIGESTS[key.scheme];
  const object = digest === undefined ? null : keyObjectOf(key);
  if (digest === undefined || object === null) return null;
  if (object.asymmetricKeyType !== TYPE_OF_SCHEME[key.scheme]) return null;
  const options =
    key.scheme === 'rsassa-pss-sha256'
      ? {
          key: object,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_AUTO,
        }
      : object;
  return {
    material: object.export({ format: 'der', type: 'spki' }).toString('base64'),
    verify(bytes, signature) {
      try {
        return verify(digest, bytes, options, signature);
      } catch {
        return false;
      }
    },
  };
}
