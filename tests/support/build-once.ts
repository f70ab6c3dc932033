import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Tests that start whole nodes run `dist/main.js`: built once, before any of them. It takes a second. */
export default function buildOnce(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  if (process.env.TAMIZDAT_TEST_NO_BUILD !== undefined && existsSync(`${root}/dist/main.js`)) return;
  const built = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`npm run build failed:\n${built.stdout}${built.stderr}`);
}
