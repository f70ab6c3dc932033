import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { olpcJson } from './olpc-json.js';

/** A key as TUF metadata holds it (TUF 1.0.31, section 4.2); `public` is 64 hexadecimal digits. */
export interface TufKey {
  keytype: 'ed25519';
  scheme: 'ed25519';
  keyval: { public: string };
}

/** A private key in hand: its TUF form, its TUF key id and the key itself. */
export interface SigningKey {
  id: string;
  tuf: TufKey;
  /** The 32 bytes of RFC 8032. */
  publicBytes: Buffer;
  privateKey: KeyObject;
}

/** RFC 8410 section 4: what stands before the 32 bytes of an Ed25519 public key in its SubjectPublicKeyInfo. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

export const tufKeyOf = (publicBytes: Uint8Array): TufKey => ({
  keytype: 'ed25519',
  scheme: 'ed25519',
  keyval: { public: Buffer.from(publicBytes).toString('hex') },
});

/** TUF 1.0.31, section 4.2: SHA-256 of the key's canonical JSON, in hexadecimal. */
export const keyIdOf = (key: TufKey): string => createHash('sha256').update(olpcJson(key)).digest('hex');

export function createSigningKey(): SigningKey {
  return signingKeyOf(generateKeyPairSync('ed25519').privateKey);
}

/** PKCS #8 in PEM, as `openssl genpkey -algorithm ed25519` writes it. Throws what node:crypto throws on anything else. */
export function signingKeyFromPem(pem: string): SigningKey {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519')
    throw new TypeError(`an ${key.asymmetricKeyType} key, not Ed25519`);
  return signingKeyOf(key);
}

export const signingKeyToPem = (key: SigningKey): string =>
  key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const publicBytes = spki.subarray(SPKI_HEAD.length);
  const tuf = tufKeyOf(publicBytes);
  return { id: keyIdOf(tuf), tuf, publicBytes, privateKey };
}

/** The 64 bytes of an Ed25519 signature (RFC 8032). */
export const signBytes = (key: SigningKey, bytes: Uint8Array): Buffer => sign(null, bytes, key.privateKey);

/** Whether `signature` is `publicBytes`' over `bytes`. A key or signature of the wrong length is no signature, not an error. */
export function verifyBytes(publicBytes: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (publicBytes.length !== 32 || signature.length !== 64) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, publicBytes]), format: 'der', type: 'spki' });
  return verify(null, bytes, key, signature);
}
