import type { FieldChange } from '../render/article-views.js';

/** Beyond this the table of the comparison would hold millions of cells; such a text counts as rewritten. */
const MOST_LINES = 1_500;
/** Unchanged lines shown on each side of a change. */
const SURROUNDINGS = 1;

/** Longest common subsequence of two texts by lines; unchanged stretches are left out and counted. */
export function diffLines(
  before: readonly string[],
  after: readonly string[],
): Pick<FieldChange, 'lines' | 'omitted'> {
  const marked =
    before.length > MOST_LINES || after.length > MOST_LINES
      ? rewritten(before, after)
      : compare(before, after);
  const near = marked.map((_, index) =>
    marked
      .slice(Math.max(0, index - SURROUNDINGS), index + SURROUNDINGS + 1)
      .some((line) => line.mark !== 'same'),
  );
  const lines = marked.filter((_, index) => near[index]);
  return { lines, omitted: marked.length - lines.length };
}

type Line = FieldChange['lines'][number];

const rewritten = (before: readonly string[], after: readonly string[]): Line[] => [
  ...before.map((text): Line => ({ mark: 'removed', text })),
  ...after.map((text): Line => ({ mark: 'added', text })),
];

function compare(before: readonly string[], after: readonly string[]): Line[] {
  const width = after.length + 1;
  const common = new Uint16Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        before[i] === after[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const old = before[i];
    const fresh = after[j];
    if (old !== undefined && old === fresh) {
      lines.push({ mark: 'same', text: old });
      i += 1;
      j += 1;
    } else if (
      fresh === undefined ||
      (old !== undefined && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      lines.push({ mark: 'removed', text: old ?? '' });
      i += 1;
    } else {
      lines.push({ mark: 'added', text: fresh });
      j += 1;
    }
  }
  return lines;
}
