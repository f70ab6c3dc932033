import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of real material for tests, which is not part of the repository; null where it is absent. */
export function corpusDir(): string | null {
  const dir =
    process.env.TAMIZDAT_CORPUS ?? fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
  return existsSync(dir) ? dir : null;
}
