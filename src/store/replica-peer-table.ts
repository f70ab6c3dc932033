import type { Db } from './database.js';

/** `accuser`: it holds one half of a contradiction that the desk signed. */
export type PeerState = 'untried' | 'current' | 'stale' | 'liar' | 'silent' | 'accuser';

/** An address at which a followed repository was looked for, and how it did. */
export interface ReplicaPeer {
  replicaId: number;
  address: string;
  /** `card`: a private address, which is asked and never passed on. */
  origin: 'trust' | 'mirrors' | 'card';
  state: PeerState;
  reason: string | null;
  triedAt: number | null;
  answeredAt: number | null;
  bannedUntil: number | null;
  /** Connections to it freeze after some kilobytes: it is read in pieces. */
  throttled: boolean;
  etag: string | null;
  rootVersion: number | null;
  timestampVersion: number | null;
  issuedAt: number | null;
  size: number | null;
  /** Asked first, as long as it does well. */
  isSticky: boolean;
}

export interface Evidence {
  address: string;
  at: number;
  /** The refusal's class, named after the attack. */
  attack: string;
  reason: string;
  bytes: Buffer | null;
  known: Buffer | null;
}

type PeerRow = Omit<ReplicaPeer, 'throttled' | 'isSticky'> & { throttled: number; isSticky: number };

const COLUMNS = `replica_id AS replicaId, address, origin, state, reason, tried_at AS triedAt, answered_at AS answeredAt,
  banned_until AS bannedUntil, throttled, etag, root_version AS rootVersion, timestamp_version AS timestampVersion,
  issued_at AS issuedAt, size, is_sticky AS isSticky`;

/** Evidence kept of one peer: enough to show somebody, not enough to fill a disk. */
const MOST_EVIDENCE = 20;

export function createReplicaPeerTable(db: Db) {
  const of = db.prepare<[number], PeerRow>(
    `SELECT ${COLUMNS} FROM replica_peer WHERE replica_id = ? ORDER BY rowid`,
  );
  const add = db.prepare(
    'INSERT INTO replica_peer (replica_id, address, origin) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const put = db.prepare(
    `UPDATE replica_peer SET state = @state, reason = @reason, tried_at = @triedAt, answered_at = @answeredAt,
       banned_until = @bannedUntil, throttled = @throttled, etag = @etag, root_version = @rootVersion,
       timestamp_version = @timestampVersion, issued_at = @issuedAt, size = @size, is_sticky = @isSticky
     WHERE replica_id = @replicaId AND address = @address`,
  );
  const drop = db.prepare('DELETE FROM replica_peer WHERE replica_id = ? AND address = ?');
  const accuse = db.prepare(
    `INSERT INTO replica_evidence (replica_id, address, at, attack, reason, bytes, known)
     VALUES (@replicaId, @address, @at, @attack, @reason, @bytes, @known)`,
  );
  const forget = db.prepare(
    `DELETE FROM replica_evidence WHERE replica_id = @replicaId AND address = @address AND id <=
       (SELECT id FROM replica_evidence WHERE replica_id = @replicaId AND address = @address
        ORDER BY id DESC LIMIT 1 OFFSET ${MOST_EVIDENCE})`,
  );
  const evidence = db.prepare<[number], Evidence>(
    'SELECT address, at, attack, reason, bytes, known FROM replica_evidence WHERE replica_id = ? ORDER BY id',
  );
  return {
    of: (replicaId: number): ReplicaPeer[] =>
      of
        .all(replicaId)
        .map((row) => ({ ...row, throttled: row.throttled === 1, isSticky: row.isSticky === 1 })),
    add: (replicaId: number, address: string, origin: ReplicaPeer['origin']): void => {
      add.run(replicaId, address, origin);
    },
    put: (peer: ReplicaPeer): void => {
      put.run({ ...peer, throttled: peer.throttled ? 1 : 0, isSticky: peer.isSticky ? 1 : 0 });
    },
    drop: (replicaId: number, address: string): void => {
      drop.run(replicaId, address);
    },
    /** What a peer is blamed for, with the bytes that prove it. */
    accuse: (replicaId: number, given: Evidence): void => {
      accuse.run({ replicaId, ...given });
      forget.run({ replicaId, address: given.address });
    },
    evidence: (replicaId: number): Evidence[] => evidence.all(replicaId),
  };
}
