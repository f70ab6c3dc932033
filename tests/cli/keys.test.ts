import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.js';
import { readTree, treeFolderOf } from '../publish/signed-tree.js';
import { cli } from '../support/cli.js';
import { QUICK_FOLDER } from '../support/test-node.js';

let home: string;
let away: string;

beforeAll(() => {
  home = mkdtempSync(join(QUICK_FOLDER, 'tamizdat-keys-'));
  away = join(home, 'stick');
  openDatabase(join(home, 'state', 'tamizdat.sqlite')).close();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A command over one home; logs are as quiet as they go. */
const run = (...argv: string[]) =>
  cli([...argv, '--home', join(home, 'state')], {
    env: { TAMIZDAT_PUBLISHERS: 'moscow-times', TAMIZDAT_LOG_LEVEL: 'error' },
  });

describe('keys', () => {
  it('moves root and targets away, asks for them where they must sign, and shares the root', async () => {
    const renewed = await run('keys', 'renew', '--json');
    expect([renewed.code, renewed.stderr]).toEqual([0, '']);
    expect(JSON.parse(renewed.stdout).renewed).toContainEqual(expect.objectContaining({ role: 'targets' }));

    const moved = await run('keys', 'offline', away);
    expect([moved.code, moved.stderr]).toEqual([0, '']);
    expect(existsSync(join(away, 'root.pem'))).toBe(true);
    const again = await run('keys', 'offline', away);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('lie here any more')]);

    const refused = await run('keys', 'rotate', 'edition');
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('--keys DIR');
    const rotated = await run('keys', 'rotate', 'edition', '--keys', away, '--json');
    expect(JSON.parse(rotated.stdout).changes).toEqual([
      expect.objectContaining({ role: 'edition', file: join(home, 'state/keys/edition.pem') }),
    ]);

    const impossible = await run('keys', 'ceremony', '--shares', '2', '--threshold', '3', away);
    expect([impossible.code, impossible.stderr]).toEqual([2, expect.stringContaining('can never sign')]);
    const shared = await run('keys', 'ceremony', join(away, 'root'), '--keys', away);
    expect([shared.code, shared.stderr]).toEqual([0, '']);
    expect(shared.stdout).toContain('Any 2 of these 3');

    const listed = await run('keys', 'list', '--json');
    const { repository, roles } = JSON.parse(listed.stdout);
    expect(listed.code).toBe(0);
    expect(treeFolderOf(join(home, 'state')).endsWith(repository)).toBe(true);
    expect(
      roles.map(({ role, where, threshold }: Record<string, unknown>) => [role, where, threshold]),
    ).toEqual([
      ['root', 'away', 2],
      ['targets', 'away', 1],
      ['edition', 'online', 1],
      ['mirrors', 'online', 1],
      ['snapshot', 'online', 1],
      ['timestamp', 'online', 1],
    ]);
    expect((await run('keys', 'status')).stdout).toMatch(/root +3 +\d{4}-\d\d-\d\d +\d+ +2 of 3: .* away/);
    expect(readTree(treeFolderOf(join(home, 'state'))).size).toBe(1);
  });

  it('makes none in a folder where no node ever ran', async () => {
    const elsewhere = join(home, 'elsewhere');
    const { code, stderr } = await cli(['keys', 'renew', '--home', elsewhere]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('tamizdat serve')]);
    expect(existsSync(elsewhere)).toBe(false);
  });

  it('says what it does not know, and shows by example what it does', async () => {
    const unknown = await run('keys', 'revoke', 'nonsense', '--keys', away);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('neither a role nor the id of one key'),
    ]);
    const help = await run('keys', 'ceremony', '--help');
    expect(help.stdout).toContain('tamizdat keys ceremony --shares 3 --threshold 2 /media/root');
  });
});
