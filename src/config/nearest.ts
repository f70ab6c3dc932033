/** Letters added, left out, wrong, or swapped with their neighbor: each counts one (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      rows[i]?.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same, swapped));
    }
  }
  return at(a.length, b.length);
}

/** The name among `names` that `typo` was most likely meant to be: at most a third of its letters differ; null: none. */
export function nearest(typo: string, names: readonly string[]): string | null {
  const plain = (name: string) => name.toLowerCase().replace(/[-_]/g, '');
  const word = plain(typo).slice(0, 80);
  let best: { name: string; distance: number } | null = null;
  for (const name of names) {
    const distance = editDistance(word, plain(name));
    const limit = Math.max(1, Math.floor(Math.max(word.length, name.length) / 3));
    if (distance <= limit && (best === null || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? null;
}
