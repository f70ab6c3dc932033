import { createArticleTable } from './article-table.js';
import { createArticleTagTable } from './article-tag-table.js';
import { createChangeTable } from './change-table.js';
import { type OpenOptions, openDatabase } from './database.js';
import { createDecisionTable } from './decision-table.js';
import { createDeskTable } from './desk-table.js';
import { createDirtyTable } from './dirty-table.js';
import { createHealthQueries } from './health-queries.js';
import { createKeeperQueries } from './keeper-queries.js';
import { createListQueries } from './list-queries.js';
import { createLogTable } from './log-table.js';
import { createMediaTable } from './media-table.js';
import { createMetaTable } from './meta-table.js';
import { createMirrorTable } from './mirror-table.js';
import { createPageTable } from './page-table.js';
import { createPassTable } from './pass-table.js';
import { createPinTable } from './pin-table.js';
import { createPublisherTable } from './publisher-table.js';
import { createReplicaEntryTable } from './replica-entry-table.js';
import { createReplicaPeerTable } from './replica-peer-table.js';
import { createReplicaTable } from './replica-table.js';
import { createRetentionQueries } from './retention-queries.js';
import { createRevisionTable } from './revision-table.js';
import { createSearchScrub } from './search-scrub.js';
import { createSearchTable, type SearchTokenizer } from './search-table.js';
import { createSignedFileTable } from './signed-file-table.js';
import { createSourceTable } from './source-table.js';
import { createTrafficTable } from './traffic-table.js';
import { createWorkQueue } from './work-queue.js';

export type Store = ReturnType<typeof openStore>;

/** Everything the node knows, in one SQLite file. Throws what `openDatabase` throws. */
export function openStore(file: string, options: OpenOptions & { tokenizer: SearchTokenizer }) {
  const db = openDatabase(file, options);
  const changes = createChangeTable(db);
  const decisions = createDecisionTable(db);
  const meta = createMetaTable(db);
  const revisions = createRevisionTable(db);
  const tags = createArticleTagTable(db);
  const tables = {
    articles: createArticleTable(db, changes, revisions, tags),
    changes,
    decisions,
    desk: createDeskTable(db),
    dirty: createDirtyTable(db),
    health: createHealthQueries(db),
    keeper: createKeeperQueries(db),
    lists: createListQueries(db),
    log: createLogTable(db),
    media: createMediaTable(db),
    meta,
    mirrors: createMirrorTable(db),
    pages: createPageTable(db),
    passes: createPassTable(db),
    pins: createPinTable(db),
    publishers: createPublisherTable(db, decisions),
    replicas: createReplicaTable(db),
    replicaEntries: createReplicaEntryTable(db),
    replicaPeers: createReplicaPeerTable(db),
    revisions,
    search: createSearchTable(db, options.tokenizer),
    searchScrub: createSearchScrub(db, meta),
    signedFiles: createSignedFileTable(db),
    sources: createSourceTable(db),
    tags,
    traffic: createTrafficTable(db),
    work: createWorkQueue(db),
  };
  return {
    ...tables,
    retention: createRetentionQueries(db, tables),
    /** All or nothing. Takes the write lock at once, so that two writers wait instead of failing half-way. */
    transaction: <T>(work: () => T): T => db.transaction(work).immediate(),
    /** As `transaction`, and on disk for good when it returns, whatever happens to the power: what is signed is never signed twice. */
    durably: <T>(work: () => T): T => {
      db.pragma('synchronous = FULL');
      try {
        return db.transaction(work).immediate();
      } finally {
        db.pragma('synchronous = NORMAL');
      }
    },
    /** Changes whenever another connection has written. */
    dataVersion: (): number => Number(db.pragma('data_version', { simple: true })),
    /** Moves what was written into the database file and empties the log beside it: what was overwritten is then nowhere. */
    checkpoint: (): void => {
      db.pragma('wal_checkpoint(TRUNCATE)');
    },
    close: (): void => {
      db.close();
    },
  };
}
