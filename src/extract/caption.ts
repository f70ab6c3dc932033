import { type Element, isTag, type ParentNode } from 'domhandler';
import { descendants, textContent } from './tree.js';

/** Levels between a caption and its figure, and between a picture and the box that a caption follows. */
const [FIGURE_LEVELS, BOX_LEVELS] = [4, 2];
/** A caption is no longer. In characters. */
const CAPTION_CHARS = 600;
const CAPTION_NAME = /caption/i;
/** A box with more words is no wrapping of a picture alone. In characters. */
const WRAPPING_CHARS = 200;

export const isImage = ({ name }: Element): boolean => name === 'img' || name === 'amp-img';

/** Whether an element holds a picture's words: `figcaption`, a figure's own words, or what is named a caption in a figure or beside a picture. */
export function isCaption(element: Element): boolean {
  const { name, attribs } = element;
  if (name === 'figcaption') return true;
  if (name === 'figure') return isPlainFigure(element);
  if (attribs.itemprop !== 'caption' && !CAPTION_NAME.test(attribs.class ?? '')) return false;
  // What some frameworks call a caption is a card: a picture of its own, or a headline with a text.
  const isCard = descendants(element).some((below) => isImage(below) || /^h[1-6]$/.test(below.name));
  if (isCard || textContent(element).length > CAPTION_CHARS) return false;
  let box: ParentNode | null = element.parent;
  for (let level = 0; level < FIGURE_LEVELS && box !== null && isTag(box); level++, box = box.parent)
    if (box.name === 'figure') return true;
  const before = siblingOf(element, 'prev');
  return (
    before !== null &&
    [before, ...descendants(before)].some(isImage) &&
    textContent(before).length <= WRAPPING_CHARS
  );
}

/** A figure of pictures and some words: neither a quotation with a portrait, nor a table, nor a text somebody put into one. */
function isPlainFigure(figure: Element): boolean {
  const below = descendants(figure);
  return (
    below.some(isImage) &&
    !below.some(({ name }) => /^(?:blockquote|table|pre)$/.test(name)) &&
    textContent(figure).length <= CAPTION_CHARS
  );
}

/** The caption that follows a picture outside of it. */
export function captionAfter(picture: Element): Element | null {
  const after = siblingOf(picture, 'next');
  return after !== null && after.name !== 'figure' && isCaption(after) ? after : null;
}

/** The element beside another, or beside the box that it begins or ends. */
function siblingOf(element: Element, side: 'prev' | 'next'): Element | null {
  let at: Element = element;
  for (let level = 0; level <= BOX_LEVELS; level++) {
    for (let node = at[side]; node !== null; node = node[side]) if (isTag(node)) return node;
    if (at.parent === null || !isTag(at.parent)) return null;
    at = at.parent;
  }
  return null;
}
