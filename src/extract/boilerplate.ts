import type { Boilerplate } from '../domain/publisher.js';

const fold = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/['’‘`]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();

/**
 * Indexes of the blocks that a publisher's rules name as furniture: a rule's phrase, near the end of the text the rule
 * names. Where two rules match, what stands between the two blocks is part of the same box. True articles quote the same
 * words further in and keep them.
 */
export function boilerplateBlocks(texts: readonly string[], rules: readonly Boilerplate[]): Set<number> {
  const dropped = new Set<number>();
  const folded = rules.length === 0 ? [] : texts.map(fold);
  for (const position of ['start', 'end'] as const) {
    const matches = new Set<number>();
    for (const rule of rules.filter((rule) => rule.position === position)) {
      const from = position === 'start' ? 0 : Math.max(0, folded.length - rule.within);
      const end = position === 'start' ? Math.min(rule.within, folded.length) : folded.length;
      const phrase = fold(rule.phrase);
      for (let index = from; index < end; index++) if (folded[index]?.includes(phrase)) matches.add(index);
    }
    if (matches.size === 0) continue;
    for (let index = Math.min(...matches); index <= Math.max(...matches); index++) dropped.add(index);
  }
  return dropped;
}
