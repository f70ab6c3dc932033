import type { Db } from './database.js';

export interface StoredCard {
  /** The signed note as it came. */
  card: string;
  repository: string;
  urls: readonly string[];
  expiresAt: number;
  addedAt: number;
}

/** docs/formats.md, "Mirror cards": a node keeps no more. */
const MOST_CARDS = 3;

/** Public addresses of this desk, and private ones that were handed to it. The two never mix. */
export function createMirrorTable(db: Db) {
  const all = db.prepare<[], { url: string }>('SELECT url FROM mirror_address ORDER BY added_at, url');
  const add = db.prepare('INSERT INTO mirror_address (url, added_at) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const remove = db.prepare('DELETE FROM mirror_address WHERE url = ?');
  const cards = db.prepare<[number], Omit<StoredCard, 'urls'> & { urls: string }>(
    `SELECT card, repository, urls, expires_at AS expiresAt, added_at AS addedAt FROM mirror_card
     WHERE expires_at > ? ORDER BY added_at DESC, card`,
  );
  const addCard = db.prepare(
    `INSERT INTO mirror_card (card, repository, urls, expires_at, added_at)
     VALUES (@card, @repository, @urls, @expiresAt, @addedAt)
     ON CONFLICT DO UPDATE SET added_at = excluded.added_at`,
  );
  const dropExpired = db.prepare('DELETE FROM mirror_card WHERE expires_at <= ?');
  const dropOldest = db.prepare(
    `DELETE FROM mirror_card WHERE card NOT IN (SELECT card FROM mirror_card ORDER BY added_at DESC, card LIMIT ${MOST_CARDS})`,
  );
  return {
    publicUrls: (): string[] => all.all().map(({ url }) => url),
    /** False where it was there before. */
    publish: (url: string, at: number): boolean => add.run(url, at).changes === 1,
    /** False where it was not there. */
    unpublish: (url: string): boolean => remove.run(url).changes === 1,
    /** Cards that have not expired at `at`, newest first. */
    cards: (at: number): StoredCard[] =>
      cards.all(at).map((row) => ({ ...row, urls: JSON.parse(row.urls) as string[] })),
    /** Keeps a card; expired ones go, and the oldest beyond three. */
    keepCard: (card: StoredCard): void => {
      dropExpired.run(card.addedAt);
      addCard.run({ ...card, urls: JSON.stringify(card.urls) });
      dropOldest.run();
    },
  };
}
