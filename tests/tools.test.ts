import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Runs the suite of `fixtures/not-run` where only these programs exist; its lines from the first that says `not run`. */
function run(programs: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const bin = mkdtempSync(join(tmpdir(), 'tamizdat-tools-'));
  folders.push(bin);
  for (const program of programs) {
    writeFileSync(join(bin, program), '#!/bin/sh\n');
    chmodSync(join(bin, program), 0o755);
  }
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', join(root, 'tests/fixtures/not-run')],
    { encoding: 'utf8', env: { PATH: bin, NO_COLOR: '1', ...env } },
  );
  const lines = stdout.trimEnd().split('\n');
  return { status, stderr, notRun: lines.filter((line) => line.startsWith('not run: ')), last: lines.at(-1) };
}

const ALWAYS = [
  'not run: the corpus is not here: suite.case.mjs, real pages [1 test]',
  'not run: no network namespace: suite.case.mjs, is skipped with a note [1 test]',
];

describe('a suite that needs programs', () => {
  it('runs where they are', () => {
    expect(run(['lynx', 'nginx'], { TAMIZDAT_TEST_STRICT: '1' })).toMatchObject({
      status: 0,
      notRun: ALWAYS,
      last: '3 passed, 0 failed, 2 skipped',
    });
  });

  it('is named as not run where nobody asked for all', () => {
    expect(run(['lynx', 'nginx']).notRun).toContain(
      'not run: drives lynx, nginx, scripts/test runs it: suite.case.mjs, pages in two programs [2 tests]',
    );
  });

  it('is skipped and named where one is missing', () => {
    expect(run(['lynx'])).toMatchObject({
      status: 0,
      notRun: [
        'not run: needs nginx (Debian: nginx): suite.case.mjs, pages in two programs [2 tests]',
        ...ALWAYS,
      ],
      last: '1 passed, 0 failed, 4 skipped',
    });
  });

  it('fails where one is missing and nothing may be, and is counted beside other failures', () => {
    const strict = run([], { TAMIZDAT_TEST_STRICT: '1', WITH_FAILURE: '1' });
    expect(strict).toMatchObject({ status: 1, notRun: ALWAYS, last: '1 passed, 2 failed, 2 skipped' });
    expect(strict.stderr).toContain('needs lynx (Debian: lynx), nginx (Debian: nginx)');
  });
});
