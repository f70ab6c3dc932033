import { inBytes } from './byte-words.js';
import type { Output } from './cli-deps.js';
import { createProgress, type Progress } from './progress.js';

/** A bar for work counted in bytes, shown in whole percent; the total may only be known with the first step. */
export function createByteProgress(out: Output, label: string) {
  let bar: Progress | null = null;
  let shown = -1;
  return {
    update: (done: number, total: number): void => {
      bar ??= createProgress(out, label, 100, (percent) => `${percent} %`);
      const share = total === 0 ? 100 : Math.floor((done / total) * 100);
      if (share === shown) return;
      shown = share;
      bar.update(share, `of ${inBytes(total)}`);
    },
    finish: (): void => bar?.finish(),
  };
}
