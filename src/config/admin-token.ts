import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { UsageError } from '../domain/errors.js';
import { isMissingFile } from '../domain/missing-file.js';

/** Bytes of chance in a token that is made here. */
const TOKEN_BYTES = 24;

/**
 * Makes a token and writes it into `<home>/secrets.yaml`, beside what stands there. Answers the token and the file. Throws UsageError
 * where the file cannot be written.
 */
export function makeAdminToken(home: string): { token: string; file: string } {
  const file = join(home, 'secrets.yaml');
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  try {
    const document = parseDocument(readIfThere(file));
    document.setIn(['admin', 'token'], token);
    writeFileSync(file, document.toString(), { mode: 0o600 });
    chmodSync(file, 0o600);
  } catch (cause) {
    throw new UsageError('admin-token', `admin.listen is not this machine alone, and no admin.token is set`, {
      hint: `One would have been made in ${file}, but: ${cause instanceof Error ? cause.message : String(cause)}. Set TAMIZDAT_ADMIN_TOKEN, or listen on 127.0.0.1.`,
      cause,
    });
  }
  return { token, file };
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissingFile(error)) return '';
    throw error;
  }
}
