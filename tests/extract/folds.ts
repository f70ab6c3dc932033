import { createHash } from 'node:crypto';

export const FOLDS = 5;

/** Second-level labels under which names are registered, as in `example.co.uk`. */
const SECOND_LEVEL = /^(?:ac|co|com|edu|gob|gov|gv|net|ne|nom|or|org)$/;

/** The name somebody registered: `example.co.uk` of `www.example.co.uk`. */
export function registrableDomain(url: string): string {
  const labels = new URL(url).hostname.split('.');
  const size = labels.length > 2 && SECOND_LEVEL.test(labels.at(-2) ?? '') ? 3 : 2;
  return labels.slice(-size).join('.');
}

/**
 * Which fifth of the corpus a page belongs to: SHA-256 of its registrable domain, first four bytes, modulo five.
 * A page is only ever scored by weights fitted on the other four, so no publisher helps to judge itself. Fixed before the
 * first weight was fitted; the domains themselves are the corpus's and are not listed here.
 */
export function foldOf(url: string): number {
  return createHash('sha256').update(registrableDomain(url), 'utf8').digest().readUInt32BE(0) % FOLDS;
}
