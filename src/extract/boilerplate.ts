import type { Boilerplate } from '../domain/publisher.js';

const fold = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/['’‘`]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();

/** A block that holds little more than the phrase is the box speaking, not an article that quotes it. In characters. */
const BESIDE_PHRASE = 32;
const QUOTATION = /^["“”«„‘'「]/u;
/** Blocks of a box between two of its phrases: greetings, amounts, buttons. */
const NEAR = 6;

/**
 * Indexes of the blocks that a publisher's rules name as furniture: a rule's phrase, near the end of the text the rule names.
 * Where two rules match, what stands between the two blocks is part of the same box. True articles quote the same words, and a
 * short one does so near its end: so where some matching blocks are known to repeat, only those
 * and openings near them count; else a box begins with
 * a block that begins with a phrase or holds little else, and a quotation begins with its mark.
 */
export function boilerplateBlocks(
  texts: readonly string[],
  rules: readonly Boilerplate[],
  isRepeated: (index: number) => boolean = () => false,
): Set<number> {
  const dropped = new Set<number>();
  const folded = rules.length === 0 ? [] : texts.map(fold);
  for (const position of ['start', 'end'] as const) {
    const matches = new Set<number>();
    const openings = new Set<number>();
    for (const rule of rules.filter((rule) => rule.position === position)) {
      const from = position === 'start' ? 0 : Math.max(0, folded.length - rule.within);
      const end = position === 'start' ? Math.min(rule.within, folded.length) : folded.length;
      const phrase = fold(rule.phrase);
      for (let index = from; index < end; index++) {
        const text = folded[index] ?? '';
        if (!text.includes(phrase)) continue;
        matches.add(index);
        const isBare = text.length <= phrase.length + BESIDE_PHRASE && !QUOTATION.test(text);
        if (isBare || text.startsWith(phrase)) openings.add(index);
      }
    }
    const repeated = [...matches].filter(isRepeated);
    const sure = repeated.length > 0 ? withNear(repeated, [...openings]) : [...openings];
    if (sure.length === 0) continue;
    const others = repeated.length > 0 ? sure : [...matches];
    const first = position === 'start' ? Math.min(...others) : Math.min(...sure);
    const last = position === 'start' ? Math.max(...sure) : Math.max(...others);
    for (let index = first; index <= last; index++) dropped.add(index);
  }
  return dropped;
}

/** The places, and others that are at most `NEAR` blocks from one of them, or from one so found. */
function withNear(places: readonly number[], others: readonly number[]): number[] {
  let first = Math.min(...places);
  let last = Math.max(...places);
  for (const other of [...others].sort((left, right) => right - left))
    if (other < first && first - other <= NEAR) first = other;
  for (const other of [...others].sort((left, right) => left - right))
    if (other > last && other - last <= NEAR) last = other;
  return [first, last];
}
