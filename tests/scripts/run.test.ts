import { rmSync, utimesSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, SQLITE } from './sandbox.js';

let sandbox: ReturnType<typeof createSandbox>;
beforeEach(() => {
  sandbox = createSandbox();
});
afterEach(() => sandbox.remove());

const after = (argv: readonly string[], flag: string) => argv[argv.indexOf(flag) + 1];

describe('scripts/run on a machine that lacks something', () => {
  it('names Node where there is none', async () => {
    const { code, output } = await sandbox.run('scripts/run');
    expect(code).toBe(1);
    expect(output).toContain('Node.js is missing');
  });

  it('names the version needed where Node is too old', async () => {
    sandbox.command('node', '[ "$1" = --version ] && echo v18.20.4 && exit 0; exit 1');
    sandbox.command('npm', '');
    const { code, output } = await sandbox.run('scripts/run');
    expect(code).toBe(1);
    expect(output).toMatch(/Node v18\.20\.4 .* is too old.*20\.19/);
  });

  it('names npm where it is absent', async () => {
    sandbox.withNode();
    rmSync(join(sandbox.root, 'bin/npm'));
    const { code, output } = await sandbox.run('scripts/run');
    expect(code).toBe(1);
    expect(output).toContain('npm is missing');
  });

  it('names the Debian packages where SQLite must be compiled and this user may install nothing', async () => {
    sandbox.withNode();
    sandbox.write(`node_modules/${SQLITE}/index.js`, 'throw new Error("made for another Node")');
    const { code, output } = await sandbox.run('scripts/run');
    expect(code).toBe(1);
    expect(output).toContain('(npm rebuild');
    expect(output).toContain('apt-get install python3 make g++');
  });
});

describe('scripts/run', () => {
  beforeEach(() => sandbox.withNode());

  it('serves the demo newsroom, installing nothing where the lock is satisfied', async () => {
    const run = sandbox.start('scripts/run', ['--home', '/tmp/somewhere']);
    const { argv } = await run.started;
    expect(argv.slice(0, 4)).toEqual(['serve', '--demo', '--home', '/tmp/somewhere']);
    run.child.kill('SIGINT');
    expect((await run.ended).output).not.toContain('(npm');
  });

  it('leaves it to the node to say where it can be read', async () => {
    const run = sandbox.start('scripts/run', ['--listen', '127.0.0.1:0']);
    await run.started;
    run.child.kill('SIGINT');
    expect((await run.ended).output).not.toContain('http://127.0.0.1:0');
  });

  it('becomes the node, so that Ctrl-C stops it cleanly', async () => {
    const run = sandbox.start('scripts/run');
    expect((await run.started).pid).toBe(run.child.pid);
    run.child.kill('SIGINT');
    expect(await run.ended).toMatchObject({ code: 0, output: expect.stringContaining('stopped cleanly') });
  });

  it('compiles only what is newer than the last time', async () => {
    const first = sandbox.start('scripts/run');
    await first.started;
    first.child.kill('SIGINT');
    expect((await first.ended).output).toContain('(compiler)');

    const second = sandbox.start('scripts/run');
    await second.started;
    second.child.kill('SIGINT');
    expect((await second.ended).output).not.toContain('(compiler)');

    const later = Date.now() / 1_000 + 60;
    utimesSync(join(sandbox.root, 'src/main.ts'), later, later);
    const third = sandbox.start('scripts/run');
    await third.started;
    third.child.kill('SIGINT');
    expect((await third.ended).output).toContain('(compiler)');
  });

  it('mirrors real publishers when told so', async () => {
    const real = sandbox.start('scripts/run', ['--real']);
    expect((await real.started).argv).not.toContain('--demo');
    const named = sandbox.start('scripts/run', ['--publishers', 'one,two']);
    const { argv, env } = await named.started;
    expect(argv).not.toContain('--demo');
    expect(env.TAMIZDAT_PUBLISHERS).toBe('one,two');
  });

  it('explains itself without installing or starting anything', async () => {
    const { code, output } = await sandbox.run('scripts/run', ['--help']);
    expect(code).toBe(0);
    expect(output).toContain('--real');
    expect(output).not.toContain('(compiler)');
  });

  it('refuses --publishers without a name', async () => {
    const { code, output } = await sandbox.run('scripts/run', ['--publishers']);
    expect(code).toBe(1);
    expect(output).toContain('--publishers wants');
  });

  it('listens where it is told, whoever else listens there', async () => {
    const { argv } = await sandbox.start('scripts/run', ['--listen', '127.0.0.1:8080']).started;
    expect(argv).toEqual(['serve', '--demo', '--listen', '127.0.0.1:8080']);
    const told = await sandbox.start('scripts/run', [], { TAMIZDAT_LISTEN: '127.0.0.1:9' }).started;
    expect(told.argv).toEqual(['serve', '--demo']);
  });

  it('gives the keeper another address than the readers', async () => {
    const { argv, env } = await sandbox.start('scripts/run', ['--listen=127.0.0.1:8081']).started;
    expect(argv).toContain('--listen=127.0.0.1:8081');
    expect(env.TAMIZDAT_ADMIN_LISTEN).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(env.TAMIZDAT_ADMIN_LISTEN).not.toBe('127.0.0.1:8081');
  });
});

describe('scripts/run where port 8080 is taken', () => {
  let other: Server;
  beforeEach(async () => {
    sandbox.withNode();
    other = createServer();
    // Taken by this test or by whatever took it before: both will do.
    await new Promise<void>((resolve) => {
      other.once('listening', () => resolve()).once('error', () => resolve());
      other.listen(8080, '127.0.0.1');
    });
  });
  afterEach(() => new Promise<void>((resolve) => other.close(() => resolve())));

  it('takes a free one and says so', async () => {
    const run = sandbox.start('scripts/run');
    const { argv } = await run.started;
    const listen = after(argv, '--listen');
    expect(listen).toMatch(/^127\.0\.0\.1:8\d+$/);
    expect(listen).not.toBe('127.0.0.1:8080');
    run.child.kill('SIGINT');
    const { output } = await run.ended;
    expect(output).toContain('Port 8080 is taken');
    expect(output).toContain(`using ${listen?.split(':')[1]}.`);
  });
});
