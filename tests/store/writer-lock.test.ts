import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeWriterLock } from '../../src/store/writer-lock.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tamizdat-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the writer's lock", () => {
  it('is held by one at a time, and free again once it is let go', () => {
    const file = join(folder, 'writer.lock');
    const first = takeWriterLock(file);
    expect(() => takeWriterLock(file)).toThrow(/another process is syncing/);
    first.release();
    takeWriterLock(file).release();
  });

  it('calls nobody busy where its file cannot be used', () => {
    const file = join(folder, 'writer.lock');
    writeFileSync(file, 'words of somebody else, and more of them than an empty database has');
    expect(() => takeWriterLock(file)).toThrow(/not a database/);
  });
});
