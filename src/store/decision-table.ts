import type { Db } from './database.js';

/** Something that waits for the keeper's word: a removal past the day's limit, a publisher's move to another host. */
export interface Decision {
  id: number;
  publisherId: string;
  kind: 'removal' | 'moved';
  /** The article's stable id; the new address. */
  detail: string;
  askedAt: number;
}

export type DecisionTable = ReturnType<typeof createDecisionTable>;

export function createDecisionTable(db: Db) {
  const ask = db.prepare(
    'INSERT INTO decision (publisher_id, kind, detail, asked_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const open = db.prepare<[], Decision>(
    `SELECT id, publisher_id AS publisherId, kind, detail, asked_at AS askedAt FROM decision
     WHERE decided_at IS NULL ORDER BY asked_at, id`,
  );
  return {
    /** The same question is asked once. */
    ask: (publisherId: string, kind: Decision['kind'], detail: string, at: number): void => {
      ask.run(publisherId, kind, detail, at);
    },
    open: (): Decision[] => open.all(),
  };
}
