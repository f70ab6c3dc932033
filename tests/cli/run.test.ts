import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.js';
import { cli, recordOutput } from '../support/cli.js';

/** A defect on purpose: standard input that breaks while it is read. */
async function broken(env: Record<string, string>, by: Error = new Error('the moon fell down')) {
  const stderr = recordOutput();
  const stdin = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(by) }) };
  const code = await runCli(['inspect', 'feed', '-'], { stdin, stdout: recordOutput(), stderr, env });
  return { code, stderr: stderr.text() };
}

describe('a defect of ours', () => {
  it('ends with 70 and a short message', async () => {
    const { code, stderr } = await broken({});
    expect(code).toBe(70);
    expect(stderr).toContain('the moon fell down');
    expect(stderr).not.toContain('    at ');
  });

  it('shows where only with TAMIZDAT_LOG_LEVEL=debug', async () => {
    expect((await broken({ TAMIZDAT_LOG_LEVEL: 'debug' })).stderr).toContain('    at ');
  });
});

describe('what the machine refuses', () => {
  it.each([
    ['ENOSPC', 'the disk is full: /srv/mirror\nFree some room'],
    ['SQLITE_FULL', 'the disk is full: /srv/mirror\nFree some room'],
    ['EACCES', 'permission denied: /srv/mirror\nRun it as the user who owns'],
    ['SQLITE_READONLY_DBMOVED', 'this user may not write to the database: /srv/mirror\nRun it as'],
    ['EROFS', 'the disk is read-only: /srv/mirror\nName a folder on another disk'],
    ['ENOENT', 'no such file or folder: /srv/mirror\nCheck the path'],
  ])('ends with 1 for %s, and says what to do', async (code, message) => {
    const { code: exit, stderr } = await broken(
      {},
      Object.assign(new Error('raw words'), { code, path: '/srv/mirror' }),
    );
    expect(exit).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('raw words');
  });

  it('is a defect of ours where nobody knows the code', async () => {
    expect((await broken({}, Object.assign(new Error('odd'), { code: 'EODD' }))).code).toBe(70);
  });
});

describe('in a folder where no node has run', () => {
  it.each([['status'], ['decisions accept 3'], ['move --cancel'], ['keys list'], ['pin list']])(
    '%s says so, and makes none',
    async (command) => {
      const home = join(tmpdir(), 'tamizdat-where-no-node-is');
      const { code, stderr } = await cli([...command.split(' '), '--home', home]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('no node has run in') });
      expect(existsSync(home)).toBe(false);
    },
  );
});

describe('a wrong command line', () => {
  it.each([
    [['chek'], "unknown command 'chek'"],
    [['config', 'check', '--jsno'], 'Did you mean --json?'],
    [['config', 'check', '--listen', 'nowhere'], 'listen is "nowhere"; allowed: HOST:PORT'],
    [['config', 'check', '--config', '/absent.yaml'], '/absent.yaml cannot be read'],
    [['inspect', 'feed'], 'there is nothing to look at'],
    [['inspect', 'feed', '/absent.xml'], '/absent.xml cannot be read'],
    [[], 'Usage: tamizdat'],
  ])('ends with 2 after %j, and says why', async (argv, message) => {
    const { code, stdout, stderr } = await cli(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('help', () => {
  it.each([
    [[]],
    [['config']],
    [['config', 'check']],
    [['config', 'print']],
    [['publishers']],
    [['publishers', 'list']],
    [['inspect']],
    [['inspect', 'feed']],
    [['inspect', 'page']],
  ])('of %j has examples and the flags that hold everywhere', async (argv) => {
    const { code, stdout } = await cli([...argv, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Examples:\n  tamizdat ');
    expect(stdout).toContain('--home <dir>');
  });
});

describe('global flags', () => {
  it('hold before and after the command', async () => {
    for (const argv of [
      ['--listen', '127.0.0.1:9', 'config', 'print', '--json'],
      ['config', 'print', '--json', '--listen', '127.0.0.1:9'],
    ]) {
      expect(JSON.parse((await cli(argv)).stdout).listen).toBe('127.0.0.1:9');
    }
  });
});
