import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Sqlite } from '../../src/store/sqlite.js';

const run = promisify(execFile);

/** The titles that a newsboat of its own holds after it has read one feed once, in no order. It trusts any certificate. */
export async function titlesInNewsboat(newsboat: string, feed: string): Promise<string[]> {
  const home = mkdtempSync(join(tmpdir(), 'tamizdat-newsboat-'));
  const at = (name: string) => join(home, name);
  try {
    writeFileSync(at('urls'), `${feed}\n`);
    writeFileSync(at('config'), 'reload-threads 1\nssl-verifyhost no\nssl-verifypeer no\n');
    await run(newsboat, ['-q', '-u', at('urls'), '-c', at('cache.db'), '-C', at('config'), '-x', 'reload'], {
      env: { HOME: home, LANG: 'C.UTF-8', PATH: '/usr/bin:/bin' },
      timeout: 60_000,
    });
    const held = new Sqlite(at('cache.db'), { readonly: true });
    const titles = held.prepare('SELECT title FROM rss_item').pluck().all() as string[];
    held.close();
    return titles;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
