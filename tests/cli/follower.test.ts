import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.js';

/** Where publishers are blocked, asking them is what a follower wants to avoid: nothing may do it unasked. */
describe('a node that only follows others', () => {
  let home: string;
  const run = (...argv: string[]) =>
    cli([...argv, '--home', home], {
      env: { TAMIZDAT_JOIN: 'tz1:PDDfsumTqaZL8NxuJRH4Boot7yGKfZ1BCkHtxIzvvSs@mirror.example' },
    });

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'tamizdat-follower-'));
  });
  afterAll(() => rmSync(home, { recursive: true }));

  it('lists no publisher as mirrored, and checks none that was not named', async () => {
    const { stdout } = await run('publishers', 'list', '--json');
    expect(JSON.parse(stdout).filter(({ mirrored }: { mirrored: boolean }) => mirrored)).toEqual([]);
    expect(await run('publishers', 'check')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('follows others'),
    });
  });

  it('has no source that doctor would ask', async () => {
    const { stdout } = await run('doctor', '--json');
    const { findings } = JSON.parse(stdout) as { findings: { check: string }[] };
    expect(findings.map(({ check }) => check)).not.toContain('source');
  });

  it('has a configuration that says so', async () => {
    expect((await run('config', 'check')).stdout).toContain('asks no publisher itself');
  });
});
