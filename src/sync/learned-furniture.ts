import { createFurnitureIndex, type FurnitureIndex } from '../extract/furniture-index.js';
import type { Store } from '../store/store.js';
import { afterSave } from './after-save.js';
import type { TakeDeps } from './page-deps.js';
import { unfurnished } from './unfurnished.js';

const nameOf = (publisherId: string): string => `furniture:${publisherId}`;

/** Earlier articles looked at again when something new is learned: furniture is known from the third article it stands on. */
const LOOKED_BACK = 12;

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
    if (article === null || article.state !== 'live') continue;
    const content = unfurnished(article.content, furniture);
    if (content === article.content) continue;
    store.transaction(() =>
      afterSave(store.articles.save({ ...article, content }, { at: clock.now(), edition: true }), deps),
    );
  }
}
