import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.js';
import { takeServingLock, takeWriterLock } from '../../src/store/writer-lock.js';
import { cli } from '../support/cli.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tamizdat-wipe-'));
  openDatabase(join(home, 'tamizdat.sqlite')).close();
  for (const folder of ['keys', 'backups', 'publishers', 'signed']) mkdirSync(join(home, folder));
  for (const file of [
    'keys/root.pem',
    'backups/tamizdat-auto-20260101T000000Z.tar.gz',
    'secrets.yaml',
    'config.yaml',
    'paths.json',
  ])
    writeFileSync(join(home, file), '# of this node\n');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));
const wipe = (stdin: string, ...more: string[]) => cli(['wipe', '--home', home, ...more], { stdin });

describe('wipe', () => {
  it('erases everything once the name of the folder is typed, and says what it cannot promise', async () => {
    const { code, stdout, stderr } = await wipe(`${basename(home)}\n`);
    expect([code, existsSync(home)]).toEqual([0, false]);
    expect(stderr).toContain('There is no way back');
    expect(stdout).toContain('SSD');
    expect(stdout).toContain('3 files of keys and secrets');
  });

  it('erases nothing when something else is typed, or nothing', async () => {
    const before = readdirSync(home).sort();
    for (const typed of ['yes\n', '', `${home}\n`]) {
      const { code, stderr } = await wipe(typed);
      expect(code).toBe(1);
      expect(stderr).toContain('nothing was erased');
      expect(readdirSync(home)).toEqual(expect.arrayContaining(before));
    }
    expect((await wipe('', '--yes-erase-everything', 'other')).code).toBe(1);
    expect(existsSync(join(home, 'keys/root.pem'))).toBe(true);
  });

  it('takes the name from a script, and answers it in JSON', async () => {
    const { code, stdout } = await wipe('', '--yes-erase-everything', basename(home), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ home, folder_gone: true, left: [] });
  });

  it('leaves what is not this program’s', async () => {
    writeFileSync(join(home, 'letter.txt'), 'somebody’s letter');
    const { stdout } = await wipe('', '--yes-erase-everything', basename(home));
    expect(readdirSync(home)).toEqual(['letter.txt']);
    expect(stdout).toContain('letter.txt');
  });

  it('touches nothing while a node runs, and no folder where none has been', async () => {
    for (const take of [
      () => takeServingLock(join(home, 'serving.lock')),
      () => takeWriterLock(join(home, 'writer.lock')),
    ]) {
      const lock = take();
      const { code, stderr } = await wipe('', '--yes-erase-everything', basename(home));
      lock.release();
      expect(code).toBe(1);
      expect(stderr).toMatch(/is running|is syncing/);
      expect(existsSync(join(home, 'keys/root.pem'))).toBe(true);
    }
    const other = mkdtempSync(join(tmpdir(), 'tamizdat-other-'));
    writeFileSync(join(other, 'config.yaml'), 'site: {}\n');
    const { code } = await cli(['wipe', '--home', other, '--yes-erase-everything', basename(other)]);
    expect([code, readdirSync(other)]).toEqual([2, ['config.yaml']]);
    rmSync(other, { recursive: true });
  });
});
