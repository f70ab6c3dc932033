import type { Db } from './database.js';
import type { MetaTable } from './meta-table.js';

const STATE = 'search-scrub';
/** Pages of 4 KB that one step may write: tens of milliseconds. */
const STEP_PAGES = 500;

/**
 * FTS5 only marks an entry of an index without text as deleted; its words stay in the file, in their order, until chance merges the
 * part they are in. After a text was buried or a name was taken back both indexes are merged whole, in steps (sqlite.org/fts5.html,
 * "The 'merge' Command"): seconds for 100,000 articles, which ordinary edits need not cost.
 */
export function createSearchScrub(db: Db, meta: MetaTable) {
  const merges = ['search', 'search_topic'].map((table) =>
    db.prepare<[number]>(`INSERT INTO ${table} (${table}, rank) VALUES ('merge', ?)`),
  );
  const written = db.prepare<[], number>('SELECT total_changes()').pluck();
  /** Whether there was something to merge: the command itself counts as one change. */
  const merge = (pages: number): boolean =>
    merges.filter((command) => {
      const before = written.get() ?? 0;
      command.run(pages);
      return (written.get() ?? 0) - before > 1;
    }).length > 0;
  return {
    /** What was deleted until now is to leave the file. Inside the caller's transaction. */
    want: (): void => meta.put(STATE, 'wanted'),
    /** Does a part of what is wanted; whether there is more to do. */
    step: (): boolean =>
      db
        .transaction(() => {
          const state = meta.get(STATE);
          if (state === null) return false;
          // A negative number begins a merge of all there is.
          const isNew = state === 'wanted';
          const goesOn = merge(isNew ? -STEP_PAGES : STEP_PAGES) || isNew;
          if (!goesOn) meta.remove(STATE);
          else if (isNew) meta.put(STATE, 'begun');
          return goesOn;
        })
        .immediate(),
  };
}
