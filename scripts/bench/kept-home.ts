import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { treeFingerprint } from '../../src/node/engine.js';
import { openTree } from '../../src/node.js';
import { SCHEMA } from '../../src/store/database.js';
import { FINGERPRINT } from '../../src/sync/sync.js';
import { type BenchHome, createBenchHome, untilEnded } from './bench-home.js';

/** Neither is measured there: a signed log and a backup of so many articles take minutes in the sync process, once. */
const ENV = { TAMIZDAT_DESK_ENABLED: 'false', TAMIZDAT_BACKUP_DAILY: 'false' };

/**
 * A bench's home with a database that takes minutes to fill: kept in the system's temporary folder under `name`, so that only the
 * first run of a schema waits for it. `fill` goes on where an earlier run was stopped.
 */
export async function keptHome(name: string, fill: (home: BenchHome) => void): Promise<BenchHome> {
  const keptIn = join(tmpdir(), `tamizdat-bench-${name}-schema${SCHEMA}`);
  const filled = join(keptIn, 'filled');
  mkdirSync(keptIn, { recursive: true });
  const home = await createBenchHome(2, { keptIn, env: ENV });
  try {
    const begun = existsSync(join(keptIn, 'tamizdat.sqlite'));
    if (begun) takeAsRendered(home);
    if (existsSync(filled)) {
      console.log(`kept from an earlier run: ${keptIn}`);
      return home;
    }
    if (!begun) await untilEnded(home.start(['sync', '--once', '--json']));
    const startedAt = performance.now();
    fill(home);
    writeFileSync(filled, '');
    console.log(`filled in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s: ${keptIn}`);
    return home;
  } catch (error) {
    await home.remove();
    throw error;
  }
}

/** Filled by another edition of the templates, all of it would be rendered again for hours. */
function takeAsRendered(home: BenchHome): void {
  const { store } = openTree(home.config, false);
  store.meta.put(FINGERPRINT, treeFingerprint(home.config));
  for (let dirty = store.dirty.next(); dirty !== null; dirty = store.dirty.next())
    store.dirty.clear(dirty.key);
  store.close();
}
