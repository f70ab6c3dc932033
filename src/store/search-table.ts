import type { Db } from './database.js';

/** Turns text into what the index holds; another tokenizer can stand here. */
export interface SearchTokenizer {
  indexText(text: string, language: string): string;
}

export type SearchTable = ReturnType<typeof createSearchTable>;

export function createSearchTable(db: Db, tokenizer: SearchTokenizer) {
  const insert = db.prepare('INSERT INTO search (rowid, title, body) VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM search WHERE rowid = ?');
  return {
    put: (articleId: number, title: string, body: string, language: string): void => {
      remove.run(articleId);
      insert.run(articleId, tokenizer.indexText(title, language), tokenizer.indexText(body, language));
    },
    remove: (articleId: number): void => {
      remove.run(articleId);
    },
  };
}
