import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TamizdatError } from '../../src/domain/errors.js';
import { openDatabase } from '../../src/store/database.js';
import { takeWriterLock } from '../../src/store/writer-lock.js';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof TamizdatError ? error.code : String(error);
  }
  return 'nothing thrown';
};

describe('the database file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-db-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps what it held when it is opened again', () => {
    const file = join(folder, 'kept.sqlite');
    const first = openDatabase(file);
    first.exec("INSERT INTO meta VALUES ('a', 'b')");
    first.close();
    const again = openDatabase(file);
    expect(again.prepare('SELECT value FROM meta').pluck().get()).toBe('b');
    again.close();
  });

  it('refuses a file written by a newer version instead of guessing', () => {
    const file = join(folder, 'newer.sqlite');
    const db = openDatabase(file);
    db.pragma('user_version = 999');
    db.close();
    expect(codeOf(() => openDatabase(file))).toBe('database-newer');
  });

  it('says that a file is no database, and that a reader finds none', () => {
    const file = join(folder, 'letter.sqlite');
    writeFileSync(file, 'Dear reader, this is a letter and not a database. '.repeat(100));
    expect(codeOf(() => openDatabase(file))).toBe('database-damaged');
    expect(codeOf(() => openDatabase(join(folder, 'none.sqlite'), { readOnly: true }))).toBe(
      'database-missing',
    );
  });

  it('has one writer at a time', () => {
    const file = join(folder, 'writer.lock');
    const held = takeWriterLock(file);
    expect(codeOf(() => takeWriterLock(file))).toBe('writer-busy');
    held.release();
    const next = takeWriterLock(file);
    next.release();
  });
});
