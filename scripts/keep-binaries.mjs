// Leaves in node_modules only what the bundle still loads from there: the packages with binaries, and what they need, each with the
// binary of this machine alone. Of the others the licenses stay. Plain JavaScript, run once while the image is built, on the machine
// that it is for or one made to seem it; `keep-binaries.mjs arm64` is for that one wherever it runs.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';

const modules = new URL('../node_modules/', import.meta.url);
const LOADED = ['better-sqlite3', 'sharp'];
const LICENSE = /^(?:licen[cs]e|notice|copying|package\.json)/i;

const kept = new Set();
function keep(name) {
  const manifest = new URL(`${name}/package.json`, modules);
  if (kept.has(name) || !existsSync(manifest)) return;
  kept.add(name);
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) keep(needed);
}
for (const name of LOADED) keep(name);

/** Removes what is no license; answers whether anything is left. */
function strip(folder) {
  let left = 0;
  for (const name of readdirSync(folder)) {
    const path = new URL(name, folder);
    const isKept = statSync(path).isDirectory() ? strip(new URL(`${name}/`, folder)) : LICENSE.test(name);
    if (isKept) left += 1;
    else rmSync(path, { recursive: true });
  }
  return left > 0;
}

for (const name of readdirSync(modules)) {
  const folder = new URL(`${name}/`, modules);
  const names = name.startsWith('@') ? readdirSync(folder).map((one) => `${name}/${one}`) : [name];
  for (const one of names) if (!kept.has(one) && !one.startsWith('.')) strip(new URL(`${one}/`, modules));
}

// SQLite's package brings a binary for each system; the image's is Debian, whose C library has no second name.
const machine = process.argv[2] ?? process.arch;
const prebuilds = new URL('better-sqlite3/prebuilds/', modules);
const own = `linux-${machine}.node`;
if (!readdirSync(prebuilds).includes(own)) throw new Error(`better-sqlite3 brings no binary ${own}`);
for (const name of readdirSync(prebuilds)) if (name !== own) rmSync(new URL(name, prebuilds));
for (const name of ['deps', 'src', 'binding.gyp'])
  rmSync(new URL(`better-sqlite3/${name}`, modules), { recursive: true, force: true });
