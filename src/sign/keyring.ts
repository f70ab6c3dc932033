import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { TamizdatError } from '../domain/errors.js';
import { createSigningKey, type SigningKey, signingKeyFromPem, signingKeyToPem } from './ed25519.js';

/** A private key and the file it lies in. */
export interface KeyInHand extends SigningKey {
  file: string;
}

/** Names of the key files that a new desk makes. Snapshot and timestamp share theirs. */
export const KEY_NAMES = ['root', 'targets', 'edition', 'mirrors', 'snapshot'] as const;
export type KeyName = (typeof KEY_NAMES)[number];

/** Every Ed25519 key in PEM files of these folders; folders that are not there hold none. Throws `key-unreadable`. */
export function readKeys(folders: readonly string[]): KeyInHand[] {
  return folders.flatMap((folder) => {
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith('.pem'))
      .sort()
      .map((name) => signingKeyAt(join(folder, name)));
  });
}

/** The key in this PEM file. Throws `key-unreadable`. */
export function signingKeyAt(file: string): KeyInHand {
  try {
    return { ...signingKeyFromPem(readFileSync(file, 'utf8')), file };
  } catch (cause) {
    throw new TamizdatError('key-unreadable', `${file} is no Ed25519 key that can be read`, {
      hint: 'Give it back its mode (chmod 600) and owner, or put a backup in its place.',
      cause,
    });
  }
}

/** Makes a key and keeps it as `<folder>/<name>.pem`, readable for this user only. Throws `key-exists` rather than overwrite one. */
export function makeKey(folder: string, name: string): KeyInHand {
  const key = createSigningKey();
  return { ...key, file: writeKey(folder, name, key) };
}

export function writeKey(folder: string, name: string, key: SigningKey): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${name}.pem`);
  if (existsSync(file)) {
    throw new TamizdatError('key-exists', `${file} is there already, and a key is never overwritten`, {
      hint: 'Name another folder, or move that file to a safe place first.',
    });
  }
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeSync(handle, signingKeyToPem(key));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return file;
}
