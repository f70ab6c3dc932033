import type { Store } from '../store/store.js';

/** So many thin pages of one pass are no chance, if they are also most of it. */
const FEWEST_THIN = 3;

const nameOf = (publisherId: string): string => `thin-pages:${publisherId}`;

/** Why the pages of this publisher are not trusted at the moment; null where they are. */
export const thinPagesReason = (store: Store, publisherId: string): string | null =>
  store.meta.get(nameOf(publisherId)) || null;

export type ThinPages = ReturnType<typeof openThinPages>;

/**
 * Counts the pages of one pass that yield much less than what is known of their text. One is a correction or an accident; most of
 * a pass are a redesign or a wall, and then what is known stays until most pages are whole again.
 */
export function openThinPages(store: Store, publisherId: string) {
  const before = thinPagesReason(store, publisherId);
  const held: { take: () => void; keep: () => void }[] = [];
  let compared = 0;
  let thin = 0;
  return {
    whole: (): void => {
      compared += 1;
    },
    thin: (): void => {
      compared += 1;
      thin += 1;
    },
    /** A copy that would get much shorter: taken at the end of the pass, or kept where the pages turn out suspect. */
    hold: (decided: { take: () => void; keep: () => void }): void => {
      compared += 1;
      thin += 1;
      held.push(decided);
    },
    settle: (): void => {
      const most = thin * 2 > compared;
      const suspect = compared === 0 ? before !== null : most && (before !== null || thin >= FEWEST_THIN);
      const reason = `suspect: ${thin} of ${compared} pages read together yield less than 60 % of the text known of them`;
      store.meta.put(nameOf(publisherId), suspect ? (before ?? reason) : '');
      for (const { take, keep } of held) (suspect ? keep : take)();
    },
  };
}
