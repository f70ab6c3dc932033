import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { TamizdatError } from '../domain/errors.js';
import { SCHEMA } from '../store/database.js';
import { problemsOfDatabase } from '../store/database-file.js';
import { type BackupManifest, MANIFEST, parseManifest } from './backup-manifest.js';
import { DATABASE, isBackupName } from './home-files.js';
import { BLOCK, padding, readTarHead, type TarEntry } from './tar.js';

const MOST_MANIFEST_BYTES = 4 * 2 ** 20;

/**
 * Unpacks a backup into an empty folder and checks all of it: that it is one, that every file has the bytes its manifest says, that
 * this version knows its schema, that its database is whole. Throws `backup-unreadable`, `backup-damaged` or `backup-newer`; what it
 * had unpacked by then is the caller's to remove.
 */
export async function unpackBackup(
  file: string,
  folder: string,
  onProgress: (doneBytes: number, totalBytes: number) => void = () => {},
): Promise<BackupManifest> {
  const blocks = createBlocks(file);
  try {
    const manifest = await readManifest(blocks);
    if (manifest.schema > SCHEMA)
      throw new TamizdatError(
        'backup-newer',
        `the backup was made by a newer version of this program (${manifest.program}, schema ${manifest.schema})`,
        { hint: `This version knows schema ${SCHEMA}. Upgrade first, then restore.` },
      );
    const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
    let done = 0;
    for (const expected of manifest.files) {
      const entry = await blocks.head();
      if (entry?.name !== expected.name || entry.bytes !== expected.bytes || !isBackupName(entry.name))
        throw damaged(`${expected.name} is not where its list of contents says`);
      const sha256 = await blocks.unpack(entry, join(folder, entry.name), (bytes) => {
        done += bytes;
        onProgress(done, total);
      });
      if (sha256 !== expected.sha256) throw damaged(`${expected.name} has other bytes than were saved`);
    }
    if (!manifest.files.some(({ name }) => name === DATABASE)) throw damaged('it holds no database');
    const [problem] = problemsOfDatabase(join(folder, DATABASE), 'full');
    if (problem !== undefined) throw damaged(`its database is not whole: ${problem}`);
    return manifest;
  } finally {
    await blocks.close();
  }
}

const damaged = (what: string, cause?: unknown): TamizdatError =>
  new TamizdatError('backup-damaged', `the backup is damaged or was altered: ${what}`, {
    hint: 'Nothing was changed. Try an older one.',
    cause,
  });

async function readManifest(blocks: Blocks): Promise<BackupManifest> {
  const entry = await blocks.head();
  const manifest =
    entry?.name !== MANIFEST || entry.bytes > MOST_MANIFEST_BYTES
      ? null
      : parseManifest((await blocks.take(entry)).toString('utf8'));
  if (manifest === null) throw damaged('it does not begin with a list of contents that this version knows');
  return manifest;
}

type Blocks = ReturnType<typeof createBlocks>;

/** A gzipped tar file, read from its beginning to its end, once. */
function createBlocks(file: string) {
  const stream = createReadStream(file);
  const unzipped = stream.pipe(createGunzip());
  stream.on('error', (error) => unzipped.destroy(error));
  const parts = unzipped[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);

  async function more(): Promise<boolean> {
    try {
      const next = await parts.next();
      if (next.done) return false;
      rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
      return true;
    } catch (cause) {
      const { code = '', message } = cause as NodeJS.ErrnoException;
      if (!code.startsWith('E')) throw damaged(message, cause);
      throw new TamizdatError('backup-unreadable', `cannot read ${file}: ${message}`, {
        hint: 'Give the path of a file that `tamizdat backup` made.',
        cause,
      });
    }
  }

  /** The next `bytes`, in one piece. */
  async function exactly(bytes: number): Promise<Buffer> {
    while (rest.length < bytes) if (!(await more())) throw damaged('it ends too soon');
    const taken = rest.subarray(0, bytes);
    rest = rest.subarray(bytes);
    return taken;
  }

  async function write(entry: TarEntry, out: FileHandle, onBytes: (bytes: number) => void): Promise<string> {
    const hash = createHash('sha256');
    for (let left = entry.bytes; left > 0; ) {
      if (rest.length === 0 && !(await more())) throw damaged('it ends too soon');
      const part = await exactly(Math.min(left, rest.length));
      hash.update(part);
      await out.writeFile(part);
      left -= part.length;
      onBytes(part.length);
    }
    await exactly(padding(entry.bytes));
    await out.sync();
    return hash.digest('hex');
  }

  return {
    head: async (): Promise<TarEntry | null> => readTarHead(await exactly(BLOCK)),
    take: async (entry: TarEntry): Promise<Buffer> => {
      const taken = await exactly(entry.bytes);
      await exactly(padding(entry.bytes));
      return taken;
    },
    /** Writes an entry's contents to `path`; answers their SHA-256. */
    unpack: async (entry: TarEntry, path: string, onBytes: (bytes: number) => void): Promise<string> => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const out = await open(path, 'wx', 0o600);
      try {
        return await write(entry, out, onBytes);
      } finally {
        await out.close();
      }
    },
    close: async (): Promise<void> => {
      stream.destroy();
      unzipped.destroy();
      await parts.return?.();
    },
  };
}
