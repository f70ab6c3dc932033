/**
 * The desk's log and the small signed files (docs/formats.md, "The signed tree"). The files of the tree are written from here, so a
 * killed or lost write is made again. Times are milliseconds since the epoch.
 */
export const signedLog = `
CREATE TABLE desk (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  repository    TEXT NOT NULL,
  size          INTEGER NOT NULL,
  frontier      BLOB NOT NULL,
  tail_start    INTEGER NOT NULL,
  tail_frontier BLOB NOT NULL,
  published_seq INTEGER NOT NULL,
  sealed_size   INTEGER NOT NULL,
  written_size  INTEGER NOT NULL
) STRICT;

CREATE TABLE log_entry (
  position    INTEGER PRIMARY KEY,
  article_key BLOB NOT NULL CHECK (length(article_key) = 16),
  kind        TEXT NOT NULL,
  hash        BLOB NOT NULL CHECK (length(hash) = 32),
  at          INTEGER NOT NULL,
  bytes       BLOB NOT NULL,
  blob        TEXT NOT NULL DEFAULT 'kept' CHECK (blob IN ('kept', 'going', 'gone'))
) STRICT;
CREATE INDEX log_entry_by_key ON log_entry (article_key, position);
CREATE INDEX log_entry_by_hash ON log_entry (hash);
CREATE INDEX log_entry_going ON log_entry (position) WHERE blob = 'going';
CREATE INDEX log_entry_removal ON log_entry (at, position) WHERE kind IN ('r', 'x');

CREATE TABLE log_node (
  level INTEGER NOT NULL,
  place INTEGER NOT NULL,
  hash  BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_pack (
  page    INTEGER PRIMARY KEY,
  entries INTEGER NOT NULL,
  bytes   INTEGER NOT NULL
) STRICT;

CREATE TABLE log_picture (sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32)) STRICT, WITHOUT ROWID;

CREATE TABLE signed_file (
  path          TEXT PRIMARY KEY,
  name          TEXT NOT NULL,
  version       INTEGER NOT NULL,
  bytes         BLOB NOT NULL,
  stored_at     INTEGER NOT NULL,
  superseded_at INTEGER,
  written       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX signed_file_by_name ON signed_file (name, version);
CREATE INDEX signed_file_unwritten ON signed_file (path) WHERE written = 0;
CREATE INDEX signed_file_superseded ON signed_file (superseded_at) WHERE superseded_at IS NOT NULL;

CREATE TABLE article_proof (
  article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  hash       BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE log_wanted (
  article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE
) STRICT;
CREATE TRIGGER log_wants_better_text AFTER UPDATE OF origin, authors ON article
  WHEN (new.origin <> old.origin OR new.authors <> old.authors) AND EXISTS (SELECT 1 FROM desk)
  BEGIN INSERT OR IGNORE INTO log_wanted VALUES (new.id); END;
CREATE TRIGGER log_wants_picture AFTER INSERT ON article_media WHEN EXISTS (SELECT 1 FROM desk)
  BEGIN INSERT OR IGNORE INTO log_wanted VALUES (new.article_id); END;
`;
