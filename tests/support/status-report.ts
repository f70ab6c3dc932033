import type { StatusReport } from '../../src/keeper/status.js';

/** The status of a node with one publisher, as far as metrics ask for it. */
export const statusReport = {
  at: 1_800_000_000_000,
  publishers: [
    {
      id: 'the-quay',
      sources: [{ state: 'fresh' }, { state: 'blocked' }],
      articles: 7,
      heardAt: 1_799_999_000_000,
    },
  ],
  waiting: [{}],
  troubles: [{ level: 'warn' }],
  dirtyGroups: 3,
  lastPassAt: 1_799_999_500_000,
  disk: { freeBytes: 9, databaseBytes: 8, picturesBytes: 7 },
  traffic: { todayBytes: 5, todayAllowance: 50, monthBytes: 6 },
  certificate: { expiresAt: 1_900_000_000_000 },
  backup: { at: 1_799_000_000_000 },
  syncPaused: null,
  keys: [{ role: 'timestamp', expiresAt: 1_801_000_000_000 }],
  peers: [{ state: 'current' }],
  verified: { ok: true },
} as unknown as StatusReport;
