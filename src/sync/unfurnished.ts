import type { SafeHtml } from '../domain/safe-html.js';
import { APPEAL_BLOCKS } from '../extract/appeals.js';
import { type FurnitureIndex, furnitureKey } from '../extract/furniture-index.js';
import { speaksAsFurniture } from '../extract/phrases.js';
import { safeBlocks, textOf } from '../sanitize/safe-text.js';

/** A text that would lose more than this is not furnished but repetitive, and stays as it is. */
const MOST_LOST = 0.5;
/** What a picture stands for beside words, in characters. */
const PICTURE_CHARS = 200;
/** A sentence of background is so long at least, in letters of which an ideograph is worth two, and links hardly anywhere. */
const PROSE_CHARS = 60;
const IDEOGRAPHS = /\p{Script=Han}/gu;
const PROSE_LINKS = 0.3;
const ENDS_SENTENCE = /[.!?…。！？։።]["”»’)\]]*$/;

/** A text without what its publisher is now known to repeat; the same text where nothing goes. */
export function unfurnished(content: SafeHtml, furniture: FurnitureIndex): SafeHtml {
  const blocks = safeBlocks(content);
  const isRepeated = blocks.map((block) => isKnownBlock(block, furniture));
  const kept: SafeHtml[] = [];
  for (let first = 0; first < blocks.length; ) {
    let end = first + 1;
    while (end < blocks.length && isRepeated[end] === isRepeated[first]) end++;
    const run = blocks.slice(first, end);
    const isInside = first > 0 && end < blocks.length;
    if (isRepeated[first] !== true || isBackground(run, isInside)) kept.push(...run);
    first = end;
  }
  const shorter = kept.join('') as SafeHtml;
  return weightOf(shorter) < weightOf(content) * (1 - MOST_LOST) ? content : shorter;
}

/**
 * Agencies tell in many articles what went before, in the same words. Such paragraphs are sentences that ask for nothing and point
 * nowhere; as many in a row as a letter has, they are that only with text before and after them.
 */
function isBackground(run: readonly SafeHtml[], isInside: boolean): boolean {
  return (isInside || run.length < APPEAL_BLOCKS) && run.every(isProse);
}

function isProse(block: SafeHtml): boolean {
  const text = textOf(block);
  const links = [...block.matchAll(/<a [^>]*>(.*?)<\/a>/gs)]
    .map(([link]) => textOf(link as SafeHtml))
    .join('');
  return (
    block.startsWith('<p') &&
    text.length + (text.match(IDEOGRAPHS)?.length ?? 0) >= PROSE_CHARS &&
    ENDS_SENTENCE.test(text) &&
    links.length < PROSE_LINKS * text.length &&
    !speaksAsFurniture(text)
  );
}

const elementOf = (block: SafeHtml): string => /^<([a-z\d]+)/.exec(block)?.[1] ?? 'p';

/** A block of a sanitized text as the index knows it. */
export const blockKey = (block: SafeHtml): string => furnitureKey(elementOf(block), textOf(block));

/** The index knows blocks with the element they stood in on the page, which a loose `div` is no more here. */
export function isKnownBlock(block: SafeHtml, furniture: FurnitureIndex): boolean {
  const text = textOf(block);
  return [elementOf(block), 'div'].some((element) => furniture.isFurniture(furnitureKey(element, text)));
}

/** What a text holds, its pictures counted: a gallery may have no words but its publisher's appeal. */
const weightOf = (content: SafeHtml): number =>
  textOf(content).length + PICTURE_CHARS * (content.split('<figure').length - 1);
