import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeWith } from '../support/tools.js';

const unit = readFileSync(new URL('../../scripts/systemd/tamizdat.service', import.meta.url), 'utf8');
/** 0 is nothing to be exposed, 10 everything. Systemd calls what is below 2 "OK". */
const MOST_EXPOSED = 2;

describeWith(['systemd-analyze'], 'the systemd unit', ({ 'systemd-analyze': analyze }) => {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-unit-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const run = (...argv: string[]) => spawnSync(analyze, argv, { encoding: 'utf8' });

  it('is valid to systemd, and exposes next to nothing', () => {
    const file = join(folder, 'tamizdat.service');
    // What it starts and documents is not installed here.
    const here = unit.replace('/usr/bin/node', process.execPath).replace(/^Documentation=.*\n/m, '');
    writeFileSync(file, here);
    const verified = run('verify', file);
    expect(verified.stderr).toBe('');
    expect(verified.status).toBe(0);
    const { stdout } = run('security', '--offline=true', file);
    const [, exposed] = /Overall exposure level for tamizdat\.service: ([\d.]+)/.exec(stdout) ?? [];
    expect(Number(exposed)).toBeLessThan(MOST_EXPOSED);
  });
});
