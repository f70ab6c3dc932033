import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of rigs that need more than a process, which is not part of the repository; null where it is absent. */
export function rigsDir(): string | null {
  const dir = process.env.TAMIZDAT_RIGS ?? fileURLToPath(new URL('../../../shared/rigs', import.meta.url));
  return existsSync(dir) ? dir : null;
}
