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
/** "Dear readers", an amount, a button: no paragraph of an article. In characters. */
const GREETING_CHARS = 40;

/**
 * Indexes of the blocks that a publisher's rules name as furniture: a rule's phrase, near the end of the text the rule names.
 * Where two rules match, what stands between the two blocks is part of the same box. True articles quote the same words, and a
 * short one does so near its end: so where some matching blocks are known to repeat, only those
 * and openings near them count; else a box begins with
 * a block that begins with a phrase or holds little else, and a quotation begins with its mark. `knowsLetters`: the
 * publisher's letters were known and are gone already, so that a phrase with text after it is the article's own.
 */
export function boilerplateBlocks(
  texts: readonly string[],
  rules: readonly Boilerplate[],
  isRepeated: (index: number) => boolean = () => false,
  knowsLetters = false,
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
    const isBetween = (index: number): boolean =>
      isRepeated(index) || openings.has(index) || (folded[index] ?? '').length <= GREETING_CHARS;
    const drop = (first: number, last: number): void => {
      for (let index = first; index <= last; index++) dropped.add(index);
    };
    if (repeated.length > 0 || knowsLetters) {
      if (repeated.length > 0) drop(...widened(repeated, openings, isBetween));
      // What is new may still be a box, where no text parts it from the end.
      const edge = position === 'start' ? -1 : folded.length;
      const [first, last] = widened([edge], openings, isBetween);
      if (position === 'start') drop(0, last);
      else drop(first, folded.length - 1);
    } else if (openings.size > 0) {
      const first = Math.min(...(position === 'start' ? matches : openings));
      drop(first, Math.max(...(position === 'start' ? openings : matches)));
    }
  }
  return dropped;
}

/** From first to last of the places, widened to openings that nothing but greetings and known blocks part from them. */
function widened(
  places: readonly number[],
  openings: ReadonlySet<number>,
  isBetween: (index: number) => boolean,
): [first: number, last: number] {
  let first = Math.min(...places);
  let last = Math.max(...places);
  const [least, most] = [Math.min(...openings), Math.max(...openings)];
  for (let at = first - 1; at >= least && isBetween(at); at--) if (openings.has(at)) first = at;
  for (let at = last + 1; at <= most && isBetween(at); at++) if (openings.has(at)) last = at;
  return [first, last];
}
