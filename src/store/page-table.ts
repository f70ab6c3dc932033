import type { Db } from './database.js';

/** One document of the tree as it is served: rendered and compressed once. */
export interface StoredPage {
  path: string;
  groupKey: string;
  /** 200, 404 or 410. */
  status: number;
  type: string;
  /** Base64url of the first 12 bytes of SHA-256 over the uncompressed bytes. */
  etag: string;
  /** When these bytes first differed from what stood here before. */
  modifiedAt: number;
  /** Grows with every write to any page. */
  version: number;
  /** Holds the origin's stand-in, which the server puts its own address in place of. */
  absolute: boolean;
  rawBytes: number;
  gzip: Buffer;
  br: Buffer;
}

export type NewPage = Omit<StoredPage, 'version'>;

/** What a page weighs on the wire. */
export interface PageSize {
  path: string;
  gzipBytes: number;
  brBytes: number;
  rawBytes: number;
}

interface PageRow {
  path: string;
  group_key: string;
  status: number;
  type: string;
  etag: string;
  modified_at: number;
  version: number;
  absolute: number;
  raw_bytes: number;
  gzip_bytes: number;
  br_bytes: number;
  gzip: Buffer;
  br: Buffer;
}

const toPage = (row: PageRow): StoredPage => ({
  path: row.path,
  groupKey: row.group_key,
  status: row.status,
  type: row.type,
  etag: row.etag,
  modifiedAt: row.modified_at,
  version: row.version,
  absolute: row.absolute === 1,
  rawBytes: row.raw_bytes,
  gzip: row.gzip,
  br: row.br,
});

export function createPageTable(db: Db) {
  const byPath = db.prepare<[string], PageRow>('SELECT * FROM page WHERE path = ?');
  const etagOf = db.prepare<[string], { etag: string; status: number; group_key: string }>(
    'SELECT etag, status, group_key FROM page WHERE path = ?',
  );
  const put = db.prepare(
    `INSERT INTO page (path, group_key, status, type, etag, modified_at, version, absolute, raw_bytes, gzip_bytes, br_bytes, gzip, br)
     VALUES (@path, @groupKey, @status, @type, @etag, @modifiedAt, (SELECT coalesce(max(version), 0) + 1 FROM page), @absolute,
       @rawBytes, @gzipBytes, @brBytes, @gzip, @br)
     ON CONFLICT (path) DO UPDATE SET group_key = excluded.group_key, status = excluded.status, type = excluded.type,
       etag = excluded.etag, modified_at = excluded.modified_at, version = excluded.version, absolute = excluded.absolute,
       raw_bytes = excluded.raw_bytes, gzip_bytes = excluded.gzip_bytes, br_bytes = excluded.br_bytes,
       gzip = excluded.gzip, br = excluded.br`,
  );
  const pathsOf = db.prepare<[string], { path: string }>('SELECT path FROM page WHERE group_key = ?');
  const remove = db.prepare('DELETE FROM page WHERE path = ?');
  const sizeOf = db.prepare<[string], { gzip_bytes: number; br_bytes: number; raw_bytes: number }>(
    'SELECT gzip_bytes, br_bytes, raw_bytes FROM page WHERE path = ?',
  );
  const sizes = db.prepare<[], { path: string; gzip_bytes: number; br_bytes: number; raw_bytes: number }>(
    'SELECT path, gzip_bytes, br_bytes, raw_bytes FROM page ORDER BY max(gzip_bytes, br_bytes) DESC, path',
  );
  const since = db.prepare<[number], { path: string; version: number }>(
    'SELECT path, version FROM page WHERE version > ? ORDER BY version',
  );
  const newest = db.prepare<[], { version: number | null }>('SELECT max(version) AS version FROM page');
  const allPaths = db.prepare<[], { path: string }>('SELECT path FROM page ORDER BY path');

  return {
    get: (path: string): StoredPage | null => {
      const row = byPath.get(path);
      return row === undefined ? null : toPage(row);
    },
    /** What is known of a page without reading its bytes. */
    head: (path: string): { etag: string; status: number; groupKey: string } | null => {
      const row = etagOf.get(path);
      return row === undefined ? null : { etag: row.etag, status: row.status, groupKey: row.group_key };
    },
    put: (page: NewPage): void => {
      put.run({
        ...page,
        absolute: page.absolute ? 1 : 0,
        gzipBytes: page.gzip.length,
        brBytes: page.br.length,
      });
    },
    pathsOf: (groupKey: string): string[] => pathsOf.all(groupKey).map((row) => row.path),
    remove: (path: string): void => {
      remove.run(path);
    },
    size: (path: string): PageSize | null => {
      const row = sizeOf.get(path);
      return row === undefined
        ? null
        : { path, gzipBytes: row.gzip_bytes, brBytes: row.br_bytes, rawBytes: row.raw_bytes };
    },
    /** Every document, the heaviest first. */
    sizes: (): PageSize[] =>
      sizes.all().map((row) => ({
        path: row.path,
        gzipBytes: row.gzip_bytes,
        brBytes: row.br_bytes,
        rawBytes: row.raw_bytes,
      })),
    writtenSince: (version: number): { path: string; version: number }[] => since.all(version),
    newestVersion: (): number => newest.get()?.version ?? 0,
    allPaths: (): string[] => allPaths.all().map((row) => row.path),
  };
}
