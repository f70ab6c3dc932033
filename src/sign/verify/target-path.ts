/** TUF 1.0.31, section 6.2: consistent snapshots have the hash before the file's own name. */
export function hashedPath(name: string, sha256: string): string {
  const slash = name.lastIndexOf('/') + 1;
  return `targets/${name.slice(0, slash)}${sha256}.${name.slice(slash)}`;
}
