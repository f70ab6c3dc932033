import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskRoom } from './disk-room.js';

/** A file that only takes room: SQLite needs some 40 kB beside the database to open it at all, and a start writes a little more. */
const BALLAST = 'ballast';
const BALLAST_BYTES = 2 ** 20;

/** Lays the ballast where there is room; a start on a disk that has filled up since throws it off. Never throws. */
export function keepBallast(home: string): void {
  try {
    if (existsSync(join(home, BALLAST)) || diskRoom(home).state !== 'ok') return;
    writeFileSync(join(home, BALLAST), Buffer.alloc(BALLAST_BYTES, 1), { mode: 0o600 });
  } catch {
    dropBallast(home);
  }
}

/** Throws the ballast off where there is not even room to open the database. */
export function throwBallastOff(home: string): void {
  if (existsSync(join(home, BALLAST)) && diskRoom(home).freeBytes < BALLAST_BYTES) dropBallast(home);
}

function dropBallast(home: string): void {
  rmSync(join(home, BALLAST), { force: true });
}
