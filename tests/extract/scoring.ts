/** How an extracted text is compared with the text a person marked. Shared by tests, the benchmark and the fitting of weights. */

const WORD = /[\p{L}\p{N}_]+/gu;
const CJK_CHARACTER = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

function counted(items: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

export interface Overlap {
  precision: number;
  recall: number;
  f1: number;
}

function overlap(expected: ReadonlyMap<string, number>, actual: ReadonlyMap<string, number>): Overlap {
  let both = 0;
  let expectedTotal = 0;
  let actualTotal = 0;
  for (const [item, count] of expected) {
    expectedTotal += count;
    both += Math.min(count, actual.get(item) ?? 0);
  }
  for (const count of actual.values()) actualTotal += count;
  if (expectedTotal === 0 && actualTotal === 0) return { precision: 1, recall: 1, f1: 1 };
  if (both === 0) return { precision: 0, recall: 0, f1: 0 };
  const precision = both / actualTotal;
  const recall = both / expectedTotal;
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}

function shingles(text: string): Map<string, number> {
  const words = text.match(WORD) ?? [];
  if (words.length < 4) return counted(words.length === 0 ? [] : [words.join(' ')]);
  return counted(words.slice(3).map((_, index) => words.slice(index, index + 4).join(' ')));
}

/** The article extraction benchmark's measure: runs of four words. Macro precision and recall make its F1. */
export function shingleOverlap(expected: string, actual: string): Overlap {
  return overlap(shingles(expected), shingles(actual));
}

function tokens(text: string): Map<string, number> {
  const spaced = text.toLowerCase().replace(CJK_CHARACTER, ' $& ');
  return counted(spaced.match(WORD) ?? []);
}

/** Bag-of-words overlap, Chinese, Japanese and Korean by the character. */
export function tokenOverlap(expected: string, actual: string): Overlap {
  return overlap(tokens(expected), tokens(actual));
}

/** The better of the overlaps with a text and with the same text after its standfirst, which may be there or not. */
export function tokenOverlapWithOptional(body: string, summary: string, actual: string): Overlap {
  const without = tokenOverlap(body, actual);
  const withSummary = tokenOverlap(`${summary}\n${body}`, actual);
  return withSummary.f1 > without.f1 ? withSummary : without;
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** F1 of the means of precision and recall. */
export function macroF1(overlaps: readonly Overlap[]): Overlap {
  const precision = mean(overlaps.map((item) => item.precision));
  const recall = mean(overlaps.map((item) => item.recall));
  return {
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
  };
}

/** Letters and digits only, lower case: how titles and names are compared. */
export function squash(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Whether two lists hold the same names, in any order. */
export function sameNames(expected: readonly string[], actual: readonly string[]): boolean {
  const left = new Set(expected.map(squash));
  const right = new Set(actual.map(squash));
  return left.size === right.size && [...left].every((name) => right.has(name));
}
