import type { SafeHtml } from '../domain/safe-html.js';
import { createFurnitureIndex, type FurnitureIndex, furnitureKey } from '../extract/furniture-index.js';
import { safeBlocks, textOf } from '../sanitize/safe-text.js';
import type { Store } from '../store/store.js';
import { afterSave, type TakeDeps } from './take-entries.js';

const nameOf = (publisherId: string): string => `furniture:${publisherId}`;

/** Earlier articles looked at again when something new is learned: furniture is known from the third article it stands on. */
const LOOKED_BACK = 12;
/** A text that would lose more than this is not furnished but repetitive, and stays as it is. */
const MOST_LOST = 0.5;
/** What a picture stands for beside words, in characters. */
const PICTURE_CHARS = 200;

/** Which blocks this publisher repeats, as far as was learned until now. */
export const openFurniture = (store: Store, publisherId: string): FurnitureIndex =>
  createFurnitureIndex(store.meta.get(nameOf(publisherId)));

/**
 * Keeps what was learned, and takes newly known furniture out of the articles read before it was known: another edition of the
 * same text, never a revision.
 */
export function keepFurniture(
  publisherId: string,
  furniture: FurnitureIndex,
  readIds: readonly number[],
  deps: TakeDeps,
): void {
  const { store, clock } = deps;
  const learned = furniture.serialize();
  if (learned === store.meta.get(nameOf(publisherId))) return;
  store.meta.put(nameOf(publisherId), learned);
  const recent = store.lists.newest({ publisherId }, LOOKED_BACK).map((article) => article.id);
  for (const id of new Set([...readIds, ...recent])) {
    const article = store.articles.get(id);
    if (article === null || article.origin !== 'page' || article.state !== 'live') continue;
    const content = withoutFurniture(article.content, furniture);
    if (content === article.content) continue;
    store.transaction(() =>
      afterSave(store.articles.save({ ...article, content }, { at: clock.now(), edition: true }), deps),
    );
  }
}

/** The index knows blocks with the element they stood in on the page, which a loose `div` is no more here. */
function isKnown(block: SafeHtml, furniture: FurnitureIndex): boolean {
  const text = textOf(block);
  const name = /^<([a-z\d]+)/.exec(block)?.[1] ?? 'p';
  return [name, 'div'].some((element) => furniture.isFurniture(furnitureKey(element, text)));
}

/** What a text holds, its pictures counted: a gallery may have no words but its publisher's appeal. */
const weightOf = (content: SafeHtml): number =>
  textOf(content).length + PICTURE_CHARS * (content.split('<figure').length - 1);

function withoutFurniture(content: SafeHtml, furniture: FurnitureIndex): SafeHtml {
  const kept = safeBlocks(content).filter((block) => !isKnown(block, furniture));
  const shorter = kept.join('') as SafeHtml;
  return weightOf(shorter) < weightOf(content) * (1 - MOST_LOST) ? content : shorter;
}
