import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesToKeep } from '../../src/safety/home-files.js';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tamizdat-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

describe('what a backup keeps of a home', () => {
  it('is the configuration, and the keys where they are asked for', () => {
    mkdirSync(join(home, 'keys'));
    writeFileSync(join(home, 'keys', 'root.pem'), '');
    writeFileSync(join(home, 'config.yaml'), '');
    expect(filesToKeep(home, false)).toEqual(['config.yaml']);
    expect(filesToKeep(home, true)).toEqual(['config.yaml', 'keys/root.pem']);
  });

  it('is refused where the keys cannot be listed, instead of leaving them out', () => {
    writeFileSync(join(home, 'keys'), 'a file stands in the place of the folder');
    expect(() => filesToKeep(home, true)).toThrow(/ENOTDIR/);
  });
});
