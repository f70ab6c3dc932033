import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../domain/clock.js';
import { TamizdatError } from '../domain/errors.js';
import { faultPoint } from '../domain/fault-point.js';
import type { Log } from '../domain/log.js';
import { openDatabase } from '../store/database.js';
import {
  glanceAtDatabase,
  noteInMeta,
  noteRestored,
  problemsOfDatabase,
  salvage,
} from '../store/database-file.js';
import type { Store } from '../store/store.js';
import { automaticBackups } from './daily-backup.js';
import { DATABASE, DATABASE_PARTS } from './home-files.js';
import { unpackBackup } from './read-backup.js';
import { INCOMING } from './replace-files.js';

/** Stands in a home while its database is being rebuilt: a start that finds it goes on with that. */
const MARKER = 'rebuilding';
/** Single value of a database that was rebuilt: what happened, as JSON. */
const REBUILT = 'rebuilt';
/** Damaged databases that are kept, the newest: somebody may want to look into one, nobody into ten. */
const KEPT_DAMAGED = 2;

/** A database so small is read through at every start: some 50 ms. A larger one is looked through after the start. */
export const CHECKED_AT_START_BYTES = 32 * 2 ** 20;

const rebuiltSchema = z.object({
  at: z.number(),
  /** What was wrong. */
  reason: z.string(),
  /** Name of the automatic backup it came back from; null: it was begun anew. */
  from: z.string().nullable(),
  /** Where in the home the damaged one lies. */
  aside: z.string(),
});
export type Rebuilt = z.output<typeof rebuiltSchema>;

export interface MendDeps {
  home: string;
  /** Where the automatic backups are. */
  backups: string;
  clock: Clock;
  log: Log;
}

/**
 * What is wrong with a home's database; null where nothing is, or where there is none yet. `glance` looks at its first bytes, its
 * length and whether it opens; `quick` reads all of it.
 */
function faultOf(home: string, depth: 'glance' | 'quick'): string | null {
  const file = join(home, DATABASE);
  if (existsSync(join(home, MARKER))) return 'a rebuild was cut off';
  const seen = glanceAtDatabase(file);
  if (seen === 'missing') return null;
  if (seen !== null) return seen;
  if (depth === 'quick') return problemsOfDatabase(file, 'quick')[0] ?? null;
  try {
    openDatabase(file).close();
    return null;
  } catch (error) {
    if (error instanceof TamizdatError && error.code === 'database-damaged') return error.message;
    throw error;
  }
}

/**
 * Looks at a home's database and, where it is damaged, sets it aside and puts another in its place: the newest automatic backup that
 * is whole, else an empty one; publishers and peers bring the rest. Answers what it did, null where nothing was wrong. Call it under
 * the writer's lock. Throws what the file system throws where even that cannot be done: the damaged database is then still there.
 */
export async function mendDatabase(deps: MendDeps, depth: 'glance' | 'quick'): Promise<Rebuilt | null> {
  const { home, clock, log } = deps;
  const reason = faultOf(home, depth);
  if (reason === null) return null;
  log.error('database-damaged', { reason });
  const incoming = join(home, INCOMING);
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { recursive: true, mode: 0o700 });
  const from = await newestWhole(deps);
  const next = join(incoming, DATABASE);
  if (from === null) openDatabase(next).close();
  const aside = asideName(clock.now());
  const rebuilt: Rebuilt = { at: clock.now(), reason, from, aside };
  noteInMeta(next, REBUILT, JSON.stringify(rebuilt));
  writeFileSync(join(home, MARKER), '', { mode: 0o600 });
  faultPoint('mend:before-aside');
  for (const part of DATABASE_PARTS) {
    const suffix = part.slice(DATABASE.length);
    if (existsSync(join(home, part))) renameSync(join(home, part), join(home, aside + suffix));
  }
  faultPoint('mend:aside');
  const salvaged = salvage(join(home, aside), next);
  renameSync(next, join(home, DATABASE));
  rmSync(join(home, MARKER));
  rmSync(incoming, { recursive: true, force: true });
  dropOldDamaged(home);
  log.warn('database-rebuilt', {
    from: from ?? 'nothing: publishers and peers bring it back',
    aside,
    salvaged,
  });
  return rebuilt;
}

/** Unpacks the newest automatic backup that is whole into `incoming`; answers its name, null where there is none. */
async function newestWhole({ home, backups, clock, log }: MendDeps): Promise<string | null> {
  const incoming = join(home, INCOMING);
  for (const { file } of automaticBackups(backups)) {
    try {
      const manifest = await unpackBackup(file, incoming);
      noteRestored(join(incoming, DATABASE), { at: clock.now(), from: file, created: manifest.created });
      return basename(file);
    } catch (error) {
      log.warn('backup-passed-over', { file: basename(file), reason: String(error) });
      rmSync(incoming, { recursive: true, force: true });
      mkdirSync(incoming, { mode: 0o700 });
    }
  }
  return null;
}

const asideName = (at: number): string =>
  `${DATABASE}.damaged-${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;

function dropOldDamaged(home: string): void {
  const sets = readdirSync(home)
    .filter((name) => /\.damaged-\d{8}T\d{6}Z$/.test(name))
    .sort()
    .reverse();
  for (const name of sets.slice(KEPT_DAMAGED))
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(home, name + suffix), { force: true });
}

/** For whoever shows how the node is: that its database was rebuilt, as long as the damaged one still lies in the home. */
export function rebuiltNote(meta: Pick<Store['meta'], 'get'>, home: string): Rebuilt | null {
  const text = meta.get(REBUILT);
  const rebuilt = text === null ? undefined : rebuiltSchema.safeParse(JSON.parse(text)).data;
  return rebuilt !== undefined && existsSync(join(home, rebuilt.aside)) ? rebuilt : null;
}

/** Bytes of a home's database with its log; 0 where there is none. */
export function databaseBytes(home: string): number {
  return DATABASE_PARTS.reduce((sum, part) => {
    const path = join(home, part);
    return sum + (existsSync(path) ? statSync(path).size : 0);
  }, 0);
}
