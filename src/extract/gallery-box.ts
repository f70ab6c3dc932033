import { type Element, isTag, type ParentNode } from 'domhandler';
import { isFurnitureScope } from './figures.js';
import type { Block } from './segment.js';
import { contains } from './select.js';

/** Fewer pictures are an illustrated article, and their text tells where it is. */
export const GALLERY_PICTURES = 6;
/** The element that holds so many of a page's figures holds its gallery. */
const MOST = 0.8;

/**
 * Where a gallery is, by its pictures: it may have no text to be found by, or none but an appeal that stands outside it. The
 * smallest element with most of the page's figures and with the text that was chosen; null where there are not six.
 */
export function galleryBox(elements: readonly Element[], chosen: readonly Block[]): Element | null {
  const figures = elements.filter(isGalleryFigure);
  if (figures.length < GALLERY_PICTURES) return null;
  const held = new Map<Element, number>();
  for (const figure of figures)
    for (let box = figure.parent; isBox(box); box = box.parent) held.set(box, (held.get(box) ?? 0) + 1);
  let box: ParentNode | null = figures[0]?.parent ?? null;
  while (isBox(box) && (held.get(box) ?? 0) < MOST * figures.length) box = box.parent;
  while (isBox(box) && !holdsAll(box, chosen)) box = box.parent;
  return isBox(box) ? box : null;
}

const isBox = (node: ParentNode | null): node is Element => node !== null && isTag(node);

export const isGalleryFigure = (element: Element): boolean =>
  element.name === 'figure' && !isFurnitureScope(element, []);

const holdsAll = (box: Element, chosen: readonly Block[]): boolean =>
  chosen.every(({ leaves }) => leaves.every((leaf) => contains(box, leaf)));
