import { describe, expect, it } from 'vitest';
import { createProgress } from '../../src/cli/progress.js';
import { recordOutput } from '../support/cli.js';

describe('progress', () => {
  it('is one line that is written over, on a terminal', () => {
    const out = recordOutput(true);
    const progress = createProgress(out, 'articles', 4);
    progress.update(1, 'Oil is short');
    progress.update(4);
    progress.finish();
    expect(out.text()).not.toContain('\n');
    expect(out.text()).toContain('articles ██████░░░░░░░░░░░░░░░░░░ 1/4 Oil is short');
    expect(out.text().endsWith('\r\u001b[2K')).toBe(true);
  });

  it('is a plain line for each tenth elsewhere', () => {
    const out = recordOutput();
    const progress = createProgress(out, 'articles', 1_000);
    for (let done = 1; done <= 1_000; done += 1) progress.update(done);
    progress.finish();
    expect(out.text().split('\n')).toHaveLength(11);
    expect(out.text()).toMatch(/^articles 100\/1000\n/);
  });

  it('stands whole where there is nothing to do', () => {
    const out = recordOutput();
    createProgress(out, 'articles', 0).update(0);
    expect(out.text()).toBe('articles 0/0\n');
  });
});
