import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

const LEAVES = [
  'config',
  'observe',
  'fetch',
  'parse',
  'extract',
  'sanitize',
  'media',
  'store',
  'render',
  'sign',
  'files',
] as const;

/** Imports only go down: each room, and the rooms it may import. A new room starts as a row here. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ...Object.fromEntries(LEAVES.map((room) => [room, ['domain']])),
  // Showing cuts texts at the sanitizer's own seams; `node` hands it in, so the map needs no import of it.
  site: ['domain', 'render', 'store', 'sign'],
  // What the keeper sees and hears: status, page, mail, doctor.
  keeper: ['domain', 'safety', ...LEAVES],
  publish: ['domain', 'site', ...LEAVES],
  replicate: ['domain', 'site', ...LEAVES],
  sync: ['domain', 'site', ...LEAVES],
  serve: ['domain', 'site', ...LEAVES],
  safety: ['domain', ...LEAVES],
  demo: ['domain'],
  cli: [
    'domain',
    'site',
    'sync',
    'serve',
    'publish',
    'replicate',
    'safety',
    'demo',
    'keeper',
    'node',
    ...LEAVES,
  ],
  node: ['domain', 'site', 'sync', 'serve', 'publish', 'replicate', 'safety', 'demo', 'keeper', ...LEAVES],
  main: ['domain', 'cli', 'node', ...LEAVES],
};

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

/** The files of ours that `file` imports at its start, those for types alone too unless `running` is said. */
function importsOf(file: string, running = false): string[] {
  const imports = [
    ...readFileSync(file, 'utf8').matchAll(/^(?:import|export) (type )?(?:[^'";]*?from )?'(\.[^']+)'/gm),
  ];
  return imports
    .filter(([, types]) => !running || types === undefined)
    .map(([, , from = '']) => resolve(dirname(file), from.replace(/\.js$/, '.ts')))
    .map((path) => (existsSync(path) ? path : `${path}x`));
}

const roomOf = (path: string): string => (relative(src, path).split('/')[0] ?? '').replace(/\.[jt]sx?$/, '');

describe('architecture', () => {
  const files = sources(src);

  it('has a row in the import table for every room', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
  });

  it('lets imports only go down', () => {
    const wrong: string[] = [];
    for (const file of files) {
      const room = roomOf(file);
      for (const [, specifier] of readFileSync(file, 'utf8').matchAll(
        /(?:from|import)\s*\(?\s*'(\.[^']+)'/g,
      )) {
        const target = roomOf(resolve(dirname(file), specifier ?? ''));
        if (target !== room && !MAY_IMPORT[room]?.includes(target)) {
          wrong.push(`${relative(src, file)} imports ${specifier}: ${room} may not import ${target}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('lets no file import itself by way of others, for its types either', () => {
    const wrong: string[] = [];
    const done = new Set<string>();
    const follow = (file: string, trail: readonly string[]): void => {
      const at = trail.indexOf(file);
      if (at >= 0) wrong.push([...trail.slice(at), file].map((path) => relative(src, path)).join(' -> '));
      if (at >= 0 || done.has(file)) return;
      for (const target of importsOf(file)) follow(target, [...trail, file]);
      done.add(file);
    };
    for (const file of files) follow(file, []);
    expect(wrong).toEqual([]);
  });

  it('keeps clients, extractors, sanitizers and encoders out of what a serving process loads at its start', () => {
    const loaded = new Set<string>();
    const load = (file: string): void => {
      if (loaded.has(file)) return;
      loaded.add(file);
      for (const target of importsOf(file, true)) load(target);
    };
    for (const start of ['main.ts', 'cli/serve.ts', 'node.ts']) load(join(src, start));
    expect(loaded.size).toBeGreaterThan(100);
    const rooms = new Set([...loaded].map(roomOf));
    expect(['fetch', 'parse', 'extract', 'demo'].filter((room) => rooms.has(room))).toEqual([]);
    const heavy = ['undici', 'sharp', 'linkedom', '@mozilla', 'sanitize-html', 'nodemailer', 'robots-parser'];
    const texts = [...loaded].map((file) => readFileSync(file, 'utf8'));
    const importing = (name: string): boolean => texts.some((text) => text.includes(`from '${name}`));
    expect(heavy.filter(importing)).toEqual([]);
  });
});
