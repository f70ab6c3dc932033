import type { SafeHtml } from '../domain/safe-html.js';
import { VOID_TAGS } from './allow-list.js';

interface Cut {
  at: number;
  /** Tags that are open there, as they were opened. */
  open: readonly string[];
  /** 0 between list items, rows, paragraphs or lines of code; 1 at a sentence's end; 2 between words. */
  roughness: number;
}

const STRUCTURE = new Set([
  'li',
  'tr',
  'p',
  'dd',
  'blockquote',
  'figure',
  'section',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'pre',
  'ul',
  'ol',
]);
const nameOf = (tag: string): string => /^<\/?([a-z][a-z0-9]*)/.exec(tag)?.[1] ?? '';

/**
 * A block too heavy for one page as two, cut near its middle where it hurts least: between rows, items or lines, else at the end of
 * a sentence, else between words. Tags open at the cut are closed and opened again, so both halves are sanitized HTML as before.
 * A block in which there is no such place comes back whole.
 */
export function splitBlock(block: SafeHtml): SafeHtml[] {
  const cuts = findCuts(block);
  const middle = block.length / 2;
  let best: Cut | null = null;
  for (const cut of cuts) {
    // A smoother cut is worth walking a sixth of the block for.
    const cost = Math.abs(cut.at - middle) + cut.roughness * (block.length / 6);
    if (best === null || cost < Math.abs(best.at - middle) + best.roughness * (block.length / 6)) best = cut;
  }
  if (best === null) return [block];
  const closing = [...best.open]
    .reverse()
    .map((tag) => `</${nameOf(tag)}>`)
    .join('');
  return [
    (block.slice(0, best.at) + closing) as SafeHtml,
    (best.open.join('') + block.slice(best.at).trimStart()) as SafeHtml,
  ];
}

function findCuts(block: string): Cut[] {
  const cuts: Cut[] = [];
  const open: string[] = [];
  let from = 0;
  const text = (until: number): void => {
    const inPre = open.some((tag) => nameOf(tag) === 'pre');
    const found = inPre ? /\n/g : /(?<=[.!?…。！？۔؟]["”»’)]*)\s+|(?<=[。！？])|\s+/gu;
    for (const match of block.slice(from, until).matchAll(found)) {
      const at = from + match.index + match[0].length;
      const before = block.slice(Math.max(from, from + match.index - 3), from + match.index);
      cuts.push({
        at,
        open: [...open],
        roughness: inPre ? 0 : /[.!?…。！？۔؟]["”»’)]*$/u.test(before) ? 1 : 2,
      });
    }
  };
  for (const match of block.matchAll(/<[^>]*>/g)) {
    const [tag] = match;
    text(match.index);
    from = match.index + tag.length;
    const name = nameOf(tag);
    if (tag.startsWith('</')) {
      open.pop();
      if (STRUCTURE.has(name) && open.length > 0) cuts.push({ at: from, open: [...open], roughness: 0 });
    } else if (!VOID_TAGS.includes(name)) open.push(tag);
  }
  return cuts.filter(
    (cut) => cut.at > 0 && cut.at < block.length && cut.open.length > 0 && hasTextOnBothSides(block, cut.at),
  );
}

const hasTextOnBothSides = (block: string, at: number): boolean =>
  /[^\s<>](?![^<]*>)/.test(block.slice(0, at)) && /[^\s<>](?![^<]*>)/.test(block.slice(at));
