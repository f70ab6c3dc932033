/**
 * What a node knows of the repositories it follows (docs/formats.md, "The signed tree"). The files of their trees are written from
 * here, and the blobs beside them. Times are milliseconds since the epoch, but for `issued` in an entry, which is the desk's.
 */
export const replica = `
CREATE TABLE replica (
  id             INTEGER PRIMARY KEY,
  pin            BLOB NOT NULL UNIQUE CHECK (length(pin) = 32),
  trust          TEXT NOT NULL,
  repository     TEXT UNIQUE,
  joined_at      INTEGER NOT NULL,
  root_version   INTEGER NOT NULL DEFAULT 0,
  timestamp_version INTEGER NOT NULL DEFAULT 0,
  lowest         INTEGER NOT NULL DEFAULT 0,
  size           INTEGER NOT NULL DEFAULT 0,
  frontier       BLOB NOT NULL DEFAULT x'',
  confirmed_size INTEGER NOT NULL DEFAULT 0,
  issued_at      INTEGER,
  verified_at    INTEGER,
  tried_at       INTEGER,
  trouble        TEXT,
  alarm          TEXT,
  alarm_at       INTEGER,
  written        INTEGER NOT NULL DEFAULT 0,
  written_size   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE replica_file (
  replica_id    INTEGER NOT NULL REFERENCES replica (id) ON DELETE CASCADE,
  path          TEXT NOT NULL,
  name          TEXT NOT NULL,
  version       INTEGER NOT NULL,
  bytes         BLOB NOT NULL,
  superseded_at INTEGER,
  PRIMARY KEY (replica_id, path)
) STRICT;
CREATE INDEX replica_file_by_name ON replica_file (replica_id, name, version);

CREATE TABLE replica_peer (
  replica_id   INTEGER NOT NULL REFERENCES replica (id) ON DELETE CASCADE,
  address      TEXT NOT NULL,
  origin       TEXT NOT NULL CHECK (origin IN ('trust', 'mirrors', 'card')),
  state        TEXT NOT NULL DEFAULT 'untried'
               CHECK (state IN ('untried', 'current', 'stale', 'liar', 'silent', 'accuser')),
  reason       TEXT,
  tried_at     INTEGER,
  answered_at  INTEGER,
  banned_until INTEGER,
  throttled    INTEGER NOT NULL DEFAULT 0,
  etag         TEXT,
  root_version INTEGER,
  timestamp_version INTEGER,
  issued_at    INTEGER,
  size         INTEGER,
  is_sticky    INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (replica_id, address)
) STRICT;

CREATE TABLE replica_evidence (
  id         INTEGER PRIMARY KEY,
  replica_id INTEGER NOT NULL REFERENCES replica (id) ON DELETE CASCADE,
  address    TEXT NOT NULL,
  at         INTEGER NOT NULL,
  attack     TEXT NOT NULL,
  reason     TEXT NOT NULL,
  bytes      BLOB,
  known      BLOB
) STRICT;

CREATE TABLE replica_entry (
  replica_id  INTEGER NOT NULL REFERENCES replica (id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  bytes       BLOB NOT NULL,
  kind        TEXT NOT NULL,
  article_key BLOB,
  hash        BLOB,
  blob_bytes  INTEGER NOT NULL,
  issued      INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('wanted', 'held', 'kept', 'skipped', 'gone')),
  reason      TEXT,
  obeyed_at   INTEGER,
  tries       INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (replica_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX replica_entry_open ON replica_entry (replica_id, position) WHERE state IN ('wanted', 'held');
CREATE INDEX replica_entry_by_key ON replica_entry (replica_id, article_key, position);
CREATE INDEX replica_entry_by_hash ON replica_entry (replica_id, hash);
CREATE INDEX replica_entry_removals ON replica_entry (replica_id, obeyed_at) WHERE obeyed_at IS NOT NULL;

CREATE TABLE replica_node (
  replica_id INTEGER NOT NULL REFERENCES replica (id) ON DELETE CASCADE,
  level      INTEGER NOT NULL,
  place      INTEGER NOT NULL,
  hash       BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (replica_id, level, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE replica_publisher (
  publisher_id TEXT PRIMARY KEY,
  replica_id   INTEGER NOT NULL REFERENCES replica (id) ON DELETE CASCADE,
  card         TEXT NOT NULL
) STRICT;

CREATE TABLE replica_picture (
  replica_id INTEGER NOT NULL REFERENCES replica (id) ON DELETE CASCADE,
  article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  sha256     BLOB NOT NULL CHECK (length(sha256) = 32),
  bytes      INTEGER NOT NULL,
  src        TEXT NOT NULL,
  step       TEXT NOT NULL,
  type       TEXT NOT NULL,
  width      INTEGER NOT NULL,
  height     INTEGER NOT NULL,
  tries      INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (replica_id, article_id, step)
) STRICT;
`;
