import type { Db } from './database.js';

/** A repository that this node follows. Versions are 0 and `repository` null until a peer first proved it. */
export interface Replica {
  id: number;
  /** SHA-256 of the root.json that the trust string names. */
  pin: Buffer;
  trust: string;
  repository: string | null;
  joinedAt: number;
  rootVersion: number;
  timestampVersion: number;
  /** First entry of the log that is held here. */
  lowest: number;
  size: number;
  frontier: readonly Buffer[];
  confirmedSize: number;
  /** When the desk last signed that this is the newest. */
  issuedAt: number | null;
  /** When a peer last proved a head that is not older. */
  verifiedAt: number | null;
  triedAt: number | null;
  /** Why the last pass brought nothing; null where it went well. */
  trouble: string | null;
  /** Set once the desk contradicted itself: nothing more is taken. */
  alarm: string | null;
  alarmAt: number | null;
  /** Timestamp version and log size that stand in files. */
  written: number;
  writtenSize: number;
}

/** A small signed file of a followed tree, byte for byte. `name`: a role, `head`, `checkpoint`, or a target's path. */
export interface ReplicaFile {
  path: string;
  name: string;
  version: number;
  bytes: Buffer;
}

interface ReplicaRow {
  id: number;
  pin: Buffer;
  trust: string;
  repository: string | null;
  joined_at: number;
  root_version: number;
  timestamp_version: number;
  lowest: number;
  size: number;
  frontier: Buffer;
  confirmed_size: number;
  issued_at: number | null;
  verified_at: number | null;
  tried_at: number | null;
  trouble: string | null;
  alarm: string | null;
  alarm_at: number | null;
  written: number;
  written_size: number;
}

const toReplica = (row: ReplicaRow): Replica => ({
  id: row.id,
  pin: row.pin,
  trust: row.trust,
  repository: row.repository,
  joinedAt: row.joined_at,
  rootVersion: row.root_version,
  timestampVersion: row.timestamp_version,
  lowest: row.lowest,
  size: row.size,
  frontier: Array.from({ length: row.frontier.length / 32 }, (_, at) =>
    row.frontier.subarray(at * 32, at * 32 + 32),
  ),
  confirmedSize: row.confirmed_size,
  issuedAt: row.issued_at,
  verifiedAt: row.verified_at,
  triedAt: row.tried_at,
  trouble: row.trouble,
  alarm: row.alarm,
  alarmAt: row.alarm_at,
  written: row.written,
  writtenSize: row.written_size,
});

