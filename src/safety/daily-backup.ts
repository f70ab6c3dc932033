import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import type { Store } from '../store/store.js';
import { diskRoom } from './disk-room.js';
import { DATABASE } from './home-files.js';
import { writeBackup } from './write-backup.js';

/** Automatic backups; those of other names are their keeper's and stay. */
const AUTOMATIC = /^tamizdat-auto-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.tar\.gz$/;
/** A little less than a day: passes start up to some minutes late, and each day's backup would come later than the last. */
const DAY_MS = 23.5 * 3_600_000;
/** Leftovers of a process that was killed while it packed. */
const STALE_PART_MS = 24 * 3_600_000;
/** Why the last automatic backup was not made, as JSON; empty where nothing hinders. */
const TROUBLE = 'backup-trouble';

export interface AutomaticBackup {
  file: string;
  at: number;
  bytes: number;
}

export interface BackupState {
  /** The newest automatic backup; null where there is none. */
  last: AutomaticBackup | null;
  /** Why the last one that was due could not be made; null where it was. */
  trouble: { at: number; reason: string } | null;
}

/** Automatic backups in `folder`, the newest first. */
export function automaticBackups(folder: string): AutomaticBackup[] {
  return namesIn(folder)
    .flatMap((name) => {
      const parts = AUTOMATIC.exec(name)?.slice(1).map(Number);
      if (parts === undefined) return [];
      const [year = 0, month = 1, ...rest] = parts;
      const file = join(folder, name);
      return [{ file, at: Date.UTC(year, month - 1, ...rest), bytes: statSync(file).size }];
    })
    .sort((a, b) => b.at - a.at);
}

/** For whoever shows how the node is. */
export function backupState(meta: Pick<Store['meta'], 'get'>, folder: string): BackupState {
  const trouble = meta.get(TROUBLE) ?? '';
  return {
    last: automaticBackups(folder)[0] ?? null,
    trouble: trouble === '' ? null : (JSON.parse(trouble) as { at: number; reason: string }),
  };
}

export interface DailyBackupDeps {
  home: string;
  folder: string;
  /** How many are kept. */
  keep: number;
  program: string;
  meta: Store['meta'];
  clock: Clock;
  log: Log;
  onProgress: (done: number, total: number) => void;
}

/**
 * Makes the day's backup where none of the last day is there, then drops the oldest beyond `keep`. Keys are never in it. Skipped, and
 * said, where the disk is low; a failure is said too and never ends a pass. Answers whether one was made. Under the writer's lock.
 */
export async function backUpDaily(deps: DailyBackupDeps): Promise<boolean> {
  const { folder, keep, meta, clock, log } = deps;
  const at = clock.now();
  clearStaleParts(folder, at);
  const [last] = automaticBackups(folder);
  // One from the future is of a clock that went wrong, and must not stop them for years.
  if (last !== undefined && at - last.at < DAY_MS && last.at <= at) return false;
  const say = (reason: string): void => {
    const before = backupState(meta, folder).trouble;
    if (before?.reason !== reason) log.warn('backup-skipped', { reason });
    meta.put(TROUBLE, JSON.stringify({ at: before?.reason === reason ? before.at : at, reason }));
  };
  const reason = lacksRoom(deps);
  if (reason !== null) {
    say(reason);
    return false;
  }
  try {
    const { file, bytes, manifest } = await writeBackup({
      home: deps.home,
      target: join(folder, nameAt(at)),
      withKeys: false,
      program: deps.program,
      clock,
      onProgress: deps.onProgress,
    });
    if (meta.get(TROUBLE) !== null) meta.put(TROUBLE, '');
    log.info('backup-made', { file: basename(file), bytes, articles: manifest.articles });
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return false;
  }
  for (const old of automaticBackups(folder).slice(keep)) rmSync(old.file, { force: true });
  return true;
}

/** The copy and the packed file need at most twice the database; the rest must stay for the node itself. */
function lacksRoom({ home, folder }: DailyBackupDeps): string | null {
  const needed = 2 * statSync(join(home, DATABASE)).size;
  const { freeBytes, state } = diskRoom(existsSync(folder) ? folder : home);
  if (state === 'ok' && freeBytes > needed) return null;
  return `the disk is low: ${Math.floor(freeBytes / 2 ** 20)} MiB are free, a backup may take ${Math.ceil(needed / 2 ** 20)} MiB`;
}

const nameAt = (at: number): string =>
  `tamizdat-auto-${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z.tar.gz`;

function clearStaleParts(folder: string, at: number): void {
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    if (name.endsWith('.part') && at - statSync(path).mtimeMs > STALE_PART_MS) rmSync(path, { force: true });
  }
}

/** None where there is no such folder, or none that can be read: writing into it then says so. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
