import { createRequire } from 'node:module';
import type Database from 'better-sqlite3';

const require = createRequire(import.meta.url);

/**
 * SQLite, by the release of better-sqlite3 that this Node can run. 13 needs Node-API 10 (Node 22.14): below it, opening a database
 * ends the process. 12 compiled against the headers of Node 24.19 or newer ends it whenever a statement is collected
 * (nodejs/node#65446). The two have the same interface.
 */
export const Sqlite: typeof Database =
  Number(process.versions.napi) >= 10 ? require('better-sqlite3') : require('better-sqlite3-12');
