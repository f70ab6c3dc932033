import { readFileSync } from 'node:fs';
import type { Weights } from '../../src/extract/judge-blocks.js';
import { readWeights } from '../../src/extract/model.js';
import { foldOf } from './folds.js';

let judges: Weights[] | null = null;

/** The weights that have never seen a page's domain: the only ones that may be scored on it. */
export function weightsFor(url: string): Weights {
  judges ??= (
    JSON.parse(readFileSync(new URL('fold-weights.json', import.meta.url), 'utf8')) as unknown[]
  ).map((packed) => readWeights(JSON.stringify(packed)));
  const weights = judges[foldOf(url)];
  if (weights === undefined) throw new Error('tests/extract/fold-weights.json has no weights for this fold');
  return weights;
}
