import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Clock } from '../domain/clock.js';
import { TamizdatError } from '../domain/errors.js';
import { faultPoint } from '../domain/fault-point.js';
import { makeFolder } from '../files/make-folder.js';
import { contentsOfDatabase, copyDatabase, problemsOfDatabase } from '../store/database-file.js';
import { type BackupManifest, MANIFEST } from './backup-manifest.js';
import { DATABASE, filesToKeep } from './home-files.js';
import { padding, TAR_END, tarHead } from './tar.js';

export interface BackupOptions {
  home: string;
  /** The file to write; its folder is made where there is none. */
  target: string;
  /** Whether keys and secrets.yaml go in. */
  withKeys: boolean;
  program: string;
  clock: Clock;
  /** Bytes done of all: the database counts twice, for copying it and for packing it. */
  onProgress?: (done: number, total: number) => void;
}

export interface BackupSummary {
  file: string;
  bytes: number;
  manifest: BackupManifest;
}

/** Of zlib's levels the quickest: pages and pictures are compressed already, texts shrink well with any. */
const GZIP_LEVEL = 1;

/**
 * Writes everything a node holds as one file: a gzipped tar with `manifest.json` first. The database is taken as it is at one moment,
 * while the node goes on. The file appears under its name only when it is whole and on the disk; killed before, it leaves what stood
 * there and two files that end in `.part`. Needs room for the database and for the backup. Throws `backup-source-damaged` where the
 * copy is not whole, SQLite's and the system's errors as they are.
 */
export async function writeBackup(options: BackupOptions): Promise<BackupSummary> {
  const { home, target, withKeys, program, clock } = options;
  const database = join(home, DATABASE);
  const copy = `${target}.database.part`;
  const packed = `${target}.part`;
  makeFolder(dirname(target), 0o700);
  const drop = (): void => {
    for (const part of [copy, `${copy}-journal`, packed]) rmSync(part, { force: true });
  };
  drop();
  try {
    const size = statSync(database).size;
    const tell = (done: number): void => options.onProgress?.(Math.min(done, 2 * size), 2 * size);
    await copyDatabase(database, copy, (done, total) => tell((done / total) * size));
    faultPoint('backup:database-copied');
    const problems = problemsOfDatabase(copy, 'quick');
    if (problems.length > 0)
      throw new TamizdatError('backup-source-damaged', `the database is damaged: ${problems[0]}`, {
        hint: 'Nothing was written. Restart the node: it sets a damaged database aside and rebuilds it.',
      });
    const sources = [
      { name: DATABASE, path: copy },
      ...filesToKeep(home, withKeys).map((name) => ({ name, path: join(home, name) })),
    ];
    const files = [];
    for (const { name, path } of sources) files.push({ name, ...(await measure(path)) });
    const manifest: BackupManifest = {
      format: 'tamizdat-backup',
      v: 1,
      program,
      ...contentsOfDatabase(copy),
      created: new Date(clock.now()).toISOString(),
      keys: withKeys,
      files,
    };
    const paths = sources.map(({ path }) => path);
    await pipeline(
      Readable.from(tarOf(manifest, paths, clock.now(), (packedBytes) => tell(size + packedBytes))),
      createGzip({ level: GZIP_LEVEL }),
      createWriteStream(packed, { mode: 0o600 }),
    );
    faultPoint('backup:packed');
    await settle(packed, target);
    return { file: target, bytes: statSync(target).size, manifest };
  } finally {
    drop();
  }
}

async function measure(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(part);
    bytes += part.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function* tarOf(
  manifest: BackupManifest,
  paths: readonly string[],
  atMs: number,
  onBytes: (done: number) => void,
): AsyncGenerator<Buffer> {
  const first = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  yield tarHead({ name: MANIFEST, bytes: first.length }, atMs);
  yield Buffer.concat([first, Buffer.alloc(padding(first.length))]);
  let done = 0;
  for (const [index, { name, bytes }] of manifest.files.entries()) {
    yield tarHead({ name, bytes }, atMs);
    let read = 0;
    for await (const part of createReadStream(paths[index] ?? '') as AsyncIterable<Buffer>) {
      read += part.length;
      done += part.length;
      onBytes(done);
      yield part;
    }
    if (read !== bytes)
      throw new TamizdatError('backup-source-changed', `${name} changed while it was read`, {
        hint: 'Run it again.',
        retryable: true,
      });
    yield Buffer.alloc(padding(bytes));
  }
  yield TAR_END;
}

/** Puts a whole file in its place: its bytes are on the disk before its name is. */
async function settle(from: string, to: string): Promise<void> {
  const written = await open(from, 'r+');
  await written.sync();
  await written.close();
  renameSync(from, to);
  const folder = await open(dirname(to), 'r');
  await folder.sync();
  await folder.close();
}
