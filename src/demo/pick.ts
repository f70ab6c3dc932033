/** The item at `index`, beginning anew after the last. Throws `RangeError` where there is none. */
export function pick<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}
