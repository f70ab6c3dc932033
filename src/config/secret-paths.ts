import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../domain/errors.js';
import { isMissingFile } from '../domain/missing-file.js';

/** One secret address of this mirror: everything under `/<word>/`. One for each channel, so that one that leaked can be taken back alone. */
export interface SecretPath {
  /** The keeper's name for the channel it was given to. */
  name: string;
  /** The folder's name in the address. */
  word: string;
  /** ISO 8601. */
  addedAt: string;
}

export interface SecretPaths {
  /** False: the mirror answers at its open address too. It stays true when the last path is taken back. */
  quiet: boolean;
  paths: readonly SecretPath[];
}

const WORD = /^[A-Za-z0-9_-]{8,64}$/;
const NAME = /^[\p{L}\p{N} ._-]{1,40}$/u;

export const isSecretWord = (word: string): boolean => WORD.test(word);
export const isChannelName = (name: string): boolean => NAME.test(name);

const contents = z.strictObject({
  quiet: z.boolean(),
  paths: z
    .array(
      z.strictObject({
        name: z.string().refine(isChannelName),
        word: z.string().refine(isSecretWord),
        addedAt: z.iso.datetime(),
      }),
    )
    .max(1_000),
});

export const secretPathsFile = (home: string): string => join(home, 'paths.json');

/**
 * The secret paths of a state folder; open and none where there is no file. Throws UsageError for a file that cannot be read: a
 * node that then answered openly would betray its address.
 */
export function readSecretPaths(home: string): SecretPaths {
  const file = secretPathsFile(home);
  try {
    return contents.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    if (isMissingFile(cause)) return { quiet: false, paths: [] };
    throw new UsageError('secret-paths', `${file} cannot be read as this mirror's secret paths`, {
      hint: 'Restore it from a backup, or delete it: the mirror then answers openly at / until `tamizdat paths add`.',
      cause,
    });
  }
}

/** Writes beside the file and renames; a running node looks at the file twice a second. */
export function writeSecretPaths(home: string, paths: SecretPaths): void {
  const file = secretPathsFile(home);
  writeFileSync(`${file}.new`, `${JSON.stringify(paths, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
