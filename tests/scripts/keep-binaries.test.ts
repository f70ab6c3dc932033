import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/keep-binaries.mjs', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tamizdat-binaries-'));
  mkdirSync(join(folder, 'scripts'));
  cpSync(SCRIPT, join(folder, 'scripts', 'keep-binaries.mjs'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (file: string) => join(folder, 'node_modules', file);
function write(file: string, text = 'x'): void {
  mkdirSync(dirname(at(file)), { recursive: true });
  writeFileSync(at(file), text);
}
const isThere = (file: string) => existsSync(at(file));

/** As `npm ci` lays it out on a machine of that kind: SQLite's binaries all in one package, sharp's one for each system. */
function install(machine: string): void {
  const sharp = { optionalDependencies: { '@img/sharp-linux-x64': '1', '@img/sharp-linux-arm64': '1' } };
  write('sharp/package.json', JSON.stringify({ ...sharp, dependencies: { 'detect-libc': '2' } }));
  write('sharp/lib/index.js');
  write('detect-libc/package.json', '{}');
  write('detect-libc/lib.js');
  write(
    `@img/sharp-linux-${machine}/package.json`,
    JSON.stringify({ optionalDependencies: { [`@img/sharp-libvips-linux-${machine}`]: '1' } }),
  );
  write(`@img/sharp-linux-${machine}/lib/sharp.node`);
  write(`@img/sharp-libvips-linux-${machine}/package.json`, '{}');
  write(`@img/sharp-libvips-linux-${machine}/lib/libvips.so`);
  write('better-sqlite3/package.json', '{}');
  write('better-sqlite3/lib/index.js');
  write('better-sqlite3/deps/sqlite3.c');
  for (const system of ['linux-x64', 'linux-arm64', 'linuxmusl-arm64', 'darwin-arm64'])
    write(`better-sqlite3/prebuilds/${system}.node`);
  write('hono/package.json', '{}');
  write('hono/LICENSE');
  write('hono/dist/index.js');
}
const keep = (machine: string) =>
  spawnSync(process.execPath, [join(folder, 'scripts', 'keep-binaries.mjs'), machine], { encoding: 'utf8' });

describe('what the image keeps of node_modules', () => {
  it.each(['x64', 'arm64'])('is the binaries for the machine it is built for: %s', (machine) => {
    install(machine);
    expect(keep(machine)).toMatchObject({ status: 0, stderr: '' });
    expect(isThere(`better-sqlite3/prebuilds/linux-${machine}.node`)).toBe(true);
    for (const other of ['linux-x64', 'linux-arm64', 'linuxmusl-arm64', 'darwin-arm64'])
      expect(isThere(`better-sqlite3/prebuilds/${other}.node`)).toBe(other === `linux-${machine}`);
    expect(isThere(`@img/sharp-linux-${machine}/lib/sharp.node`)).toBe(true);
    expect(isThere(`@img/sharp-libvips-linux-${machine}/lib/libvips.so`)).toBe(true);
  });

  it('is what those need, and the licenses of the rest', () => {
    install('arm64');
    keep('arm64');
    for (const file of [
      'sharp/lib/index.js',
      'detect-libc/lib.js',
      'better-sqlite3/lib/index.js',
      'hono/LICENSE',
    ])
      expect([file, isThere(file)]).toEqual([file, true]);
    for (const file of ['hono/dist/index.js', 'better-sqlite3/deps/sqlite3.c'])
      expect([file, isThere(file)]).toEqual([file, false]);
  });

  it('is refused for a machine that no binary is made for', () => {
    install('x64');
    const { status, stderr } = keep('riscv64');
    expect(status).not.toBe(0);
    expect(stderr).toContain('better-sqlite3 brings no binary linux-riscv64.node');
    expect(isThere('better-sqlite3/prebuilds/linux-x64.node')).toBe(true);
  });
});
