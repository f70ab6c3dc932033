import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox } from './sandbox.js';

let sandbox: ReturnType<typeof createSandbox>;
beforeEach(() => {
  sandbox = createSandbox();
});
afterEach(() => sandbox.remove());

const lastLine = (output: string) => output.trimEnd().split('\n').at(-1);

const NEWER_NODE = `.tmp/node24/node_modules/node-linux-${process.arch}/bin/node`;

/** Every Debian package and a newer Node are there, and each step answers as told. */
function fullyEquipped(npx: string) {
  sandbox.withNode();
  sandbox.write(NEWER_NODE, '', 0o755);
  sandbox.command('dpkg-query', 'echo -n installed');
  sandbox.command('npx', npx);
}

const suites = (line: string, code = 0) => `[ "$1" != vitest ] || { echo "${line}"; exit ${code}; }`;

describe('scripts/test ends with the count', () => {
  it('when everything holds: three checks, the build, and what the suites counted', async () => {
    fullyEquipped(suites('10 passed, 0 failed, 2 skipped'));
    const { code, output } = await sandbox.run('scripts/test');
    expect(lastLine(output)).toBe('14 passed, 0 failed, 2 skipped');
    expect(code).toBe(0);
  });

  it('when a check fails: the rest still runs', async () => {
    fullyEquipped(`[ "$1" != knip ] || exit 1; ${suites('10 passed, 0 failed, 0 skipped')}`);
    const { code, output } = await sandbox.run('scripts/test');
    expect(output).toContain('dead code: FAILED');
    expect(lastLine(output)).toBe('13 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
  });

  it('when a check finds that what it needs is not to be had: it is named and counted', async () => {
    fullyEquipped(`[ "$1" != knip ] || exit 77; ${suites('10 passed, 0 failed, 0 skipped')}`);
    const { code, output } = await sandbox.run('scripts/test');
    expect(output).toContain('dead code: not run');
    expect(lastLine(output)).toBe('13 passed, 0 failed, 1 skipped');
    expect(code).toBe(0);
  });

  it('when tests fail', async () => {
    fullyEquipped(suites('8 passed, 2 failed, 0 skipped', 1));
    const { code, output } = await sandbox.run('scripts/test');
    expect(lastLine(output)).toBe('12 passed, 2 failed, 0 skipped');
    expect(code).toBe(1);
  });

  it('when every test passed but the runner did not', async () => {
    fullyEquipped(suites('8 passed, 0 failed, 0 skipped', 1));
    const { code, output } = await sandbox.run('scripts/test');
    expect(lastLine(output)).toBe('12 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
  });

  it('when the suites never got to their own count', async () => {
    fullyEquipped(suites('out of memory', 134));
    const { code, output } = await sandbox.run('scripts/test');
    expect(lastLine(output)).toBe('4 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
  });

  it.skipIf(Number.parseInt(process.versions.node, 10) >= 24)(
    'when no newer Node can be had: what it would read is named and counted',
    async () => {
      fullyEquipped(suites('10 passed, 0 failed, 0 skipped'));
      rmSync(join(sandbox.root, NEWER_NODE));
      const { code, output } = await sandbox.run('scripts/test');
      expect(output).toContain('a page read by Node 24: not run');
      expect(lastLine(output)).toBe('14 passed, 0 failed, 1 skipped');
      expect(code).toBe(0);
    },
  );

  it('when the set-up fails', async () => {
    const { code, output } = await sandbox.run('scripts/test');
    expect(output).toContain('Node.js is missing');
    expect(lastLine(output)).toBe('0 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
  });
});

describe('scripts/test where Debian packages are missing and may not be installed', () => {
  it('says the one command to type', async () => {
    fullyEquipped('');
    sandbox.command('dpkg-query', '[[ "$*" == *newsboat ]] || echo -n installed');
    const { code, output } = await sandbox.run('scripts/test');
    expect(output).toContain('apt-get update && apt-get install --no-install-recommends newsboat\n');
    expect(lastLine(output)).toBe('0 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
  });
});
