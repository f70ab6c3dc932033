import type { Output } from './cli-deps.js';
import { cutTo, printable, widthOf } from './printable.js';
import { createStyle } from './style.js';

const GAP = '  ';

/**
 * Rows under bold headings, columns as wide as their widest cell. On a terminal the last column is cut to what is left
 * of the line; elsewhere nothing is cut. `notes`: what stands whole on a line of its own below a row, such as a reason.
 */
export function renderTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  out: Pick<Output, 'isTTY' | 'columns'>,
  env: Readonly<Record<string, string | undefined>>,
  notes: readonly (string | null)[] = [],
): string {
  const style = createStyle(out, env);
  const cells = [headings, ...rows].map((row) => row.map(printable));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? ''))));
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
  const left = out.isTTY ? Math.max(10, out.columns - before) : Number.POSITIVE_INFINITY;

  const lines = cells.map((row) =>
    row
      .map((cell, column) => {
        if (column === row.length - 1) return cutTo(cell, left);
        return cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell));
      })
      .join(GAP)
      .trimEnd(),
  );
  const noted = (row: number): string => {
    const note = notes[row] ?? null;
    return note === null ? '' : `${GAP}${printable(note)}\n`;
  };
  return lines
    .map((line, index) => (index === 0 ? `${style('bold', line)}\n` : `${line}\n${noted(index - 1)}`))
    .join('');
}
