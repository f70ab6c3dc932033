import { createHash } from 'node:crypto';
import { TamizdatError } from '../domain/errors.js';
import { type SigningKey, signBytes, verifyBytes } from './ed25519.js';

/** C2SP signed-note: the algorithm byte of Ed25519. */
const ED25519 = 0x01;
/** C2SP signed-note asks for a bound; ours carry one signature, two while a key changes. */
const MOST_SIGNATURES = 16;

/** A key that notes are checked with: `<name>+<key id in hex>+<base64 of 0x01 and the 32 bytes>` in C2SP's written form. */
export interface NoteVerifier {
  name: string;
  publicBytes: Uint8Array;
}

export interface NoteSignature {
  name: string;
  /** 4 bytes. */
  keyId: Buffer;
  signature: Buffer;
}

export interface Note {
  /** What is signed, its last newline included. */
  text: string;
  signatures: readonly NoteSignature[];
}

/** First 4 bytes of SHA-256 of name, newline, 0x01, public key. */
export const noteKeyId = ({ name, publicBytes }: NoteVerifier): Buffer =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([ED25519]))
    .update(publicBytes)
    .digest()
    .subarray(0, 4);

export const writeVerifierKey = (verifier: NoteVerifier): string =>
  `${verifier.name}+${noteKeyId(verifier).toString('hex')}+${Buffer.concat([Buffer.from([ED25519]), verifier.publicBytes]).toString('base64')}`;

/** Null for what is no Ed25519 verifier key, or one whose id is not its own. */
export function parseVerifierKey(text: string): NoteVerifier | null {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(text) ?? [];
  if (name === undefined || id === undefined || encoded === undefined) return null;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== 33 || bytes[0] !== ED25519) return null;
  const verifier = { name, publicBytes: bytes.subarray(1) };
  return noteKeyId(verifier).toString('hex') === id ? verifier : null;
}

/** Signs `text`, which must end in a newline, under `name`. */
export function writeNote(text: string, name: string, ...keys: readonly SigningKey[]): string {
  if (!isNoteText(text) || !isKeyName(name)) {
    throw new TamizdatError('bad-note', 'a note is lines of text under a name without spaces');
  }
  const lines = keys.map((key) => {
    const id = noteKeyId({ name, publicBytes: key.publicBytes });
    const value = Buffer.concat([id, signBytes(key, Buffer.from(text, 'utf8'))]).toString('base64');
    return `— ${name} ${value}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** A note's text and signatures, unchecked; null for what has not the form of C2SP signed-note. */
export function parseNote(note: string): Note | null {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  if (!isNoteText(text) || lines.length > MOST_SIGNATURES) return null;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const [, name, encoded] = /^— (\S+) ([A-Za-z0-9+/]+=*)$/u.exec(line) ?? [];
    if (name === undefined || encoded === undefined || !isKeyName(name)) return null;
    const bytes = Buffer.from(encoded, 'base64');
    if (bytes.length < 5 || bytes.toString('base64') !== encoded) return null;
    signatures.push({ name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) });
  }
  return { text, signatures };
}

/** The note's text where `verifier` signed it, else null. Signatures of other keys are passed over, as C2SP asks. */
export function verifyNote(note: string, verifier: NoteVerifier): string | null {
  const parsed = parseNote(note);
  if (parsed === null) return null;
  const id = noteKeyId(verifier);
  const own = parsed.signatures.filter(({ name, keyId }) => name === verifier.name && keyId.equals(id));
  const bytes = Buffer.from(parsed.text, 'utf8');
  const good =
    own.length === 1 && own.every((one) => verifyBytes(verifier.publicBytes, bytes, one.signature));
  return good ? parsed.text : null;
}

const isKeyName = (name: string): boolean => name !== '' && !/[\s+]/u.test(name);

const isNoteText = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: C2SP signed-note forbids exactly these
  text.endsWith('\n') && !/[\u0000-\u0009\u000b-\u001f\u007f\ufffd]|\p{Surrogate}/u.test(text);
