// Bundles src/ and the packages it uses into dist/. Plain JavaScript, so that it runs before anything else exists.
// Loaded file by file, a node reads some five hundred of them at its start: more than half of the processor time that a start takes.
import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const parts = fileURLToPath(new URL('../dist/parts/', import.meta.url));
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
/** What carries a binary, or may, is loaded from node_modules as it is. */
const BINARY = ['better-sqlite3', 'better-sqlite3-12', 'sharp', 'canvas'];

const { metafile } = await build({
  absWorkingDir: root,
  // The second is the thread that searches.
  entryPoints: ['src/main.ts', 'src/node/search-worker.ts'],
  outdir: 'dist/parts',
  // As deep as in src/, so that what is looked for relative to a file (package.json, data/) is found from either.
  entryNames: '[name]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: BINARY,
  // Packages of CommonJS ask for Node's own modules so.
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);",
  },
  // A crash is told by its place in src/: src/observe/source-place.ts.
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  logLevel: 'warning',
}).catch(() => process.exit(1));

writeFileSync(main, "#!/usr/bin/env node\nimport './parts/main.js';\n");
chmodSync(main, 0o755);

// Parts of earlier builds. Not before: a node that runs meanwhile still loads them.
const written = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
for (const name of readdirSync(parts)) if (!written.has(name)) rmSync(`${parts}${name}`, { recursive: true });
