import { expect, it } from 'vitest';
import { runSoak } from '../../scripts/soak/run-soak.js';
import { describeLong } from '../support/tools.js';

// `npm run soak` is the same for ten minutes, and measures memory and open files.
describeLong('endurance', () => {
  it('a node that is killed again and again, and one that is not, lose nothing under load and faults', async () => {
    const figures = await runSoak({
      seconds: 24,
      killEveryMs: 6_000,
      publishEveryMs: 1_000,
      faultEveryMs: 9_000,
      requestsPerSecond: 10,
      isEnough: ({ kills, faults, answers }) => kills > 1 && faults.upstream > 0 && answers.ok > 20,
      say: () => {},
    });
    expect(figures.wrong).toEqual([]);
    expect(figures.kills).toBeGreaterThan(1);
    expect(figures.faults.upstream).toBeGreaterThan(0);
    expect(figures.answers.ok).toBeGreaterThan(20);
  });
});
