import type { Db } from './database.js';

export type MetaTable = ReturnType<typeof createMetaTable>;

/** Single values that outlive the process. */
export function createMetaTable(db: Db) {
  const get = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?');
  const put = db.prepare(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const remove = db.prepare('DELETE FROM meta WHERE name = ?');
  return {
    get: (name: string): string | null => get.get(name)?.value ?? null,
    put: (name: string, value: string): void => {
      put.run(name, value);
    },
    remove: (name: string): void => {
      remove.run(name);
    },
  };
}
