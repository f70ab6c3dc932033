import type { Publisher } from '../domain/publisher.js';
import type { Db } from './database.js';
import type { DecisionTable } from './decision-table.js';
import { withMoves } from './moved-sources.js';

/** How long a publisher has been silent, as far as the pages show it. */
export type Silence = 'none' | 'quiet' | 'silent';

export interface StoredPublisher extends Publisher {
  active: boolean;
  silence: Silence;
  silenceReason: string | null;
  /** When any of its sources last answered as it should. */
  heardAt: number | null;
  /** When it last published something, as far as we saw. */
  newsAt: number | null;
}

interface PublisherRow {
  id: string;
  definition: string;
  active: number;
  silence: string;
  silence_reason: string | null;
  heard_at: number | null;
  news_at: number | null;
}

export function createPublisherTable(db: Db, decisions: DecisionTable) {
  const parsed = new Map<string, { definition: string; card: Publisher }>();

  /** Every page asks for its publisher, and cards change with the config only: each is parsed once. */
  function cardOf({ id, definition }: PublisherRow): Publisher {
    const known = parsed.get(id);
    if (known?.definition === definition) return known.card;
    const card = JSON.parse(definition) as Publisher;
    parsed.set(id, { definition, card });
    return card;
  }

  /** As it is in force: the card of the config, and the moves its keeper accepted since. */
  const toPublisher = (row: PublisherRow): StoredPublisher => ({
    ...withMoves(cardOf(row), decisions.acceptedMoves(row.id)),
    active: row.active === 1,
    silence: row.silence as Silence,
    silenceReason: row.silence_reason,
    heardAt: row.heard_at,
    newsAt: row.news_at,
  });
  const all = db.prepare<[], PublisherRow>('SELECT * FROM publisher WHERE active = 1 ORDER BY position, id');
  const several = db.prepare<[], 1>('SELECT 1 FROM publisher WHERE active = 1 LIMIT 1 OFFSET 1');
  const byId = db.prepare<[string], PublisherRow>('SELECT * FROM publisher WHERE id = ?');
  const put = db.prepare(
    `INSERT INTO publisher (id, definition, active, position) VALUES (@id, @definition, 1, @position)
     ON CONFLICT (id) DO UPDATE SET definition = excluded.definition, active = 1, position = excluded.position`,
  );
  const rest = db.prepare('UPDATE publisher SET active = 0 WHERE id = ?');
  const addSource = db.prepare(
    'INSERT INTO source (publisher_id, url, since_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const heard = db.prepare('UPDATE publisher SET heard_at = ? WHERE id = ?');
  const news = db.prepare('UPDATE publisher SET news_at = max(coalesce(news_at, 0), ?) WHERE id = ?');
  const silence = db.prepare('UPDATE publisher SET silence = ?, silence_reason = ? WHERE id = ?');

  return {
    /** The publishers this node mirrors, in the order of the config. */
    active: (): StoredPublisher[] => all.all().map(toPublisher),
    areSeveral: (): boolean => several.get() !== undefined,
    get: (id: string): StoredPublisher | null => {
      const row = byId.get(id);
      return row === undefined ? null : toPublisher(row);
    },
    /**
     * Makes the database's publishers those of the config. Answers the ids whose card is new, changed, or gone to rest.
     * What a resting publisher published stays stored.
     */
    sync: (publishers: readonly Publisher[], at: number): string[] => {
      const changed: string[] = [];
      publishers.forEach((publisher, position) => {
        const definition = JSON.stringify(publisher);
        const before = byId.get(publisher.id);
        if (before === undefined || before.definition !== definition || before.active === 0)
          changed.push(publisher.id);
        put.run({ id: publisher.id, definition, position });
        for (const source of withMoves(publisher, decisions.acceptedMoves(publisher.id)).sources)
          addSource.run(publisher.id, source.url, at);
      });
      for (const row of all.all()) {
        if (publishers.some((publisher) => publisher.id === row.id)) continue;
        rest.run(row.id);
        changed.push(row.id);
      }
      return changed;
    },
    setHeardAt: (id: string, at: number): void => {
      heard.run(at, id);
    },
    setNewsAt: (id: string, at: number): void => {
      news.run(at, id);
    },
    setSilence: (id: string, value: Silence, reason: string | null): void => {
      silence.run(value, reason, id);
    },
  };
}
