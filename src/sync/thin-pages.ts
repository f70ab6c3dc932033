import type { Store } from '../store/store.js';

/** So many thin pages are no chance, if they are also most of those looked at last. */
const FEWEST_THIN = 3;
/** Pages looked at last: all of a pass, and those before it up to so many articles, since most passes read a page or two. */
const LOOKED_AT = 5;

/** An article and whether its page was thin when it was last read. */
type Look = [articleId: number, isThin: boolean];

const reasonName = (publisherId: string): string => `thin-pages:${publisherId}`;
const looksName = (publisherId: string): string => `thin-pages-looks:${publisherId}`;

/** Why the pages of this publisher are not trusted at the moment; null where they are. */
export const thinPagesReason = (store: Store, publisherId: string): string | null =>
  store.meta.get(reasonName(publisherId)) || null;

export type ThinPages = ReturnType<typeof openThinPages>;

/**
 * Counts the pages that yield much less than what is known of their text. One is a correction or an accident, such as a video's note
 * under a long text in the feed, and concerns its article alone; most of those looked at last are a redesign or a wall, and then what
 * is known stays until most pages are whole again.
 */
export function openThinPages({ meta }: Pick<Store, 'meta'>, publisherId: string) {
  const looks: Look[] = [];
  const held: { take: () => void; keep: () => void }[] = [];
  return {
    whole: (articleId: number): void => {
      looks.push([articleId, false]);
    },
    thin: (articleId: number): void => {
      looks.push([articleId, true]);
    },
    /** A copy that would get much shorter: taken at the end of the pass, or kept where the pages turn out suspect. */
    hold: (articleId: number, decided: { take: () => void; keep: () => void }): void => {
      looks.push([articleId, true]);
      held.push(decided);
    },
    settle: (): void => {
      if (looks.length === 0) return;
      const before = meta.get(reasonName(publisherId)) || null;
      // An article that is read again counts once.
      const earlier = (JSON.parse(meta.get(looksName(publisherId)) ?? '[]') as Look[]).filter(
        ([id]) => !looks.some(([now]) => now === id),
      );
      const last = [...earlier, ...looks].slice(-Math.max(LOOKED_AT, looks.length));
      const thin = last.filter(([, isThin]) => isThin).length;
      const suspect = thin * 2 > last.length && (before !== null || thin >= FEWEST_THIN);
      const reason = `suspect: ${thin} of ${last.length} pages read last yield less than 60 % of the text known of them`;
      meta.put(reasonName(publisherId), suspect ? (before ?? reason) : '');
      meta.put(looksName(publisherId), JSON.stringify(last.slice(-LOOKED_AT)));
      for (const { take, keep } of held) (suspect ? keep : take)();
    },
  };
}
