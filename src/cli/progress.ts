import type { Output } from './cli-deps.js';
import { cutTo, printable } from './printable.js';

export interface Progress {
  /** `done` of the whole, and what is being worked on. */
  update(done: number, note?: string): void;
  /** Clears the bar, so that what is printed next starts on a clean line. */
  finish(): void;
}

const BAR_WIDTH = 24;

type Counted = (done: number) => string;

function onTerminal(out: Output, label: string, total: number, counted: Counted): Progress {
  return {
    update(done, note = '') {
      const share = total === 0 ? 1 : Math.min(1, done / total);
      const full = Math.round(share * BAR_WIDTH);
      const bar = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
      const line = `${label} ${bar} ${counted(done)} ${printable(note)}`;
      out.write(`\r\u001b[2K${cutTo(line, Math.max(20, out.columns - 1))}`);
    },
    finish: () => out.write('\r\u001b[2K'),
  };
}

/** A line for each tenth of the way, so that a log of a long run stays short. */
function inLines(out: Output, label: string, total: number, counted: Counted): Progress {
  let told = 0;
  return {
    update(done, note = '') {
      const tenth = total === 0 ? 10 : Math.floor((done / total) * 10);
      if (tenth <= told) return;
      told = tenth;
      out.write(`${label} ${counted(done)} ${printable(note)}`.trimEnd().concat('\n'));
    },
    finish: () => undefined,
  };
}

/** A bar on a terminal, plain lines elsewhere. `counted`: how far it is, in words. */
export const createProgress = (
  out: Output,
  label: string,
  total: number,
  counted: Counted = (done) => `${done}/${total}`,
): Progress => (out.isTTY ? onTerminal : inLines)(out, label, total, counted);
