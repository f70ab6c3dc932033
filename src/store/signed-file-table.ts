import type { Db } from './database.js';

/** A small signed file of the tree. `name` is what it is a version of: a role, or a target's path. */
export interface SignedFile {
  /** Under the repository's folder. */
  path: string;
  name: string;
  version: number;
  bytes: Buffer;
}

/** The signed files of the tree, as they were signed: none is ever signed twice under one version. */
export function createSignedFileTable(db: Db) {
  const current = db.prepare<[string], SignedFile>(
    'SELECT path, name, version, bytes FROM signed_file WHERE name = ? ORDER BY version DESC LIMIT 1',
  );
  const first = db.prepare<[string], SignedFile>(
    'SELECT path, name, version, bytes FROM signed_file WHERE name = ? ORDER BY version LIMIT 1',
  );
  const put = db.prepare(
    `INSERT INTO signed_file (path, name, version, bytes, stored_at) VALUES (@path, @name, @version, @bytes, @at)
     ON CONFLICT (path) DO UPDATE SET version = excluded.version, bytes = excluded.bytes, stored_at = excluded.stored_at,
       superseded_at = NULL, written = 0`,
  );
  const supersede = db.prepare(
    'UPDATE signed_file SET superseded_at = ? WHERE name = ? AND path <> ? AND superseded_at IS NULL',
  );
  const unwritten = db.prepare<[], SignedFile>(
    'SELECT path, name, version, bytes FROM signed_file WHERE written = 0 ORDER BY name, version',
  );
  const written = db.prepare('UPDATE signed_file SET written = 1 WHERE path = ?');
  const rewrite = db.prepare('UPDATE signed_file SET written = 0');
  const old = db.prepare<[number], { path: string }>(
    "SELECT path FROM signed_file WHERE superseded_at < ? AND name <> 'root'",
  );
  const drop = db.prepare('DELETE FROM signed_file WHERE path = ?');

  return {
    /** The oldest version that is kept; of root that is the first there was. */
    first: (name: string): SignedFile | null => first.get(name) ?? null,
    current: (name: string): SignedFile | null => current.get(name) ?? null,
    put: (file: SignedFile, at: number): void => {
      put.run({ ...file, at });
      supersede.run(at, file.name, file.path);
    },
    unwritten: (): SignedFile[] => unwritten.all(),
    setWritten: (path: string): void => {
      written.run(path);
    },
    /** The tree on disk was lost: every file is written again. */
    rewriteAll: (): void => {
      rewrite.run();
    },
    /** Paths of files that a newer version took the place of before `at`; the roots are kept for ever. */
    supersededBefore: (at: number): string[] => old.all(at).map(({ path }) => path),
    drop: (path: string): void => {
      drop.run(path);
    },
  };
}
