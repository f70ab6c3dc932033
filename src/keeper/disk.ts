import { statSync } from 'node:fs';

const sizeOf = (file: string): number => {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
};

/** Bytes of a database with its log and index. */
export const databaseBytes = (file: string): number =>
  ['', '-wal', '-shm'].reduce((sum, ending) => sum + sizeOf(file + ending), 0);
