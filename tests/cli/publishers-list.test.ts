import { describe, expect, it } from 'vitest';
import { cli } from '../support/cli.js';

describe('publishers list', () => {
  it('works where the configuration names a publisher that is not there', async () => {
    const { code } = await cli(['publishers', 'list'], { env: { TAMIZDAT_PUBLISHERS: 'meduzza' } });
    expect(code).toBe(0);
  });

  it('says of each publisher what is shown, on what ground, and that nobody has verified it', async () => {
    const { stdout } = await cli(['publishers', 'list']);
    const [headings, ...lines] = stdout.split('\n');
    expect(headings?.split(/\s+/)).toEqual([
      'ID',
      'MIRRORED',
      'LANG',
      'PUBLISH',
      'RIGHTS',
      'VERIFIED',
      'NAME',
    ]);
    expect(lines.find((line) => line.startsWith('moscow-times '))).toMatch(
      /yes +en +full +none +never +The Moscow Times$/,
    );
    expect(stdout).toContain('nobody has seen their sources answer as described');
  });

  it('gives a script all of it', async () => {
    const env = { TAMIZDAT_PUBLISHERS: 'global-voices' };
    const list = JSON.parse((await cli(['publishers', 'list', '--json'], { env })).stdout);
    expect(list.filter(({ mirrored }: { mirrored: boolean }) => mirrored)).toMatchObject([
      { id: 'global-voices', language: 'en', rights: { basis: 'licence' }, verifiedAt: null },
    ]);
  });
});
