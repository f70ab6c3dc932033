import type { Db } from './database.js';
import { type Move, parseMove } from './moved-sources.js';

/** Something that waits for the keeper's word: what is past the day's limit, a publisher's move to another host. */
export interface Decision {
  id: number;
  publisherId: string;
  kind: 'removal' | 'rewrite' | 'moved' | 'sign-removals';
  /** The article's stable id; of a move the old address and the new one; of removals to sign the log's size. */
  detail: string;
  askedAt: number;
  /** Null while it waits. */
  verdict: Verdict | null;
}

export type Verdict = 'accept' | 'refuse';

export type DecisionTable = ReturnType<typeof createDecisionTable>;

export function createDecisionTable(db: Db) {
  const columns = 'id, publisher_id AS publisherId, kind, detail, asked_at AS askedAt, verdict';
  const ask = db.prepare(
    'INSERT INTO decision (publisher_id, kind, detail, asked_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const open = db.prepare<[], Decision>(
    `SELECT ${columns} FROM decision WHERE verdict IS NULL ORDER BY asked_at, id`,
  );
  const byId = db.prepare<[number], Decision>(`SELECT ${columns} FROM decision WHERE id = ?`);
  const find = db.prepare<[string, string, string], Decision>(
    `SELECT ${columns} FROM decision WHERE publisher_id = ? AND kind = ? AND detail = ?`,
  );
  const settle = db.prepare('UPDATE decision SET verdict = ?, decided_at = ? WHERE id = ?');
  const forget = db.prepare('DELETE FROM decision WHERE id = ?');
  const moves = db.prepare<[string], { detail: string }>(
    `SELECT detail FROM decision WHERE publisher_id = ? AND kind = 'moved' AND verdict = 'accept' ORDER BY decided_at, id`,
  );
  return {
    /** The same question is asked once, whatever the answer was. */
    ask: (publisherId: string, kind: Decision['kind'], detail: string, at: number): void => {
      ask.run(publisherId, kind, detail, at);
    },
    open: (): Decision[] => open.all(),
    get: (id: number): Decision | null => byId.get(id) ?? null,
    find: (publisherId: string, kind: Decision['kind'], detail: string): Decision | null =>
      find.get(publisherId, kind, detail) ?? null,
    settle: (id: number, verdict: Verdict, at: number): void => {
      settle.run(verdict, at, id);
    },
    /** A word that held for one time and was used: the next time is asked again. */
    forget: (id: number): void => {
      forget.run(id);
    },
    /** Moves of a publisher's sources that were accepted, in that order. */
    acceptedMoves: (publisherId: string): Move[] =>
      moves.all(publisherId).map(({ detail }) => parseMove(detail)),
  };
}