/** The repositories that are followed, in the order in which they were joined, and their small signed files. */
export function createReplicaTable(db: Db) {
  const all = db.prepare<[], ReplicaRow>('SELECT * FROM replica ORDER BY id');
  const byId = db.prepare<[number], ReplicaRow>('SELECT * FROM replica WHERE id = ?');
  const byPin = db.prepare<[Buffer], ReplicaRow>('SELECT * FROM replica WHERE pin = ?');
  const insert = db.prepare('INSERT INTO replica (pin, trust, joined_at) VALUES (?, ?, ?)');
  const setTrust = db.prepare('UPDATE replica SET trust = ? WHERE id = ?');
  const drop = db.prepare('DELETE FROM replica WHERE id = ?');
  const found = db.prepare('UPDATE replica SET repository = ?, root_version = ? WHERE id = ?');
  const advance = db.prepare(
    `UPDATE replica SET root_version = @rootVersion, timestamp_version = @timestampVersion, lowest = @lowest, size = @size,
       frontier = @frontier, confirmed_size = @confirmedSize, issued_at = @issuedAt, verified_at = @verifiedAt WHERE id = @id`,
  );
  const tried = db.prepare('UPDATE replica SET tried_at = ?, trouble = ? WHERE id = ?');
  const verified = db.prepare('UPDATE replica SET verified_at = ? WHERE id = ?');
  const alarm = db.prepare('UPDATE replica SET alarm = ?, alarm_at = ? WHERE id = ?');
  const written = db.prepare('UPDATE replica SET written = ?, written_size = ? WHERE id = ?');
  const putFile = db.prepare(
    `INSERT INTO replica_file (replica_id, path, name, version, bytes) VALUES (@replicaId, @path, @name, @version, @bytes)
     ON CONFLICT (replica_id, path) DO UPDATE SET version = excluded.version, bytes = excluded.bytes, superseded_at = NULL`,
  );
  const supersede = db.prepare(
    `UPDATE replica_file SET superseded_at = @at
     WHERE replica_id = @replicaId AND name = @name AND path <> @path AND superseded_at IS NULL AND name <> 'root'`,
  );
  const current = db.prepare<[number, string], ReplicaFile>(
    'SELECT path, name, version, bytes FROM replica_file WHERE replica_id = ? AND name = ? ORDER BY version DESC LIMIT 1',
  );
  const files = db.prepare<[number], ReplicaFile>(
    'SELECT path, name, version, bytes FROM replica_file WHERE replica_id = ? AND superseded_at IS NULL ORDER BY path',
  );
  const old = db.prepare<[number, number], { path: string }>(
    'SELECT path FROM replica_file WHERE replica_id = ? AND superseded_at < ?',
  );
  const dropFile = db.prepare('DELETE FROM replica_file WHERE replica_id = ? AND path = ?');

  return {
    all: (): Replica[] => all.all().map(toReplica),
    get: (id: number): Replica | null => {
      const row = byId.get(id);
      return row === undefined ? null : toReplica(row);
    },
    byPin: (pin: Buffer): Replica | null => {
      const row = byPin.get(pin);
      return row === undefined ? null : toReplica(row);
    },
    add: (pin: Buffer, trust: string, at: number): number =>
      Number(insert.run(pin, trust, at).lastInsertRowid),
    setTrust: (id: number, trust: string): void => {
      setTrust.run(trust, id);
    },
    /** Forgets a repository with all that was verified of it; what it brought into the store stays. */
    drop: (id: number): void => {
      drop.run(id);
    },
    setFound: (id: number, repository: string, rootVersion: number): void => {
      found.run(repository, rootVersion, id);
    },
    advance: (
      state: Pick<
        Replica,
        | 'id'
        | 'rootVersion'
        | 'timestampVersion'
        | 'lowest'
        | 'size'
        | 'frontier'
        | 'confirmedSize'
        | 'issuedAt'
        | 'verifiedAt'
      >,
    ): void => {
      const { id, rootVersion, timestampVersion, lowest, size, confirmedSize, issuedAt, verifiedAt } = state;
      const frontier = Buffer.concat(state.frontier);
      advance.run({
        id,
        rootVersion,
        timestampVersion,
        lowest,
        size,
        frontier,
        confirmedSize,
        issuedAt,
        verifiedAt,
      });
    },
    setTried: (id: number, at: number, trouble: string | null): void => {
      tried.run(at, trouble, id);
    },
    setVerified: (id: number, at: number): void => {
      verified.run(at, id);
    },
    setAlarm: (id: number, reason: string | null, at: number | null): void => {
      alarm.run(reason, at, id);
    },
    setWritten: (id: number, timestampVersion: number, size: number): void => {
      written.run(timestampVersion, size, id);
    },
    /** Keeps a file in place of the earlier version, which stays on disk for a while for whoever is in the middle of it. */
    putFile: (replicaId: number, file: ReplicaFile, at: number): void => {
      putFile.run({ replicaId, ...file });
      supersede.run({ replicaId, name: file.name, path: file.path, at });
    },
    file: (replicaId: number, name: string): ReplicaFile | null => current.get(replicaId, name) ?? null,
    files: (replicaId: number): ReplicaFile[] => files.all(replicaId),
    supersededBefore: (replicaId: number, at: number): string[] =>
      old.all(replicaId, at).map(({ path }) => path),
    dropFile: (replicaId: number, path: string): void => {
      dropFile.run(replicaId, path);
    },
  };
}
