import { createHash } from 'node:crypto';
import type { DelegatedRole, Delegations, Role } from './tuf-metadata.js';

/** TUF 1.0.31, section 4.5: a pattern matches part by part between slashes, so that `*` never crosses one. */
function matchesPattern(path: string, pattern: string): boolean {
  const parts = path.split('/');
  const wanted = pattern.split('/');
  return parts.length === wanted.length && wanted.every((part, at) => globOf(part).test(parts[at] ?? ''));
}

function globOf(pattern: string): RegExp {
  const source = pattern.replace(/\[(!?)([^\]]+)\]|[\s\S]/g, (sign, not?: string, set?: string) => {
    if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replace(/[\\^[]/g, '\\$&')}]`;
    if (sign === '*') return '.*';
    if (sign === '?') return '.';
    return sign.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    return /^(?!)/;
  }
}

/** Whether `path` was given to this role: by pattern, or by the beginning of its SHA-256. */
export function isDelegatedPath(
  role: Pick<DelegatedRole, 'paths' | 'path_hash_prefixes'>,
  path: string,
): boolean {
  if (role.paths?.some((pattern) => matchesPattern(path, pattern)) === true) return true;
  if (role.path_hash_prefixes === undefined) return false;
  const digest = createHash('sha256').update(path, 'utf8').digest('hex');
  return role.path_hash_prefixes.some((prefix) => digest.startsWith(prefix));
}

/** The roles a path was given to, in the order that they are asked in. */
export function rolesFor(
  delegations: Delegations | undefined,
  path: string,
): { name: string; terminating: boolean }[] {
  if (delegations?.succinct_roles !== undefined) {
    const { bit_length, name_prefix } = delegations.succinct_roles;
    const head = createHash('sha256').update(path, 'utf8').digest().readUInt32BE(0);
    const bin = Math.floor(head / 2 ** (32 - bit_length));
    const digits = Math.ceil(bit_length / 4);
    return [{ name: `${name_prefix}-${bin.toString(16).padStart(digits, '0')}`, terminating: true }];
  }
  return (delegations?.roles ?? [])
    .filter((role) => isDelegatedPath(role, path))
    .map(({ name, terminating }) => ({ name, terminating }));
}

/** Who signs for a delegated role; null where this file delegates nothing to it. */
export function signerOf(delegations: Delegations | undefined, name: string): Role | null {
  const named = delegations?.roles?.find((role) => role.name === name);
  if (named !== undefined) return named;
  const succinct = delegations?.succinct_roles;
  if (succinct === undefined) return null;
  const digits = Math.ceil(succinct.bit_length / 4);
  const isBin = new RegExp(`^[0-9a-f]{${digits}}$`).test(name.slice(succinct.name_prefix.length + 1));
  return name.startsWith(`${succinct.name_prefix}-`) && isBin ? succinct : null;
}
