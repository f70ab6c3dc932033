import type { Tree, TreeModel } from '../../src/extract/model.js';

export interface Sample {
  row: Float32Array;
  /** 1: belongs to the article. */
  label: number;
  weight: number;
}

export interface BoostOptions {
  trees: number;
  depth: number;
  rate: number;
  /** Shares of rows and of features that each tree sees. */
  rows: number;
  features: number;
  lambda: number;
  /** Least sum of second derivatives in a leaf. */
  minHessian: number;
}

const BINS = 48;

/** A generator that gives the same numbers on every machine (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Up to 47 edges between values that occur, so that each bin holds about as many rows. */
function edgesOf(values: Float32Array): number[] {
  const sorted = Float32Array.from(values).sort();
  const edges: number[] = [];
  for (let bin = 1; bin < BINS; bin++) {
    const at = Math.floor((bin * sorted.length) / BINS);
    const edge = ((sorted[at - 1] ?? 0) + (sorted[at] ?? 0)) / 2;
    if ((sorted[at] ?? 0) > (sorted[0] ?? 0) && edge !== edges.at(-1)) edges.push(edge);
  }
  for (const value of new Set(sorted.length < 1 ? [] : [sorted[0] ?? 0, sorted.at(-1) ?? 0]))
    if (edges.length === 0 && value !== sorted[0]) edges.push((value + (sorted[0] ?? 0)) / 2);
  return edges;
}

/** Gradient-boosted trees for a yes or no, by histograms. The same samples in the same order give the same model. */
export function boost(samples: readonly Sample[], width: number, options: BoostOptions, seed = 1): TreeModel {
  const total = samples.length;
  const next = random(seed);
  const edges: number[][] = [];
  const columns: Uint8Array[] = [];
  for (let feature = 0; feature < width; feature++) {
    const values = Float32Array.from(samples, ({ row }) => row[feature] ?? 0);
    const own = edgesOf(values);
    edges.push(own);
    columns.push(
      Uint8Array.from(values, (value) => {
        let low = 0;
        let high = own.length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (value > (own[middle] ?? 0)) low = middle + 1;
          else high = middle;
        }
        return low;
      }),
    );
  }
  const positive = samples.reduce((sum, { label, weight }) => sum + label * weight, 0);
  const all = samples.reduce((sum, { weight }) => sum + weight, 0);
  const base = Math.log(positive / (all - positive));
  const scores = new Float64Array(total).fill(base);
  const gradients = new Float64Array(total);
  const hessians = new Float64Array(total);
  const trees: Tree[] = [];
  for (let round = 0; round < options.trees; round++) {
    for (let index = 0; index < total; index++) {
      const sample = samples[index] as Sample;
      const p = 1 / (1 + Math.exp(-(scores[index] ?? 0)));
      gradients[index] = sample.weight * (p - sample.label);
      hessians[index] = sample.weight * Math.max(1e-6, p * (1 - p));
    }
    const rows: number[] = [];
    for (let index = 0; index < total; index++) if (next() < options.rows) rows.push(index);
    const used: number[] = [];
    for (let feature = 0; feature < width; feature++)
      if (next() < options.features && (edges[feature]?.length ?? 0) > 0) used.push(feature);
    const tree = grow(rows, used, columns, edges, gradients, hessians, options);
    trees.push(tree);
    for (let index = 0; index < total; index++) {
      const row = (samples[index] as Sample).row;
      scores[index] = (scores[index] ?? 0) + walk(tree, row);
    }
  }
  return { base, trees };
}

function walk(tree: Tree, row: Float32Array): number {
  let node = 0;
  while ((tree.feature[node] ?? -1) >= 0)
    node = 2 * node + ((row[tree.feature[node] ?? 0] ?? 0) > (tree.value[node] ?? 0) ? 2 : 1);
  return tree.value[node] ?? 0;
}

/** One tree, level by level, as a full binary tree in arrays: children of `n` are `2n + 1` and `2n + 2`. */
function grow(
  rows: readonly number[],
  used: readonly number[],
  columns: readonly Uint8Array[],
  edges: readonly (readonly number[])[],
  gradients: Float64Array,
  hessians: Float64Array,
  options: BoostOptions,
): Tree {
  const feature: number[] = [];
  const value: number[] = [];
  const leaf = (members: readonly number[]): number => {
    let g = 0;
    let h = 0;
    for (const index of members) {
      g += gradients[index] ?? 0;
      h += hessians[index] ?? 0;
    }
    return (-options.rate * g) / (h + options.lambda);
  };
  let level: { node: number; members: number[] }[] = [{ node: 0, members: [...rows] }];
  for (let depth = 0; depth <= options.depth; depth++) {
    const below: { node: number; members: number[] }[] = [];
    for (const { node, members } of level) {
      const split =
        depth === options.depth
          ? null
          : bestSplit(members, used, columns, edges, gradients, hessians, options);
      if (split === null) {
        feature[node] = -1;
        value[node] = Number(leaf(members).toPrecision(4));
        continue;
      }
      feature[node] = split.feature;
      value[node] = Math.fround(edges[split.feature]?.[split.bin] ?? 0);
      const column = columns[split.feature] as Uint8Array;
      const left: number[] = [];
      const right: number[] = [];
      for (const index of members) ((column[index] ?? 0) > split.bin ? right : left).push(index);
      below.push({ node: 2 * node + 1, members: left }, { node: 2 * node + 2, members: right });
    }
    level = below;
  }
  return {
    feature: Array.from(feature, (item) => item ?? -1),
    value: Array.from(value, (item) => item ?? 0),
  };
}

function bestSplit(
  members: readonly number[],
  used: readonly number[],
  columns: readonly Uint8Array[],
  edges: readonly (readonly number[])[],
  gradients: Float64Array,
  hessians: Float64Array,
  { lambda, minHessian }: BoostOptions,
): { feature: number; bin: number } | null {
  const sumG = new Float64Array(BINS);
  const sumH = new Float64Array(BINS);
  const count = members.length;
  const places = Int32Array.from(members);
  const ownG = Float64Array.from(members, (index) => gradients[index] ?? 0);
  const ownH = Float64Array.from(members, (index) => hessians[index] ?? 0);
  let totalG = 0;
  let totalH = 0;
  for (let at = 0; at < count; at++) {
    totalG += ownG[at] as number;
    totalH += ownH[at] as number;
  }
  if (totalH < 2 * minHessian) return null;
  const parent = (totalG * totalG) / (totalH + lambda);
  let best: { feature: number; bin: number } | null = null;
  let bestGain = 1e-3;
  for (const feature of used) {
    const column = columns[feature] as Uint8Array;
    sumG.fill(0);
    sumH.fill(0);
    for (let at = 0; at < count; at++) {
      const bin = column[places[at] as number] as number;
      sumG[bin] = (sumG[bin] as number) + (ownG[at] as number);
      sumH[bin] = (sumH[bin] as number) + (ownH[at] as number);
    }
    let g = 0;
    let h = 0;
    for (let bin = 0; bin < (edges[feature]?.length ?? 0); bin++) {
      g += sumG[bin] ?? 0;
      h += sumH[bin] ?? 0;
      if (h < minHessian || totalH - h < minHessian) continue;
      const gain = (g * g) / (h + lambda) + ((totalG - g) * (totalG - g)) / (totalH - h + lambda) - parent;
      if (gain > bestGain) {
        bestGain = gain;
        best = { feature, bin };
      }
    }
  }
  return best;
}
