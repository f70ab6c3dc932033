// Says whether node_modules is what package-lock.json asks for and loads under the Node that runs this.
// Prints nothing and exits 0 when it is; prints `install: why` or `rebuild: why` and exits 1 when it is not.
// Plain JavaScript, so that it runs before anything is installed.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const root = new URL('../', import.meta.url);
// The release of SQLite that this Node runs: see src/store/sqlite.ts.
const SQLITE = Number(process.versions.napi) >= 10 ? 'better-sqlite3' : 'better-sqlite3-12';
const NATIVE = [SQLITE, 'sharp'];

function missingFrom(installed, wanted) {
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = installed[path];
    // Optional packages for another platform are rightly absent.
    if (found === undefined && entry.optional) continue;
    if (found === undefined) return `${path} is not installed`;
    if (found.version !== entry.version || found.integrity !== entry.integrity) {
      return `${path} is ${found.version}, the lock says ${entry.version}`;
    }
  }
  return null;
}

function answer(step, why) {
  console.log(`${step}: ${why}`);
  process.exit(1);
}

const readPackages = (name) => JSON.parse(readFileSync(new URL(name, root), 'utf8')).packages;
const wanted = readPackages('package-lock.json');
let installed = {};
try {
  installed = readPackages('node_modules/.package-lock.json');
} catch {
  answer('install', 'nothing is installed yet');
}
const missing = missingFrom(installed, wanted);
if (missing !== null) answer('install', missing);

// Binaries are made for one major version of Node and one platform: only loading them tells.
const require = createRequire(new URL('package.json', root));
for (const name of NATIVE) {
  try {
    const loaded = require(name);
    if (name === SQLITE) new loaded(':memory:').close();
  } catch (error) {
    if (installed[`node_modules/${name}`] === undefined) answer('install', `${name} is not installed`);
    answer('rebuild', `${name} does not load under Node ${process.version} (${error.code ?? error.name})`);
  }
}
