/** A full binary tree in arrays: children of node `n` are `2n + 1` (at most the value) and `2n + 2` (above it). */
export interface Tree {
  /** Index into the features; -1 marks a leaf. */
  feature: ArrayLike<number>;
  /** The value a feature is compared with; in a leaf, what it adds to the score. */
  value: ArrayLike<number>;
}

/** Sum of small decisions, as log-odds. */
export interface TreeModel {
  base: number;
  trees: readonly Tree[];
}

/** How likely a row is a yes, between 0 and 1. */
export function probability(model: TreeModel, row: Float32Array): number {
  let score = model.base;
  for (const { feature, value } of model.trees) {
    let node = 0;
    let index = feature[0] ?? -1;
    while (index >= 0) {
      node = 2 * node + ((row[index] ?? 0) > (value[node] ?? 0) ? 2 : 1);
      index = feature[node] ?? -1;
    }
    score += value[node] ?? 0;
  }
  return 1 / (1 + Math.exp(-score));
}

type Packed = readonly [base: number, trees: readonly (readonly [readonly number[], readonly number[]])[]];

/** Both looks' models, as `scripts/fit-extract.ts` writes them. */
export function readWeights(json: string): { first: TreeModel; second: TreeModel } {
  const [first, second] = JSON.parse(json) as [Packed, Packed];
  const unpack = ([base, trees]: Packed): TreeModel => ({
    base,
    trees: trees.map(([feature, value]) => ({
      feature: Int16Array.from(feature),
      value: Float64Array.from(value),
    })),
  });
  return { first: unpack(first), second: unpack(second) };
}
