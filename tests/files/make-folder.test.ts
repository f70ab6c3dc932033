import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder } from '../../src/files/make-folder.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tamizdat-folder-'));
});

afterEach(() => rmSync(root, { recursive: true }));

it('makes the folders on the way, and takes one that is there for made', () => {
  const path = join(root, 'a', 'b');
  makeFolder(path, 0o700);
  makeFolder(path, 0o700);
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

it('takes no file for a folder', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => makeFolder(join(root, 'file'), 0o700)).toThrow('EEXIST');
  expect(() => makeFolder(join(root, 'file', 'under'), 0o700)).toThrow('ENOTDIR');
});

it('gives up where none can be made', () => {
  expect(() => makeFolder('/proc/nowhere/at/all', 0o700)).toThrow('ENOENT');
});
