import type { Element } from 'domhandler';
import { isGalleryFigure } from './gallery-box.js';
import { appeals } from './phrases.js';
import type { Block } from './segment.js';

/** Who speaks to readers of whom: "we", "you" and "your" in the languages of the publishers we ship and their neighbors. */
const ADDRESS =
  /(?<!\p{L})(?:we|us|our|you|your|readers|мы|нас|нам|наш\p{L}*|вы|вас|вам|ваш\p{L}*|читател\p{L}*|ми|ви|читач\p{L}*|чытач\p{L}*|wir|uns|unsere?|sie|ihre?|nous|notre|vous|votre|nosotros|nuestr\p{L}|usted(?:es)?|ما|شما|خوانندگان)(?!\p{L})|我们|我們|您|读者|讀者/iu;
/** A sentence quotes somebody who says "we"; so many blocks of it are a letter. */
const LEAST_ADDRESSED = 2;

/**
 * A gallery's text without an appeal under its last picture, where nothing has shown yet that its publisher repeats it: what
 * stands in one box there, asks for something and speaks to its readers more than once. A gallery's own words stand before its
 * pictures and between them, and a line after them that speaks to nobody stays.
 */
export function withoutGalleryAppeal(
  elements: readonly Element[],
  chosen: readonly Block[],
): readonly Block[] {
  const lastFigure = elements.findLastIndex(isGalleryFigure);
  const isUnder = ({ scope: { element } }: Block): boolean =>
    element !== null && elements.indexOf(element, lastFigure) > lastFigure;
  const under = chosen.filter(isUnder);
  const asking = under.find(({ text }) => appeals(text));
  if (asking === undefined) return chosen;
  const box = under.filter(({ scope }) => scope.parent === asking.scope.parent);
  const speaks = (block: Block): boolean => ADDRESS.test(block.text);
  if (box.filter(speaks).length < LEAST_ADDRESSED) return chosen;
  const appeal = new Set(box.slice(box.findIndex((block) => block === asking || speaks(block))));
  return chosen.filter((block) => !appeal.has(block));
}
