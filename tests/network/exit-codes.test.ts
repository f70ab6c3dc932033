import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MAIN, startProgram, tamizdat } from '../support/program.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/inspect/${name}`, import.meta.url));

describe('the compiled program ends with', () => {
  it('0 when all went well', async () => {
    const { code, stdout, stderr } = await tamizdat(['config', 'check']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('The configuration is right');
  });

  it('0 for help and version', async () => {
    expect((await tamizdat(['--help'])).code).toBe(0);
    expect(await tamizdat(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it('1 when what it was asked for could not be had', async () => {
    const { code, stdout, stderr } = await tamizdat(['inspect', 'feed', '-'], {
      stdin: '<html><p>no feed</p></html>',
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^no feed: /);
  });

  it('2 for a command line that is wrong, and says why', async () => {
    const { code, stdout, stderr } = await tamizdat(['config', 'chek']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Did you mean check?');
  });

  it('2 for a wrong variable, with nothing touched', async () => {
    const home = mkdtempSync(join(tmpdir(), 'tamizdat-'));
    const env = { TAMIZDAT_HOME: home, TAMIZDAT_PUBLISHERS: 'moscow-tims' };
    const { code, stderr } = await tamizdat(['config', 'check'], { env });
    expect(code).toBe(2);
    expect(stderr).toBe('there is no publisher "moscow-tims"\nDid you mean moscow-times?\n');
    expect(readdirSync(home)).toEqual([]);
    rmSync(home, { recursive: true });
  });

  it('0 and without a word when its reader has gone away', async () => {
    const lines = `${JSON.stringify({ path: fixture('lamp.xml') })}\n`.repeat(300);
    const child = spawn(process.execPath, [MAIN, 'inspect', 'feed', '--batch'], {
      env: { PATH: process.env.PATH },
    });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.stdin.on('error', () => undefined).end(lines);
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('0 when a node is told to stop while it still starts', async () => {
    const home = mkdtempSync(join(tmpdir(), 'tamizdat-'));
    const serving = startProgram(['serve', '--demo', '--listen', '127.0.0.1:0', '--home', home], {
      env: { TAMIZDAT_ADMIN_LISTEN: '127.0.0.1:0' },
    });
    // Its first word; where it serves comes later.
    await serving.until(/^Demo newsroom/);
    const { code, stdout } = await serving.stop('SIGTERM');
    expect(stdout).toMatch(/^Demo newsroom at .*Stopping\.\n$/s);
    expect(code).toBe(0);
    rmSync(home, { recursive: true });
  });
});
