// Loads the parts of the program, so that Node keeps them compiled in NODE_COMPILE_CACHE.
// Plain JavaScript, run once while the image is built; Node 22.10 and newer.
import { readdirSync } from 'node:fs';
import { flushCompileCache, getCompileCacheDir } from 'node:module';

if (getCompileCacheDir() === undefined) {
  console.error('Nothing would be kept: set NODE_COMPILE_CACHE to a folder that can be written.');
  process.exit(1);
}
const parts = new URL('../dist/parts/', import.meta.url);
// All but the program itself, which would start.
const names = readdirSync(parts).filter((name) => name.endsWith('.js') && name !== 'main.js');
for (const name of names) await import(new URL(name, parts).href);
flushCompileCache();
