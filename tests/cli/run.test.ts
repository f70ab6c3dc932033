import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.js';
import { cli, recordOutput } from '../support/cli.js';

/** A defect on purpose: standard input that breaks while it is read. */
async function broken(env: Record<string, string>) {
  const stderr = recordOutput();
  const stdin = {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('the moon fell down')) }),
  };
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
